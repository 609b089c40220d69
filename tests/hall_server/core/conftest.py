"""Makes `core_material` importable for the tests of every room below."""

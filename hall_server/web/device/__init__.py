"""Doors for programs: kiosks, keypads, walls."""

"""Doors for managers, auditors and machines."""

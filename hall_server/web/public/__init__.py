"""Doors open to anyone: catalogue, lines, clock, the visitor's own page."""

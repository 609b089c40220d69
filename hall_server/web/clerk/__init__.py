"""Doors for clerks at their counters."""

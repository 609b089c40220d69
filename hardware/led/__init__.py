"""Bars of light-emitting dots over counters and beside walls.

Rules of the room:
- A bar is shown whole pages (`page.py`) and keeps no secret: what it shows can be sent again at any time.
- Everything goes to the card's RAM; program files, which wear its flash, are never written here.
- `LedBar` is all that a program calls, whatever the protocol; it never waits for the bar.
- A character a bar cannot draw is replaced by `*` and named in the receipt, never lost silently.
"""

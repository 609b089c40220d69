"""Bars of light-emitting dots over counters and beside walls.

Rules of the room:
- A bar is shown whole pages (`page.py`) and keeps no secret: what it shows can be sent again at any time.
- Calls go to the bar's RAM, at most once a second; its flash wears and is written by `Keep` alone, a fitter's act.
- `LedBar` is all that a program calls, whatever the protocol; it never waits for the bar.
- A character a bar cannot draw is replaced by `*` and named in the receipt, never lost silently.
- A protocol is `X_codec.py` (bytes, Sans-I/O), `X_driver.py` (a `BarDriver` of `bar.py`) and `X_simulated.py`.
"""

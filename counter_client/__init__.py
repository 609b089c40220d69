"""The clerk's program: what a counter may do now, its acts, its pads and its LED bar.

Rules of the room
- `desk.py`, `acts.py`, `mini.py`, `bar.py`, `rating.py`, `pad.py`, `lamps.py` are pure: told the time and the picture,
  no Qt, no I/O; a text is a `Say` (key and values) until the view speaks it.
- The hall decides. This room only says beforehand what the hall would refuse, in the same words.
- PINs and tokens pass through and are never kept, logged or shown; the level of a rating is never known here.
- Threads, timers, links and devices are built in `app.py` and nowhere else.
- Imports hall_protocol, hall_client, hardware and assets; nobody imports this room but the demo.
"""

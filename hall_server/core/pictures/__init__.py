"""Pictures: the hall, turned into what one screen shows. One file a picture.

Rules of the room
- Pure functions of the hall, the time, and forecasts handed in as values.
- Facts and codes only; sentences are the screens'.
- A secret enters a picture only through the function the shell hands in for it.
"""

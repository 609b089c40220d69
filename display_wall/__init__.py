"""The wall: what hangs over the counters and speaks, told by one live picture.

Rules of the room
- What is shown when is decided without Qt and told the time: `board.py` and the zones beside it; no rule in QML.
- A wall never decides and never sends; whatever it shows or says stood in a committed picture before.
- Numbers, places and words only: no person's name but the masked ones of the approval board, and none in the voice.
- When the link is lost the wall says so and since when; it never goes on as if nothing were.
- Objects, timers and threads are made in `app.py` alone; devices are `hardware`'s, sockets `hall_client`'s.
"""

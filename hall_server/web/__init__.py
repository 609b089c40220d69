"""The doors of the hall: HTTP and the live socket.

Rules of the room
- A route says who may use it (`trust/roles.py`), reads words, asks the engine, and shows what is committed.
- No rule is decided here: refusals come from the core and leave as problem+json with their code and sentence.
- Pictures go to screens through bounded mailboxes; no client can delay another.
- Routes are sorted by audience: device, clerk, public, console.
"""

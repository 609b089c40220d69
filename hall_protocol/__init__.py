"""Words: what the programs of one hall say to each other.

Rules of the room
- msgspec structs and pure functions only: no I/O, no clock, no Qt, no random bytes.
- Requests are what a caller may ask, refusals why a rule said no, pictures everything one screen shows.
- The shapes are those of the outside contract; a change here is a change of that contract.
- The journal has its own format: events never enter this room.
- Anyone may import it; it imports nothing of the project.
"""

PROTOCOL_VERSION = 1

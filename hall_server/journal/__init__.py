"""Rules of the room.

The only SQL on the hot path, and the only writer of `journal.db`: rows are appended, never changed, each one chained to
the one before. What an event means is none of this room's business: rows are bytes with a type.
Called by the engine and the command line; calls nobody but apsw and the disk. It never decides, never retries a failed
sync and never acknowledges before one.
"""

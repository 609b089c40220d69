"""Rules of the room.

Whatever identifies a visitor lives here and nowhere else: not in the journal, not in logs, not in pictures. It is kept
under a reference (a ticket's id) and encrypted with the key of its hall-day, so that the purge ends it everywhere, old
copies of the file included. Reading it is an act that is told to `on_look`. No rules of queues, no clock.
Called by the web, the command line and the engine's shell.
"""

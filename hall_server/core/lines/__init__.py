"""Lines: tickets, their numbers, who is next and why, and blocks of numbers kiosks hold.

Rules of the room
- One ticket is one place in one line; a number is never lost, doubled or given twice on a day.
- Order is a key known when the ticket is issued; every exception is an event with its reason.
- Counters, people and places are other rooms; this one only reads them from the hall.
"""

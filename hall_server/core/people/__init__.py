"""People: counters and the clerks at them, sessions, accounts, devices, messages.

Rules of the room
- A counter holds at most one ticket, a ticket is at most at one counter.
- Nobody's name enters: clerks are numbers, devices and accounts are what they were called at set-up.
- Secrets stay in `trust`; this room knows only that somebody was let in.
"""

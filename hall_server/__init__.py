"""The hall: rules, journal, shell and doors of one service hall.

Rules of the room
- `core` and `forecast` are pure and told the time; `journal` alone writes the events; `engine` alone makes order.
- `web` and `cli` are doors: they check who asks, hand a command to the engine and show what is committed.
- Neither screens nor devices enter here: no Qt, no `hardware`.
"""

__version__ = "0.2.0"

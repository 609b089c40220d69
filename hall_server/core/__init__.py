"""The rules of the hall: pure, deterministic, told the time.

Rules of the room
- `decide` looks at the hall and a command and says which events follow, or refuses; it changes nothing.
- `evolve` makes an event true; it never refuses and never reads a clock.
- The hall is what its events say and nothing else: the same journal gives the same hall.
- Only hall_protocol, msgspec, zoneinfo and the standard library's data tools may be imported.
- Called by the engine, and by nobody else with a hall that is not its own copy.
"""

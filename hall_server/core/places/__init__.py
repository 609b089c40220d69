"""Places: sites, hours, the catalogue, notices, and the settings of the hall.

Rules of the room
- Pure: told the time and the settings, imports nothing that waits, stores or draws.
- A setting's name, type, limits and default stand in `settings.py` and nowhere else.
- Reading and writing `hall.toml` is not done here but in `hall_server/settings.py`.
"""

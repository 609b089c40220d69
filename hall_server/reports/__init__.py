"""Rules of the room.

The reading side: `report.db` is built from the journal's rows and can be thrown away and built again at any time; it
opens in any SQLite tool. Nothing here decides anything, and nothing here is read back by the rules. `report.db` belongs
to Python's own sqlite3 (through sqlite-utils); the journal is handed in as rows, never opened here.

For the command line and the web (`reader` is a `journal.reader.Reader` of the calling thread; all of this blocks):
- `projection.refresh(data / "report.db", rows_after=reader.stream, hash_at=reader.hash_at)` brings it up to date
- `projection.rebuild(data / "report.db", reader.stream(0))` is `hall-server report rebuild`; returns the rows read
- `indicators.indicators(data / "report.db", month="2026-11", by="hall")` is the answer of `GET /indicators`
- `export.write(to, data / "report.db", month=…, format="json|csv|xlsx|pdf", hall_name=…, language=…, made_at=…)`
"""

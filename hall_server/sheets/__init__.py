"""Sheets: the files in which people keep the catalogue, and the way in and out of them.

Rules of the room
- Text in, checked rows out, or every mistake by line and column; the other way round, rows in, the same text out.
- All or nothing: a file with one bad row gives no row.
- Pure: told the hall, changes nothing. Reading the disk and committing the rows is done by `cli` and `office`.
"""

"""The hall as it was: any instant of any day, and why one ticket came before another, from the journal alone.

Rules of the room
- Reads the journal and its own kept states; changes nothing and is asked on a thread of its own.
- A kept state is a convenience: one that is missing or of another version is made again from the rows.
- Words are for screens; here are codes, values and the numbers of the rows they come from.
"""

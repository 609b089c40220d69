"""Calling audio: recordings read, checked, made alike and joined into one sentence.

Rules of the room
- Samples and files only, no Qt and no loudspeaker: the wall plays, this room prepares (devices.md 12).
- How letters and numbers are said is known here (`spelling.py`); who is called, when and how loud is the wall's affair.
- A recording that cannot be used is named with what to do about it; it never silences the others.
- Everything inside is 16-bit mono at 48 kHz; levels are LUFS and dBFS, spans milliseconds or seconds by name.
- The standard library alone: a hall builds its voice on the machine that will speak.
"""

"""Ticket printers.

Rules of the room:
- A ticket is one 1-bit picture drawn by `paper.py`; the printer's own fonts are never used.
- `codec.py` knows every byte and nothing else; `driver.py` knows order and time and no byte.
- What was sent is never sent again by itself: a ticket ends as confirmed, failed or unknown, and that is final.
- A profile says what a model can do; what it really does is probed.
"""

"""Papers: what a picture of the hall becomes on paper, as blocks of `hardware.printers.paper`.

Rules of the room
- Pure: a ticket, a receipt, words and flags in, blocks out; no printer, no clock, no Qt.
- One file a paper, each with the dataclass of all it says; a second language is smaller (`voices.py`).
- Nobody's name, phone or identity number is ever on a paper.
- Sizes are dots of design.md 12; whoever draws scales them.
"""

"""Papers: what a picture of the hall becomes on paper, as blocks of `hardware.printers.paper`.

Rules of the room
- Pure: a ticket, words and flags in, blocks out; no printer, no clock, no Qt.
- Nobody's name, phone or identity number is ever on a paper.
- Sizes are dots of design.md 12; whoever draws scales them.
"""

"""Raters of vendors without a document: their frames are declared in a TOML profile (docs/devices-pads.md).

Rules of the room:
- A profile that could be read in two ways is refused when it is loaded, with line and column and what to write.
- A layout has a fixed length; a frame is found by its fixed bytes and its checksum, never by a pause on the line.
- A press counts by the host's half of the nonce rule alone (`hardware.keypads.asking`): `echo` is False.
"""

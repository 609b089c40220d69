"""Devices that are not there, for the demo, for tests and for trying a cable.

Rules of the room:
- A simulated device is bytes in, bytes out and a clock handed in; carrying the bytes is this room's business alone.
- Faults are set and cleared while it runs, by method or by the control line; link faults work for every device.
- It shares the driver's codec and therefore proves nothing about it: the vectors do (docs/devices.md).
"""

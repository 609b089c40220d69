"""Keyboards sold as raters (docs/devices-pads.md).

Rules of the room:
- The device is taken for this program alone (EVIOCGRAB) before a single key is read; one that cannot be is refused.
  A key of it never reaches a window, and a key of the clerk's keyboard is never a rating.
- Bytes of input events come from a Port, so that a test, a socket or a file can stand for the device.
"""

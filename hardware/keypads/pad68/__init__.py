"""Call pads and raters of the `pad68` family: many on one RS-485 line (docs/devices-pads.md).

Rules of the room:
- Every pad frame is answered at once, before anybody decides anything; what the key does is the hall's affair.
- One thread owns the line: a `Pad68Bus` with N stations. Nothing waits for a dead pad longer than its own time-out.
- The protocol has no nonce and no sequence number: presses count by the host's rule alone (`hardware.keypads.asking`).
"""

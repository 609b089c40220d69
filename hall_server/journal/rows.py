"""The rows of the journal, as values without SQL.

`NewRow` is what the engine wants recorded, `Row` what the journal holds. `seq` and `hash` are given by the journal's
writer and by nobody else.
"""

import msgspec


class NewRow(msgspec.Struct, frozen=True, gc=False):
    """An event that is decided but not yet recorded."""

    at: str
    """Instant in the hall's zone, RFC 3339 with milliseconds and offset; its date is the hall-day."""
    type: str
    """Event type in the past tense, like `ticket_issued`."""
    data: bytes
    """Canonical JSON object, UTF-8. Stored byte for byte, because the chain is made of bytes."""
    actor: str
    """Who caused it: a device, clerk or account id, or `system`."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """An event on stable storage."""

    seq: int
    """From 1, without gap; order follows this and never the clock."""
    at: str
    type: str
    data: bytes
    actor: str
    hash: str
    """64 hexadecimal digits: `chain.link` of the row before and this one."""


class Answer(msgspec.Struct, frozen=True):
    """The first answer to an idempotency key, committed together with the events it tells of."""

    scope: str
    """Credential and route."""
    key: str
    """The caller's `Idempotency-Key`."""
    fingerprint: bytes
    """Keyed hash of the request body: another body under the same key is refused."""
    status: int
    """HTTP status of the first answer."""
    body: bytes
    """Body of the first answer."""
    day: str
    """Hall-day `YYYY-MM-DD`; kept until `forget_answers` is told a later day."""


class Batch(msgspec.Struct):
    """What is committed together or not at all."""

    rows: list[NewRow]
    answers: list[Answer]
    token: object = None
    """Whatever the caller wants back in `done`; the journal never looks at it."""
    first_seq: int = 0
    """Number given to the first row, set by the writer before `done`; 0 until then."""


class Head(msgspec.Struct, frozen=True, gc=False):
    """The last committed row: its number and its hash. One object, so that a reader never sees half of it."""

    seq: int
    hash: bytes

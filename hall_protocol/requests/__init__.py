"""What callers may ask, by audience. Unknown fields are refused, every text is bounded."""

import msgspec


class Request(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Base of every body a caller sends."""


class Empty(Request, kw_only=True):
    """A request that needs no words."""

"""Names of things and their limits, shared by whoever builds or checks a message."""

from typing import Annotated, Literal

from msgspec import Meta

KEY_MAX = 128
"""Longest Idempotency-Key, in visible ASCII characters."""

Text40 = Annotated[str, Meta(min_length=1, max_length=40)]
Text64 = Annotated[str, Meta(min_length=1, max_length=64)]
Text200 = Annotated[str, Meta(min_length=1, max_length=200)]
Text2000 = Annotated[str, Meta(min_length=1, max_length=2000)]
Number = Annotated[str, Meta(min_length=1, max_length=12)]
"""A ticket number as printed, such as `A012`."""
Moment = Annotated[str, Meta(min_length=20, max_length=40, description="RFC 3339 with offset and milliseconds")]

Language = Literal["zh-Hans", "zh-Hant", "en"]
PriorityClass = Literal["ordinary", "elder", "disabled", "pregnant", "military"]
Form = Literal[
    "reception", "agency", "overtime", "by_appointment", "dedicated_lane", "home_visit", "information", "consultation"
]
TicketState = Literal["waiting", "called", "serving", "parked", "finished", "no_show", "cancelled", "expired"]
CounterState = Literal["closed", "open", "paused"]
Exit = Literal["left", "right", "ahead", "back"]

LANGUAGES: tuple[Language, ...] = ("zh-Hans", "zh-Hant", "en")
PRIORITY_CLASSES: tuple[PriorityClass, ...] = ("ordinary", "elder", "disabled", "pregnant", "military")


def is_key(text: str) -> bool:
    """Whether `text` may be an Idempotency-Key: 1–128 visible ASCII characters."""
    return 1 <= len(text) <= KEY_MAX and text.isascii() and text.isprintable() and " " not in text

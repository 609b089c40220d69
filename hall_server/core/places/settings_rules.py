"""Settings as a value: checked, shown, patched, compared. Pure; the file is `hall_server/settings.py`."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

import msgspec

from hall_protocol.codec import merge, without_nulls

from .settings import Alarms, BadSetting, Clock, Day, Daypart, MonthDay, Phone, Public, Screen, Settings, Span

UNKNOWN: Final = "Object contains unknown field `"


def _pattern(kind: Any) -> str:
    return str(get_args(kind)[1].pattern)


PATTERNS: Final[dict[str, str]] = {
    _pattern(Span): "a span such as 09:00-12:00",
    _pattern(Clock): "a time such as 09:00",
    _pattern(Day): "a day such as 2026-10-01",
    _pattern(MonthDay): "a month and day such as 11-01",
    _pattern(Phone): "a telephone number",
}


class Change(msgspec.Struct, frozen=True):
    """One setting that differs: its dotted name and both values as plain JSON (None = the default applies)."""

    setting: str
    old: Any
    new: Any


def settings_from(values: dict[str, Any]) -> Settings:
    """`values` (tables of `hall.toml` or the shape of `GET /settings`) as checked settings; raises `BadSetting`."""
    try:
        settings = msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        raise _bad_from(str(error), values) from None
    check(settings)
    return settings


def shown(settings: Settings) -> dict[str, Any]:
    """`settings` as `GET /settings` shows them: every value, defaults included, absent ones left out."""
    return dict(without_nulls(msgspec.json.decode(msgspec.json.encode(settings))))


def patched(settings: Settings, patch: dict[str, Any]) -> Settings:
    """`settings` after an RFC 7396 merge patch of what `shown` gives; null brings a default back."""
    return settings_from(merge(shown(settings), patch))


def differences(old: Settings, new: Settings) -> list[Change]:
    """What changed, setting by setting, in the order of the sections; lists count as one value."""
    return _walk("", shown(old), shown(new))


def applied(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """`settings` with the dotted names of `values` set (None = the default again): how replay does a `Change`.

    Checked by type only: a replayed change was checked, together with its fellows, when it was made.
    """
    tables = shown(settings)
    for name, value in values.items():
        *parents, last = name.split(".")
        table = tables
        for part in parents:
            table = table.setdefault(part, {})
        if value is None:
            table.pop(last, None)
        else:
            table[last] = value
    return msgspec.convert(tables, Settings)


def _walk(prefix: str, old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    found: list[Change] = []
    for key in [*old, *(k for k in new if k not in old)]:
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        name = f"{prefix}{key}"
        if isinstance(before, dict) and isinstance(after, dict):
            found += _walk(f"{name}.", before, after)
        else:
            found.append(Change(name, before, after))
    return found


def check(settings: Settings) -> None:
    """What the types cannot say; raises `BadSetting` naming the first setting that is wrong."""
    hall, hours = settings.hall, settings.hours
    try:
        ZoneInfo(hall.zone)
    except (ValueError, OSError, KeyError):
        raise BadSetting("hall.zone", f"there is no time zone {hall.zone!r}") from None
    if hall.languages[0] not in hall.name:
        raise BadSetting("hall.name", f"no name in {hall.languages[0]}, the hall's own language")
    _check_spans("hours.working_day", hours.working_day)
    for weekday, spans in hours.weekdays.items():
        _check_spans(f"hours.weekdays.{weekday}", spans)
    for site, spans in hours.sites.items():
        _check_spans(f"hours.sites.{site}", spans)
    _check_days("calendar.off", settings.calendar.off)
    _check_days("calendar.work", settings.calendar.work)
    both = set(settings.calendar.off) & set(settings.calendar.work)
    if both:
        raise BadSetting("calendar.work", f"{min(both)} is both off and a working day")
    if "ordinary" not in settings.queue.priority_classes:
        raise BadSetting("queue.priority_classes", "ordinary is missing")
    _check_public(settings.public)
    _check_alarms(settings.alarms)
    _check_dayparts(settings.voice.dayparts)
    for name, screen in settings.screens.items():
        _check_screen(f"screens.{name}", screen)


def minutes(clock: str) -> int:
    """`"13:30"` as minutes since midnight; `"24:00"` is 1440."""
    return int(clock[:2]) * 60 + int(clock[3:])


def span_minutes(span: str) -> tuple[int, int]:
    """`"09:00-12:00"` as `(540, 720)`."""
    start, end = span.split("-")
    return minutes(start), minutes(end)


def _check_spans(key: str, spans: tuple[str, ...]) -> None:
    last = 0
    for span in spans:
        start, end = span_minutes(span)
        if end <= start:
            raise BadSetting(key, f"{span} ends before it begins")
        if start < last:
            raise BadSetting(key, f"{span} begins before the span before it has ended")
        last = end


def _check_days(key: str, days: tuple[str, ...]) -> None:
    for text in days:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise BadSetting(key, f"there is no day {text}") from None


def _check_public(public: Public) -> None:
    if (public.certificate is None) != (public.certificate_key is None):
        raise BadSetting("public.certificate", "certificate and certificate_key belong together")


def _check_alarms(alarms: Alarms) -> None:
    if alarms.mail_server is None:
        return
    if alarms.mail_from is None:
        raise BadSetting("alarms.mail_from", "a mail server needs an address to send from")
    if not alarms.mail_to:
        raise BadSetting("alarms.mail_to", "a mail server needs somebody to send to")
    if alarms.mail_user is not None and alarms.mail_security == "none":
        raise BadSetting("alarms.mail_security", "a password is not sent over an open line")


def _check_dayparts(parts: tuple[Daypart, ...]) -> None:
    for before, after in pairwise(parts):
        if after.at <= before.at:
            raise BadSetting("voice.dayparts", f"{after.at} does not come after {before.at}")


def _check_screen(key: str, screen: Screen) -> None:
    for at, zone in enumerate(screen.zones):
        if zone.x + zone.w > screen.width or zone.y + zone.h > screen.height:
            raise BadSetting(f"{key}.zones[{at}]", f"zone {zone.zone} is larger than the screen")
        if (zone.zone == "counter") != (zone.counter is not None):
            raise BadSetting(f"{key}.zones[{at}]", "counter belongs to the zone counter and to no other")


def _bad_from(message: str, values: dict[str, Any]) -> BadSetting:
    """msgspec's sentence "… - at `$.a.b[0]`" taken apart into the setting's name and what is wrong."""
    why, _, path = message.partition(" - at `")
    path = path.removeprefix("key` in `").rstrip("`").removeprefix("$").lstrip(".")
    key = _named(path, values)
    if why.startswith(UNKNOWN):
        name = why[len(UNKNOWN) :].rstrip("`")
        return BadSetting(f"{key}.{name}" if key else name, "there is no such setting")
    return BadSetting(key, _plainer(why))


def _plainer(why: str) -> str:
    """msgspec's reason in words a fitter reads."""
    for pattern, words in PATTERNS.items():
        if pattern in why:
            return f"must be {words}"
    return why[:1].lower() + why[1:].replace("`", "")


def _named(path: str, values: dict[str, Any]) -> str:
    """`path` with msgspec's `[...]` (some member of a table) replaced by the member that is wrong."""
    head, some, rest = path.partition("[...]")
    if not some:
        return path
    parent: Any = values
    for part in head.split("."):
        parent = parent[part]
    for key, value in parent.items():
        alone: Any = {key: value}
        for part in reversed(head.split(".")):
            alone = {part: alone}
        try:
            msgspec.convert(alone, Settings)
        except msgspec.ValidationError:
            return f"{head}.{key}{rest}"
    return f"{head}{rest}"

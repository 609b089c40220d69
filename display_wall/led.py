"""What a bar beside the wall shows: the calls of the hall, or what else people should know (design 5). Pure.

The bar itself belongs to `hardware.led`; here is only which pages it shows now. A page that does not fit a bar is split
at words by the bar's driver, never cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from display_wall.board import WallFace
from display_wall.moment import Moment
from display_wall.texts import Texts
from display_wall.zones.counters import AMBER_S, CallTimes
from display_wall.zones.notices import running
from display_wall.zones.post import Duty, PostZone
from hall_protocol.pictures.wall import WallPicture
from hardware.led.page import LedBar, Page, Tone

BLINKS = 2
PAGES_MAX = 8


@dataclass(frozen=True)
class BarFace:
    """The pages of a bar; a bar is told only when this changes."""

    pages: tuple[Page, ...]
    blink: int = 0
    fallback: Page | None = None
    """The last words of a bar that keeps no page of its own, when this program ends."""
    simply: tuple[Page, ...] = ()
    """The same pages in Simplified characters, for cards that have no others; empty where they are the same."""


def put(bar: LedBar, face: BarFace) -> None:
    """Shows a face, simply where the bar's characters are too few otherwise. Raises DeviceBusy."""
    pages = face.pages
    if face.simply and len(bar.lacks(_text(face.simply))) < len(bar.lacks(_text(pages))):
        pages = face.simply
    bar.show(pages, blink=face.blink, fallback=face.fallback)


def bar_face(
    picture: WallPicture | None, face: WallFace, *, calling: tuple[str, str] | None, texts: Texts, now: Moment,
    times: CallTimes,
) -> BarFace:  # fmt: skip
    """What every bar of this wall shows, in the hall's language and, should a card need it, in Simplified."""
    shown = _face(picture, face, calling=calling, texts=texts, now=now, times=times)
    simple = Texts(texts.catalogue, first="zh-Hans", second=texts.second)
    other = _face(picture, face, calling=calling, texts=simple, now=now, times=times)
    fallback = Page((texts.say("led.stale"),), tone=Tone.WARN)
    return replace(shown, fallback=fallback, simply=other.pages if other.pages != shown.pages else ())


def _text(pages: tuple[Page, ...]) -> str:
    return "".join(line for page in pages for line in page.lines)


def _face(
    picture: WallPicture | None, face: WallFace, *, calling: tuple[str, str] | None, texts: Texts, now: Moment,
    times: CallTimes,
) -> BarFace:  # fmt: skip
    """Evacuation first, then the stale sentence, the call in the band, calls nobody answered yet, idle pages."""
    if face.evacuation is not None:
        way = f"evac.exit.{face.evacuation.exit}" if face.evacuation.exit else "evac.way_unknown"
        words = (texts.say("evac.title"), texts.say(way), face.evacuation.title_second)
        return BarFace(_pages(*words, tone=Tone.WARN), BLINKS)
    if face.stale.step == "red" or picture is None:
        return BarFace(_pages(texts.say("led.stale"), tone=Tone.WARN))
    if calling is not None:
        return BarFace(_pages(_call(texts, number=calling[1], counter=calling[0]), tone=Tone.CALL), BLINKS)
    open_calls = _unanswered(picture, now, times)
    if open_calls:
        calls = (_call(texts, number=number, counter=counter) for counter, number in open_calls)
        return BarFace(_pages(*calls, tone=Tone.CALL))
    notices = [notice.text.get(texts.first, "") for notice in running(picture.notices, now)]
    own = [line for post in face.posts.values() if post.department for line in _duties(post, texts)]
    if own:
        return BarFace(_pages(*own, *notices, tone=Tone.CALM))
    hall = picture.hall.names.get(texts.first) or picture.hall.name
    return BarFace(_pages(hall, texts.say("led.idle"), *notices, tone=Tone.CALM))


def _duties(post: PostZone, texts: Texts) -> list[str]:
    """The idle pages of a bar over one counter: what its screen says (design 5)."""
    head = texts.say("led.counter", counter=post.counter, department=post.department)
    return [head, *(f"{_label(duty)}{duty.value}".replace(" · ", " ") for duty in post.all_duties if duty.value != "—")]


def _label(duty: Duty) -> str:
    """A telephone, a limit or a post alone says too little; the name of a service or a fee does not."""
    return f"{duty.name.splitlines()[0]} " if duty.labelled else ""


def _call(texts: Texts, *, number: str, counter: str) -> str:
    return texts.say("led.call", number=number, counter=counter)


def _unanswered(picture: WallPicture, now: Moment, times: CallTimes) -> list[tuple[str, str]]:
    """Counter and number of calls of the last minute whose visitor is not there yet, the newest first."""
    found = [
        (age, name, counter.number)
        for name, counter in picture.counters.items()
        if counter.number and counter.ticket_state == "called" and (age := times.age_s(name, now)) is not None
    ]
    return [(name, number) for age, name, number in sorted(found) if age < AMBER_S]


def _pages(*lines: str, tone: Tone) -> tuple[Page, ...]:
    return tuple(Page((line,), tone=tone) for line in dict.fromkeys(filter(None, lines)))[:PAGES_MAX]

"""Calls: one at a time, whole, in order, none lost, none sent where nobody waits; missed calls are not made up for."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wall_scenes import at, call, calling, counter, evacuation, picture

from assets.i18n import Catalogue
from display_wall.board import Board, WallFace
from display_wall.calling import BAND_S, CallQueue
from display_wall.moment import Moment
from hall_protocol.codec import difference, encode, plain
from hall_protocol.pictures.wall import WallPicture
from hall_protocol.session import Changed, Conversation

CATALOGUE = Catalogue()


def board(*, heard_to: int = 0) -> Board:
    """A wall that has just begun and is linked."""
    wall = Board(screen="main", catalogue=CATALOGUE, now=at(-1), heard_to=heard_to)
    wall.changed(picture(), now=at(-1))
    wall.face(now=at(-1), speaking=False)
    return wall


def listen(wall: Board, *, seconds: float, begin: float = 0.0, voice_s: float = 0.0) -> list[tuple[float, str, str]]:
    """Looks at the wall five times a second; every call as (when, number, counter). A voice speaks `voice_s`."""
    heard: list[tuple[float, str, str]] = []
    until = float("-inf")
    for step in range(int(seconds * 5)):
        now = begin + step / 5
        begun = wall.face(now=at(now), speaking=now < until).begins
        if begun:
            heard.append((now, begun.number, begun.counter))
            until = now + voice_s
    return heard


def band(face: WallFace) -> tuple[str, str]:
    zone = next(iter(face.calls.values()))
    return zone.number, zone.counter


def test_ten_calls_in_one_update_are_ten_whole_announcements_in_order() -> None:
    wall = board()
    numbers = [(f"A{n:03}", str(n)) for n in range(1, 11)]
    wall.changed(calling(*numbers), now=at(0))
    heard = listen(wall, seconds=140, voice_s=9)
    assert [(number, counter) for _, number, counter in heard] == numbers
    assert all(later - earlier >= BAND_S for (earlier, *_), (later, *_) in itertools.pairwise(heard))


def test_the_band_waits_until_the_voice_has_ended() -> None:
    wall = board()
    wall.changed(calling(("A041", "3"), ("B018", "7")), now=at(0))
    heard = listen(wall, seconds=60, voice_s=20)
    assert [number for _, number, _ in heard] == ["A041", "B018"]
    assert heard[1][0] - heard[0][0] >= 20


def test_an_empty_queue_says_so_and_never_shows_an_old_number() -> None:
    wall = board()
    wall.changed(calling(("A041", "3")), now=at(0))
    assert band(wall.face(now=at(0), speaking=False)) == ("A041", "3")
    later = wall.face(now=at(BAND_S + 0.1), speaking=False)
    assert band(later) == ("", "")
    assert next(iter(later.calls.values())).none == "请留意叫号"


def test_a_repeat_that_still_waits_is_merged_and_one_that_was_said_is_said_again() -> None:
    wall = board()
    wall.changed(calling(("A041", "3"), ("B018", "7")), now=at(0))
    wall.face(now=at(0), speaking=False)
    again = calling(("A041", "3"), ("B018", "7"))
    again.calls += [call(110, "B018", "7", calls=2), call(111, "A041", "3", calls=2)]
    wall.changed(again, now=at(1))
    heard = listen(wall, begin=1, seconds=60)
    assert [number for _, number, _ in heard] == ["B018", "A041"], "B018 once: it waited; A041 again: it was said"


def test_a_number_sent_elsewhere_while_it_waits_goes_to_its_newest_counter() -> None:
    wall = board()
    wall.changed(calling(("A041", "3"), ("B018", "7")), now=at(0))
    wall.face(now=at(0), speaking=False)
    moved = calling(("A041", "3"), ("B018", "7"))
    moved.counters["7"] = counter()
    moved.counters["8"] = counter("B018", ago=0)
    moved.calls.append(call(120, "B018", "8"))
    wall.changed(moved, now=at(1))
    assert [heard[1:] for heard in listen(wall, begin=1, seconds=60)] == [("B018", "8")]


@pytest.mark.parametrize("state", ["serving", None])
def test_nobody_is_called_to_a_counter_that_no_longer_waits(state: str | None) -> None:
    wall = board()
    wall.changed(calling(("A041", "3"), ("B018", "7"), ("C009", "1")), now=at(0))
    wall.face(now=at(0), speaking=False)
    gone = calling(("A041", "3"), ("B018", "7"), ("C009", "1"))
    gone.counters["7"] = counter("B018", ago=5, ticket_state=state) if state else counter()
    wall.changed(gone, now=at(5))
    assert [number for _, number, _ in listen(wall, begin=5, seconds=60)] == ["C009"]


def test_three_idle_days_then_a_call() -> None:
    wall = board()
    days = 3 * 86_400.0
    for minute in range(0, 3 * 24 * 60, 30):
        assert wall.face(now=at(minute * 60.0), speaking=False).begins is None
    called = picture()
    called.counters["3"] = counter("A001", ago=-days)
    called.calls = [call(900, "A001", "3", ago=-days)]
    wall.changed(called, now=at(days))
    assert [heard[1:] for heard in listen(wall, begin=days, seconds=20)] == [("A001", "3")]


def test_a_short_break_loses_no_fresh_call_and_a_long_one_replays_none() -> None:
    for gone_s, expected in ((5.0, ["A041"]), (40.0, [])):
        wall = board()
        wall.lost(now=at(0))
        for second in range(int(gone_s)):
            wall.face(now=at(second), speaking=False)
        back = picture()
        back.counters["3"] = counter("A041", ago=0)
        back.calls = [call(200, "A041", "3", ago=-2)]
        wall.changed(back, now=at(gone_s))
        assert [number for _, number, _ in listen(wall, begin=gone_s, seconds=30)] == expected, gone_s


def test_after_the_break_the_next_call_is_spoken() -> None:
    wall = board()
    wall.lost(now=at(0))
    wall.face(now=at(40), speaking=False)
    missed = picture()
    missed.calls = [call(200, "A041", "3")]
    wall.changed(missed, now=at(40))
    fresh = calling(("B018", "7"))
    fresh.calls = [*missed.calls, call(201, "B018", "7", ago=-41)]
    wall.changed(fresh, now=at(41))
    assert [number for _, number, _ in listen(wall, begin=41, seconds=30)] == ["B018"]


def test_a_restart_does_not_say_a_call_twice() -> None:
    wall = Board(screen="main", catalogue=CATALOGUE, now=at(0), heard_to=100)
    wall.changed(calling(("A041", "3"), ("B018", "7")), now=at(0))
    assert [number for _, number, _ in listen(wall, seconds=40)] == ["B018"], "100 was said before the restart"


def test_a_journal_begun_anew_counts_anew() -> None:
    wall = board(heard_to=5_000)
    wall.changed(calling(("A041", "3")), now=at(0))
    assert listen(wall, seconds=5) == [], "which of them were said cannot be known"
    following = calling(("B018", "7"))
    following.calls = [call(101, "B018", "7")]
    wall.changed(following, now=at(6))
    assert [number for _, number, _ in listen(wall, begin=6, seconds=30)] == ["B018"]


def test_an_evacuation_silences_calls() -> None:
    wall = board()
    leaving = calling(("A041", "3"))
    leaving.evacuation = evacuation(main="left")
    wall.changed(leaving, now=at(0))
    assert listen(wall, seconds=5) == []


def test_the_queue_behind_the_band_is_visible() -> None:
    wall = board()
    wall.changed(calling(*[(f"A{n:03}", str(n)) for n in range(1, 11)]), now=at(0))
    zone = next(iter(wall.face(now=at(0), speaking=False).calls.values()))
    assert zone.queue[0] == "A002 → 2 号"
    assert len(zone.queue) + int(zone.more or 0) == 9


@settings(deadline=None, max_examples=15)
@given(st.lists(st.sampled_from(["drop", "twice", "back", "plain", "snapshot"]), min_size=1, max_size=12))
def test_dropped_doubled_and_reordered_patches_lose_no_call(tricks: list[str]) -> None:
    """The conversation cuts off on nonsense and gets a snapshot; what the wall then says is every call once."""
    talk = Conversation("wall:main")
    wall = Board(screen="main", catalogue=CATALOGUE, now=at(0))
    server = picture()
    sent = plain(server)
    told: list[str] = []

    def receive(message: dict[str, object], now: Moment) -> None:
        result = talk.received(encode(message), now=now.mono_s)
        if isinstance(result, Changed):
            wall.changed(msgspec.convert(result.picture, WallPicture), now=now)
        elif result is not None:
            talk.disconnected(random=0.0)
            talk.connected(now=now.mono_s)
            receive({"snapshot": sent, "seq": server.calls[-1].seq if server.calls else 0}, now)

    talk.connected(now=0.0)
    receive({"snapshot": sent, "seq": 0}, at(0))
    last: dict[str, object] = {"patch": {}, "seq": 0}
    for i, trick in enumerate(tricks):
        number, place = f"A{i + 1:03}", str(i % 8 + 1)
        server.counters[place] = counter(number, ago=-i * 20)
        server.calls.append(call(i + 1, number, place, ago=-i * 20))
        told.append(number)
        before, sent = sent, plain(server)
        message: dict[str, object] = {"patch": difference(before, sent), "seq": i + 1}
        now = at(i * 20.0)
        if trick == "back":
            receive({"patch": {"calls": []}, "seq": -1}, now)
        elif trick == "drop":
            receive({"patch": difference(before, sent)}, now)
        elif trick == "snapshot":
            receive({"snapshot": sent, "seq": i + 1}, now)
        else:
            receive(message, now)
        if trick == "twice":
            receive(message, now)
        receive(last if trick == "twice" and i == 0 else message, now)
        last = message
        assert [n for _, n, _ in listen(wall, begin=i * 20.0, seconds=19)] == [number], trick
    assert wall.queue.heard_to == len(told)


def test_a_queue_cut_off_for_hours_stays_bounded() -> None:
    queue = CallQueue()
    queue.offer(call(n, f"A{n:04}", str(n)) for n in range(1, 1000))
    assert len(queue.waiting) == 200
    assert queue.waiting[-1].number == "A0999"

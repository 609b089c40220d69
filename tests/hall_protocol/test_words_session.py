"""The conversation without a socket: hello, resume, patches, beats, staleness, back-off (contract 4; U7, M13, M17)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_protocol.session import BACK_OFF_S, JITTER, STALE_AFTER_S, Broken, Changed, Conversation


def said(**message: Any) -> str:
    return json.dumps(message)


@pytest.fixture
def talk() -> Conversation:
    """A conversation that has its first snapshot."""
    made = Conversation("wall:main")
    made.connecting()
    made.connected(now=0.0)
    made.received(said(seq=7, snapshot={"a": 1, "b": {"c": 2}}), now=0.1)
    return made


def test_the_hello_names_the_picture_and_where_it_stopped() -> None:
    talk = Conversation("kiosk:K1")
    assert json.loads(talk.connected(now=0.0)) == {"hello": 1, "picture": "kiosk:K1", "after": None}
    assert talk.state == "greeting"
    talk.received(said(seq=9, snapshot={}), now=0.1)
    talk.disconnected(random=0.5)
    assert json.loads(talk.connected(now=1.0))["after"] == 9


def test_where_no_header_can_be_sent_the_token_is_the_first_field() -> None:
    talk = Conversation("ticket:x", token_in_hello="secret")
    hello = talk.connected(now=0.0)
    assert next(iter(json.loads(hello))) == "token"


def test_a_snapshot_replaces_and_a_patch_changes(talk: Conversation) -> None:
    changed = talk.received(said(seq=8, patch={"a": None, "b": {"d": 3}}), now=0.2)
    assert isinstance(changed, Changed)
    assert (changed.picture, changed.seq, changed.whole) == ({"b": {"c": 2, "d": 3}}, 8, False)
    assert changed.patch == {"a": None, "b": {"d": 3}}
    again = talk.received(said(seq=3, snapshot={"z": 1}), now=0.3)
    assert isinstance(again, Changed)
    assert (again.picture, again.seq, again.whole) == ({"z": 1}, 3, True), "a server restored from a backup"


def test_the_same_seq_twice_is_allowed_an_earlier_one_is_not(talk: Conversation) -> None:
    """Equal when something moved without an event."""
    assert isinstance(talk.received(said(seq=7, patch={"a": 2}), now=0.2), Changed)
    assert isinstance(talk.received(said(seq=6, patch={"a": 3}), now=0.2), Broken)
    assert talk.picture == {"a": 2, "b": {"c": 2}}


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "[]",
        "1",
        said(seq=8, patch=[]),
        said(seq="8", patch={}),
        said(patch={}),
        said(snapshot=[], seq=1),
        said(snapshot={}),
        said(snapshot={}, seq="x"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(talk: Conversation, message: str) -> None:
    assert isinstance(talk.received(message, now=0.2), Broken)
    assert (talk.picture, talk.seq) == ({"a": 1, "b": {"c": 2}}, 7)


def test_a_patch_before_the_snapshot_is_broken() -> None:
    talk = Conversation("wall:main")
    talk.connected(now=0.0)
    assert isinstance(talk.received(said(seq=1, patch={}), now=0.1), Broken)
    talk.received(said(seq=1, snapshot={}), now=0.2)
    talk.disconnected(random=0.0)
    talk.connected(now=1.0)
    assert isinstance(talk.received(said(seq=2, patch={}), now=1.1), Broken), "each connection begins with a snapshot"


def test_words_of_a_newer_server_are_passed_over(talk: Conversation) -> None:
    assert talk.received(said(weather="fine"), now=0.2) is None


def test_a_beat_keeps_it_fresh_and_tells_the_halls_time(talk: Conversation) -> None:
    assert talk.received(said(beat="2026-11-24T10:00:00.000+08:00"), now=10.0) is None
    assert talk.server_time == "2026-11-24T10:00:00.000+08:00"
    assert not talk.is_stale(now=10.0 + STALE_AFTER_S)
    assert talk.is_stale(now=10.01 + STALE_AFTER_S)


def test_stale_means_not_live_or_silent_for_twelve_seconds(talk: Conversation) -> None:
    assert not talk.is_stale(now=12.0)
    assert talk.is_stale(now=12.2)
    talk.received(said(seq=8, patch={}), now=12.3)
    assert not talk.is_stale(now=12.4)
    talk.disconnected(random=0.5)
    assert talk.is_stale(now=12.4), "a closed socket is noticed at once"
    assert talk.picture == {"a": 1, "b": {"c": 2}}, "what is known stays, for the screen to say since when"
    assert Conversation("x").is_stale(now=0.0)


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=12))
def test_the_back_off_grows_to_its_limit_and_is_spread(draws: list[float]) -> None:
    talk = Conversation("wall:main")
    for n, draw in enumerate(draws):
        wait = talk.disconnected(random=draw)
        base = BACK_OFF_S[min(n, len(BACK_OFF_S) - 1)]
        assert base * (1 - JITTER) <= wait <= base * (1 + JITTER)
    assert talk.state == "waiting"


def test_a_snapshot_forgets_earlier_failures(talk: Conversation) -> None:
    """A server that accepts and ends at once is not asked without pause; only a picture counts as success."""
    for _ in range(4):
        talk.disconnected(random=0.5)
    talk.connected(now=5.0)
    assert talk.disconnected(random=0.5) == BACK_OFF_S[4]
    talk.connected(now=9.0)
    talk.received(said(seq=1, snapshot={}), now=9.1)
    assert talk.disconnected(random=0.5) == BACK_OFF_S[0]

"""Who is signed in where, and what ends when somebody leaves (S2, S5, S6; U18)."""

import pytest
from core_material import Scene

from hall_server.core.people.account import (
    AddAccount,
    AddClerk,
    DisableAccount,
    DisableClerk,
    SecretSet,
)
from hall_server.core.people.device import AddDevice, RevokeDevice
from hall_server.core.people.message import SendMessage
from hall_server.core.people.session import EndSession, SignInAccount, SignInClerk


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_second_clerk_takes_over_openly(scene: Scene) -> None:
    """U18: never two at one counter."""
    scene.open("1", "0301")
    scene.take(), scene.call("1")
    out, into = scene.do(SignInClerk(clerk="0302", counter="1"))
    assert (out.reason_code, out.clerk) == ("taken_over", "0301")  # type: ignore[attr-defined]
    counter = scene.hall.counters["1"]
    assert (counter.clerk, counter.session, counter.ticket) == ("0302", into.session, "20261124-A001")  # type: ignore[attr-defined]
    assert [s.who for s in scene.hall.sessions.values()] == ["0302"]
    scene.serve("1")
    scene.check()


def test_a_clerk_may_be_signed_in_at_two_counters_and_leaves_one(scene: Scene) -> None:
    scene.open("1", "0301"), scene.open("2", "0301")
    first = str(scene.hall.counters["1"].session)
    scene.do(EndSession(session=first, reason="signed_out"))
    assert [c.state for c in (scene.hall.counters["1"], scene.hall.counters["2"])] == ["closed", "open"]
    assert scene.do(EndSession(session=first, reason="signed_out")) == []
    scene.check()


@pytest.mark.parametrize("busy", [False, True])
def test_signing_out_closes_the_counter_unless_somebody_sits_there(scene: Scene, busy: bool) -> None:
    scene.open("1")
    if busy:
        scene.take(), scene.call("1")
    scene.do(EndSession(session=str(scene.hall.counters["1"].session), reason="idle"))
    counter = scene.hall.counters["1"]
    assert (counter.state, counter.clerk) == ("open" if busy else "closed", None)
    if busy:
        scene.open("1", "0305")
        scene.serve("1")
    scene.check()


def test_who_is_not_enabled_does_not_get_in(scene: Scene) -> None:
    assert scene.refusal(SignInClerk(clerk="9999", counter="1")) == "wrong_clerk_or_pin"
    scene.open("1", "0301")
    events = scene.do(DisableClerk(number="0301"))
    assert [type(e).__name__ for e in events] == ["ClerkDisabled", "CounterClosed", "ClerkSignedOut"]
    assert scene.refusal(SignInClerk(clerk="0301", counter="1")) == "wrong_clerk_or_pin"
    assert scene.do(DisableClerk(number="0301")) == []
    assert scene.refusal(DisableClerk(number="9999")) == "unknown_clerk"
    scene.do(AddClerk(number="0301", department="县人社局"))
    scene.open("1", "0301")
    assert scene.refusal(AddClerk(number="0301", department="x")) == "name_taken"
    scene.check()


def test_accounts_come_and_go(scene: Scene) -> None:
    scene.account("chief", "manager")
    assert scene.refusal(AddAccount(name="chief", role="auditor")) == "name_taken"
    (event,) = scene.do(SignInAccount(name="chief"))
    assert scene.hall.sessions[event.session].role == "manager"  # type: ignore[attr-defined]
    scene.do(SignInAccount(name="chief"))
    events = scene.do(DisableAccount(name="chief"))
    assert [type(e).__name__ for e in events] == ["AccountDisabled", "AccountSignedOut", "AccountSignedOut"]
    assert not scene.hall.sessions
    assert scene.refusal(SignInAccount(name="chief")) == "wrong_name_or_password"
    assert scene.refusal(DisableAccount(name="nobody")) == "unknown_account"
    assert scene.do(DisableAccount(name="chief")) == []
    scene.check()


def test_a_secret_leaves_only_the_fact_in_the_journal(scene: Scene) -> None:
    scene.do(SecretSet(kind="clerk", who="0301"))
    assert scene.log[-1].data == b'{"kind":"clerk","who":"0301"}'
    assert scene.refusal(SecretSet(kind="clerk", who="x")) == "unknown_clerk"
    assert scene.refusal(SecretSet(kind="account", who="x")) == "unknown_account"


def test_devices_are_paired_named_once_and_revoked_for_ever(scene: Scene) -> None:
    assert scene.refusal(AddDevice(role="kiosk", name="K1")) == "name_taken"
    assert scene.refusal(AddDevice(role="counter", name="C1")) == "bad_request"
    assert scene.refusal(AddDevice(role="keypad", name="P1", counter="77")) == "unknown_counter"
    device = scene.device("counter", "C1", "1")
    scene.do(SignInClerk(clerk="0301", counter="1"), device=device)
    events = scene.do(RevokeDevice(device=device))
    assert [type(e).__name__ for e in events] == ["DeviceRevoked", "ClerkSignedOut"]
    assert scene.do(RevokeDevice(device=device)) == []
    assert scene.refusal(RevokeDevice(device="D0")) == "unknown_device"
    again = scene.device("counter", "C1", "1")
    assert again != device
    assert scene.hall.device_named("C1") is scene.hall.devices[again]
    scene.check()


def test_revoking_a_counter_leaves_sessions_of_others_alone(scene: Scene) -> None:
    one, two = scene.device("counter", "C1", "1"), scene.device("counter", "C2", "2")
    scene.do(SignInClerk(clerk="0301", counter="1"), device=one)
    scene.do(SignInClerk(clerk="0302", counter="2"), device=two)
    scene.do(RevokeDevice(device=one))
    assert [s.who for s in scene.hall.sessions.values()] == ["0302"]


def test_a_message_reaches_one_counter_and_old_ones_go(scene: Scene) -> None:
    for _ in range(30):
        scene.do(SendMessage(counter="1"))
    assert len(scene.hall.messages) == 20
    assert b"text" not in scene.log[-1].data, "its words are not in the journal"
    assert scene.refusal(SendMessage(counter="77")) == "unknown_counter"
    scene.check()

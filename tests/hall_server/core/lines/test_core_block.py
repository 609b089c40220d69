"""Numbers a kiosk sets aside, and the merge of what it gave out alone (contract 3; R7, I2, I3, M3, M4)."""

import pytest
from core_material import Scene

from hall_server.core.day import TimePassed
from hall_server.core.lines.block import LeaseBlock
from hall_server.core.lines.ticket import CancelTicket, OfflineEntry, TakeTicket, TicketCancelled, TicketIssued


@pytest.fixture
def scene() -> Scene:
    return Scene()


def lease(scene: Scene, size: int = 3, line: str = "A", device: str | None = None) -> tuple[str, ...]:
    (event,) = scene.do(LeaseBlock(line=line, size=size), device=device or scene.kiosk)
    return event.numbers  # type: ignore[attr-defined,no-any-return]


def merge(
    scene: Scene, number: str, *, minutes_ago: float = 0, device: str | None = None, **more: object
) -> TicketIssued:
    entry = OfflineEntry(number=number, issued_at=scene.now - round(minutes_ago * 60_000), line="A", **more)  # type: ignore[arg-type]
    issued = scene.do(entry, device=device or scene.kiosk)[0]
    assert isinstance(issued, TicketIssued)
    return issued


def test_set_aside_numbers_are_nobody_elses(scene: Scene) -> None:
    assert lease(scene) == ("A001", "A002", "A003")
    assert scene.take().number == "A004"
    other = scene.device("kiosk", "K2")
    assert lease(scene, device=other) == ("A005", "A006", "A007")
    assert scene.take().number == "A008"
    assert len(scene.hall.set_aside) == 6
    scene.check()


def test_a_merged_ticket_stands_where_it_was_issued(scene: Scene) -> None:
    """R7: the merge keeps the order of issue."""
    first, second, _ = lease(scene)
    scene.later(minutes=10)
    scene.take(), scene.later(minutes=5)
    assert merge(scene, first, minutes_ago=12).off_block is False
    merge(scene, second, minutes_ago=2)
    assert scene.order("1") == ["A001", "A004", "A002"]
    assert "20261124-A001" not in scene.hall.set_aside
    assert scene.hall.blocks[next(iter(scene.hall.blocks))].left == 1
    scene.check()


def test_a_merged_event_bears_the_time_of_its_issue(scene: Scene) -> None:
    """`at` is in the hall's zone and its date is the hall-day."""
    lease(scene)
    scene.later(minutes=30)
    merge(scene, "A001", minutes_ago=20)
    assert scene.log[-1].at == scene.now - 20 * 60_000


def test_a_priority_class_counts_offline_too(scene: Scene) -> None:
    lease(scene)
    scene.take(), scene.later(minutes=5)
    merge(scene, "A001", priority_class="elder")
    assert scene.order("1") == ["A001", "A004"]


@pytest.mark.parametrize("number", ["A777", "A002"])
def test_a_number_outside_the_kiosks_own_block_is_accepted_and_flagged(scene: Scene, number: str) -> None:
    """A visitor holds it, so it is valid."""
    event = merge(scene, number)
    assert (event.number, event.off_block, event.reason_code, event.printed_number) == (number, True, "off_block", None)
    assert scene.hall.tickets[event.ticket].off_block
    scene.check()


def test_numbering_steps_over_what_was_given_out_off_block(scene: Scene) -> None:
    scene.take()
    merge(scene, "A003")
    assert [scene.take().number for _ in range(2)] == ["A002", "A004"]


@pytest.mark.parametrize("holder", ["a ticket", "another kiosk's block"])
def test_a_number_somebody_else_holds_is_replaced_and_the_paper_remembered(scene: Scene, holder: str) -> None:
    """I3: never two of one number; the event says what stands on the paper."""
    if holder == "a ticket":
        scene.take()
    else:
        lease(scene, size=1, device=scene.device("kiosk", "K2"))
    event = merge(scene, "A001")
    assert (event.number, event.printed_number, event.reason_code, event.off_block) == (
        "A002", "A001", "number_taken", True,
    )  # fmt: skip
    scene.check()


def test_an_online_try_with_unknown_outcome_gives_way_to_the_number_held(scene: Scene) -> None:
    """The touch kept its key: the number on paper stays, the one nobody saw is cancelled as `unseen`."""
    lease(scene, size=1)
    unseen = scene.take()
    issued, gone = scene.do(
        OfflineEntry(number="A001", issued_at=scene.now, line="A", unseen=unseen.id), device=scene.kiosk
    )
    assert isinstance(gone, TicketCancelled)
    assert (issued.number, gone.ticket, gone.reason_code) == ("A001", unseen.id, "unseen")  # type: ignore[attr-defined]
    assert (unseen.state, unseen.reason) == ("cancelled", "unseen")
    scene.check()


@pytest.mark.parametrize(
    ("state", "ends"), [("called", True), ("no_show", True), ("parked", True), ("serving", False), ("cancelled", False)]
)
def test_an_unseen_ticket_that_went_on(scene: Scene, state: str, ends: bool) -> None:
    """Called is void; somebody who is being served is there after all."""
    from hall_server.core.lines.calling import BeginService
    from hall_server.core.lines.desk import ParkTicket

    lease(scene, size=1)
    scene.open("1")
    unseen = scene.take()
    if state == "cancelled":
        scene.do(CancelTicket(ticket=unseen.id))
    else:
        scene.call("1")
    if state == "no_show":
        scene.miss("1")
    elif state == "parked":
        scene.do(ParkTicket(reason="copy"), counter="1")
    elif state == "serving":
        scene.do(BeginService(), counter="1")
    events = scene.do(OfflineEntry(number="A001", issued_at=scene.now, line="A", unseen=unseen.id), device=scene.kiosk)
    assert (len(events) == 2) is ends
    assert (unseen.state == "cancelled") is (ends or state == "cancelled")
    scene.check()


def test_a_time_ahead_of_the_hall_is_now(scene: Scene) -> None:
    """R5: a kiosk's clock that runs ahead does not push its visitors back."""
    merge(scene, "A001", minutes_ago=-120)
    assert scene.hall.tickets["20261124-A001"].issued == scene.now


def test_what_was_given_out_yesterday_is_merged_and_expired(scene: Scene) -> None:
    """It counts as issued yesterday; nobody is called for it today."""
    numbers = lease(scene)
    scene.at("09:10", "2026-11-25")
    scene.do(TimePassed())
    yesterday = (scene.now - 23 * 3_600_000 - scene.now) / -60_000
    event = merge(scene, numbers[0], minutes_ago=yesterday)
    held = scene.hall.tickets[event.ticket]
    assert (event.ticket, held.state, event.off_block) == ("20261124-A001", "expired", False)
    assert scene.order("1") == []
    assert scene.take().number == "A001", "today's numbers begin again"
    scene.check()


def test_yesterdays_numbers_are_not_given_twice_by_a_late_merge(scene: Scene) -> None:
    """I3 over the night: the tickets of yesterday are forgotten, their numbers are not."""
    scene.take(), scene.take()
    scene.at("09:10", "2026-11-25")
    scene.do(TimePassed())
    assert not scene.hall.tickets
    event = merge(scene, "A001", minutes_ago=23 * 60)
    assert event.ticket != "20261124-A001", "that id is in the journal already"
    assert (event.printed_number, event.reason_code) == ("A001", "number_taken")
    assert event.ticket.startswith("20261124-")


def test_a_number_of_another_lines_letter_moves_no_counter(scene: Scene) -> None:
    """Printed under an older catalogue, say; the visitor keeps it and neither line loses a number."""
    event = merge(scene, "B001")
    assert (event.number, event.line, event.off_block) == ("B001", "A", True)
    assert scene.take("A").number == "A001"
    assert scene.take("B").number == "B002"
    scene.check()


def test_blocks_end_with_the_quota_and_the_hours(scene: Scene) -> None:
    for _ in range(5):
        scene.take("B")
    assert scene.refusal(LeaseBlock(line="B", size=1), device=scene.kiosk) == "quota_reached"
    assert scene.refusal(LeaseBlock(line="Z", size=1), device=scene.kiosk) == "unknown_line"
    scene.at("12:30")
    assert scene.refusal(LeaseBlock(line="A", size=1), device=scene.kiosk) == "line_closed"
    assert scene.refusal(TakeTicket(line="A"), device=scene.kiosk) == "line_closed"


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (OfflineEntry(number="A001", issued_at=0, line="Z"), "unknown_line"),
        (OfflineEntry(number="A001", issued_at=0, service="S9"), "unknown_service"),
        (OfflineEntry(number="A001", issued_at=0), "bad_request"),
    ],
)
def test_what_was_never_offered_cannot_be_merged(scene: Scene, entry: OfflineEntry, code: str) -> None:
    assert scene.refusal(entry, device=scene.kiosk) == code


def test_blocks_and_counters_are_forgotten_after_a_week(scene: Scene) -> None:
    """I14: nothing grows without end."""
    lease(scene)
    for day in range(25, 31):
        scene.at("09:10", f"2026-11-{day}")
        scene.do(TimePassed())
    assert scene.hall.blocks
    scene.at("09:10", "2026-12-08")
    scene.do(TimePassed())
    assert not scene.hall.blocks
    assert not scene.hall.set_aside
    assert "2026-11-24" not in scene.hall.last_number
    scene.check()

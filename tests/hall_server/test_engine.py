"""The engine: nobody learns of anything that is not on disk, and whatever the disk does, the hall is what it holds.

house.md 2; reference: traps 4 and 5 of the server's stack; reliability R1, R2, R4, I1, I2, I8, I11, I12.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from engine_material import (
    LIMIT_S,
    as_journal,
    at_counter,
    held,
    new_engine,
    number_of,
    once,
    replayed,
    take,
    turns,
    until,
)
from journal_material import Disk, failing_disk

from hall_protocol.refusals import Refused
from hall_server import engine as engine_module
from hall_server.core.hall import Hall, as_values
from hall_server.core.lines.calling import BeginService, CallNext, FinishService, TicketCalled
from hall_server.core.lines.ticket import CancelTicket, TakeTicket
from hall_server.core.registry import Event
from hall_server.engine import ANY_BODY, Engine
from hall_server.journal.rows import Answer
from hall_server.journal.verify import verify


def run(work: Coroutine[Any, Any, None]) -> None:
    """One test's work on a loop, with a limit."""

    async def limited() -> None:
        async with asyncio.timeout(LIMIT_S):
            await work

    asyncio.run(limited())


@pytest.fixture
def disk(request: pytest.FixtureRequest) -> Iterator[Disk]:
    with failing_disk(f"engine-{request.node.name}") as made:
        yield made


@pytest.fixture
def engine(tmp_path: Path, disk: Disk) -> Iterator[Engine]:
    made = new_engine(tmp_path, vfs=disk.name)
    yield made
    disk.syncs_fail = False
    made.close()


def code_of(outcome: object) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.code


# ---------------------------------------------------------------- after the commit and not before


def test_an_answer_comes_after_the_commit(engine: Engine) -> None:
    """R1; trap: an answer before the sync."""

    async def work() -> None:
        with held(engine.journal) as writer:
            press = asyncio.ensure_future(take(engine, "k1"))
            await turns()
            assert not press.done()
            assert engine.hall.by_number("A001") is not None, "decided already"
            assert not engine.is_settled
            writer.let_go()
        answer = await press
        assert engine.journal.head_seq == engine.hall.seq
        assert (answer.status, answer.body) == (201, b"A001")
        assert engine.is_settled

    run(work())


def test_a_reading_waits_for_what_it_shows(engine: Engine) -> None:
    """Reads never show what is not committed."""

    async def work() -> None:
        await engine.settled()
        with held(engine.journal) as writer:
            press = asyncio.ensure_future(take(engine))
            await turns()
            reading = asyncio.ensure_future(engine.settled())
            await turns()
            assert not reading.done()
            writer.let_go()
            await reading
            assert engine.journal.head_seq == engine.hall.seq
            await press

    run(work())


def test_a_refusal_waits_for_the_state_it_is_about(engine: Engine) -> None:
    """`wrong_state` of a cancellation that never reached the disk would be a lie."""

    async def work() -> None:
        await take(engine)
        with held(engine.journal) as writer:
            first = asyncio.ensure_future(engine.submit(CancelTicket(ticket="20261124-A001"), engine.stamp("x")))
            await turns()
            second = asyncio.ensure_future(engine.submit(CancelTicket(ticket="20261124-A001"), engine.stamp("x")))
            await turns()
            assert not second.done()
            writer.let_go()
        await first
        with pytest.raises(Refused, match="wrong_state"):
            await second

    run(work())


def test_many_presses_share_few_commits(engine: Engine) -> None:
    """Group commit: while one batch is written the next one fills."""

    async def work() -> None:
        submitted = 0
        honest = engine.journal.submit

        def counting(batch: Any, done: Any) -> None:
            nonlocal submitted
            submitted += 1
            honest(batch, done)

        with held(engine.journal) as writer:
            engine.journal.submit = counting  # type: ignore[method-assign]
            presses = [asyncio.ensure_future(take(engine)) for _ in range(300)]
            await turns()
            writer.let_go()
        numbers = sorted(answer.body for answer in await asyncio.gather(*presses))
        assert numbers == [f"A{n:03}".encode() for n in range(1, 301)]
        assert submitted == 2

    run(work())


def test_a_thousand_takes_from_fifty_callers_give_a_thousand_numbers(engine: Engine) -> None:
    """M3, U3, U11: no number twice, none missing, no error."""

    async def caller() -> list[bytes]:
        return [(await take(engine)).body for _ in range(20)]

    async def work() -> None:
        got = [number for numbers in await asyncio.gather(*(caller() for _ in range(50))) for number in numbers]
        assert len(got) == 1000
        assert set(got) == {f"A{n:03}".encode() for n in range(1, 1001)}

    run(work())
    assert as_journal(engine)


def test_counters_calling_at_one_instant_never_share_a_ticket(engine: Engine) -> None:
    """M6, U1."""

    async def work() -> None:
        stamps = [await at_counter(engine, n) for n in ("1", "2")]
        for _ in range(3):
            await take(engine)
        calls = await asyncio.gather(*(engine.submit(CallNext(), stamp) for stamp in stamps))
        called = [e.ticket for outcome in calls for e in outcome.events if isinstance(e, TicketCalled)]
        assert called == ["20261124-A001", "20261124-A002"]

    run(work())


# ---------------------------------------------------------------- once


def test_crossed_retries_of_one_key_get_one_answer(engine: Engine) -> None:
    """R2; trap: a retry that overtakes its first try must wait for the same commit."""

    async def work() -> None:
        with held(engine.journal) as writer:
            presses = [asyncio.ensure_future(take(engine, "k1")) for _ in range(5)]
            await turns()
            assert not any(p.done() for p in presses)
            writer.let_go()
        answers = await asyncio.gather(*presses)
        assert {a.body for a in answers} == {b"A001"}
        assert [a.again for a in answers] == [False, True, True, True, True]
        assert [len(a.events) for a in answers] == [1, 0, 0, 0, 0]
        assert (await take(engine, "k2")).body == b"A002"

    run(work())


def test_a_key_gets_its_answer_again_also_after_a_restart(tmp_path: Path) -> None:
    """R2: replay ten times, restart between."""
    engine = new_engine(tmp_path)

    async def press(key: str) -> bytes:
        return (await take(engine, key)).body

    for _ in range(3):
        for _ in range(10):
            assert asyncio.run(press("k1")) == b"A001"
        clock = engine.clock
        engine.close()
        engine = Engine.open(tmp_path, clock)
    assert asyncio.run(press("k2")) == b"A002"
    assert len(engine.hall.tickets) == 2
    engine.close()


@pytest.mark.parametrize("when", ["while it is written", "afterwards"])
def test_a_key_with_another_body_is_refused(engine: Engine, when: str) -> None:
    async def work() -> None:
        with held(engine.journal) as writer:
            first = asyncio.ensure_future(take(engine, "k1"))
            await turns()
            if when == "afterwards":
                writer.let_go()
                await first
            with pytest.raises(Refused, match="idempotency_key_reused"):
                await take(engine, "k1", body=b'{"line":"B"}')
        await first
        assert len(engine.hall.tickets) == 1

    run(work())


def test_another_scope_is_another_key(engine: Engine) -> None:
    async def work() -> None:
        command, stamp = TakeTicket(line="A"), engine.stamp("x")
        for scope in ("device:D1|POST /tickets", "device:D2|POST /tickets"):
            await engine.submit(command, stamp, respond=number_of, once=once("k1", scope=scope))
        assert len(engine.hall.tickets) == 2

    run(work())


def test_a_refused_request_leaves_its_key_free(engine: Engine) -> None:
    """Nothing has happened, so the same key may ask again when the rule says yes."""

    async def work() -> None:
        cancel = CancelTicket(ticket="20261124-A001")
        for _ in range(2):
            with pytest.raises(Refused, match="unknown_ticket"):
                await engine.submit(cancel, engine.stamp("x"), once=once("k1", scope="c"))
        await take(engine)
        assert (await engine.submit(cancel, engine.stamp("x"), once=once("k1", scope="c"))).events

    run(work())


def test_an_answer_without_events_is_kept_too(engine: Engine) -> None:
    """`call-next` with nobody waiting: the repeated press is not served the visitor who came since."""

    async def work() -> None:
        stamp = await at_counter(engine, "1")

        async def call(key: str) -> bytes:
            def respond(hall: Hall, events: list[Event]) -> tuple[int, bytes]:
                return 200, b"called" if events else b"null"

            return (await engine.submit(CallNext(), stamp, respond=respond, once=once(key, scope="c"))).body

        assert await call("k1") == b"null"
        await take(engine)
        assert await call("k1") == b"null"
        assert await call("k2") == b"called"

    run(work())


def test_a_caller_who_gives_up_does_not_free_his_key(engine: Engine) -> None:
    """The connection broke while the disk was busy; the retry must find the first try, not make a second ticket."""

    async def work() -> None:
        with held(engine.journal) as writer:
            first = asyncio.ensure_future(take(engine, "k1"))
            await turns()
            first.cancel()
            await asyncio.wait([first])
            assert first.cancelled()
            again = asyncio.ensure_future(take(engine, "k1"))
            await turns()
            assert len(engine.hall.tickets) == 1
            writer.let_go()
        assert (await again).body == b"A001"
        assert (await take(engine, "k2")).body == b"A002"

    run(work())


def test_aliases_answer_for_any_body(engine: Engine) -> None:
    """A merged offline ticket is found under the key of its touch."""

    async def work() -> None:
        def aliases(hall: Hall, events: list[Event]) -> list[Answer]:
            return [Answer("device:D1|POST /tickets", "touch", ANY_BODY, 201, b"A001", "2026-11-24")]

        await engine.submit(TakeTicket(line="A"), engine.stamp("x"), aliases=aliases)
        assert (await take(engine, "touch", body=b"whatever")).body == b"A001"
        assert await engine.answer_to("device:D1|POST /tickets", "touch") == b"A001"
        assert await engine.answer_to("device:D1|POST /tickets", "other") is None
        assert len(engine.hall.tickets) == 1

    run(work())


def test_the_answer_to_a_key_under_way_is_waited_for(engine: Engine) -> None:
    async def work() -> None:
        with held(engine.journal) as writer:
            press = asyncio.ensure_future(take(engine, "k1"))
            await turns()
            asked = asyncio.ensure_future(engine.answer_to("device:D1|POST /tickets", "k1"))
            await turns()
            assert not asked.done()
            writer.let_go()
            assert await asked == b"A001"
        await press

    run(work())


# ---------------------------------------------------------------- storage fails


def test_a_failed_commit_refuses_the_whole_batch_and_the_hall_is_what_the_disk_holds(
    engine: Engine, disk: Disk
) -> None:
    """R4, I11; trap: after a failed commit the state in memory is ahead of the disk."""

    async def work() -> None:
        await take(engine, "k1")
        disk.syncs_fail = True
        with held(engine.journal) as writer:
            first = [asyncio.ensure_future(take(engine, "k2"))]
            await turns()
            behind = [asyncio.ensure_future(take(engine, f"k{n}")) for n in range(3, 8)]
            await turns()
            assert len(engine.hall.tickets) == 7
            writer.let_go()
        outcomes = await asyncio.gather(*first, *behind, return_exceptions=True)
        assert {code_of(o) for o in outcomes} == {"storage_unavailable"}
        with pytest.raises(Refused, match="storage_unavailable"):
            await take(engine, "k8")
        await until(lambda: len(engine.hall.tickets) == 1)
        assert as_journal(engine), "what is shown meanwhile is what the disk has"
        assert (await take(engine, "k1")).body == b"A001", "old answers are still told"
        disk.syncs_fail = False
        await until(lambda: engine.failed_at is None)
        assert [(await take(engine, f"k{n}")).body for n in (2, 3)] == [b"A002", b"A003"]

    run(work())
    assert as_journal(engine)
    assert verify(engine.data / "journal.db").ok


def test_storage_that_fails_now_and_then_is_survived_without_a_person(
    engine: Engine, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I12: every acknowledged number is there, whatever the disk did between."""
    monkeypatch.setattr(engine_module, "RETRY_STORAGE_S", 0.01)

    async def work() -> None:
        acknowledged: dict[str, bytes] = {}

        async def kiosk(name: int) -> None:
            for n in range(12):
                key = f"{name}-{n}"
                while key not in acknowledged:
                    (outcome,) = await asyncio.gather(take(engine, key), return_exceptions=True)
                    if isinstance(outcome, BaseException):
                        assert code_of(outcome) == "storage_unavailable"
                        await asyncio.sleep(0.002)
                    else:
                        acknowledged[key] = outcome.body

        kiosks = [asyncio.ensure_future(kiosk(n)) for n in range(6)]
        for _ in range(4):
            await asyncio.sleep(0.01)
            disk.syncs_fail = True
            await until(lambda: engine.failed_at is not None)
            disk.syncs_fail = False
        await asyncio.gather(*kiosks)
        assert len(set(acknowledged.values())) == len(acknowledged) == 72

        for key, number in acknowledged.items():
            assert (await take(engine, key)).body == number
        assert {t.number.encode() for t in engine.hall.tickets.values()} == set(acknowledged.values())

    run(work())
    assert as_journal(engine)
    assert verify(engine.data / "journal.db").ok


def test_pictures_see_nothing_of_a_failed_batch(engine: Engine, disk: Disk) -> None:
    """Pictures are taken when a batch is closed, shown when it is committed, taken anew when it failed."""
    seen: list[str] = []

    class Watching:
        def sealed(self, hall: Hall, events: Sequence[Event]) -> Callable[[], None]:
            numbers = [e.number for e in events if hasattr(e, "number")]
            assert engine.journal.head_seq == hall.seq - len(events), "not committed yet"
            return lambda: seen.extend(numbers)

        def rebuilt(self, hall: Hall) -> None:
            seen.append(f"rebuilt {len(hall.tickets)}")

    async def work() -> None:
        engine.watcher = Watching()
        await take(engine)
        assert seen == ["A001"]
        disk.syncs_fail = True
        with pytest.raises(Refused):
            await take(engine)
        disk.syncs_fail = False
        await until(lambda: engine.failed_at is None)
        assert seen[0] == "A001"
        assert seen[-1] == "rebuilt 1"
        await take(engine)
        assert seen[-1] == "A002"

    run(work())


def test_a_broken_promise_stops_everything_and_reaches_no_disk(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """M7: an impossible state stops with an error, never repairs itself in silence."""

    async def work() -> None:
        await take(engine)
        told: list[BaseException] = []
        engine.on_impossible = told.append
        monkeypatch.setattr(engine_module.invariants, "check_event", broken)
        with pytest.raises(AssertionError, match="cannot be"):
            await take(engine, "k1")
        assert len(told) == 1
        monkeypatch.undo()
        for _ in range(2):
            with pytest.raises(Refused, match="storage_unavailable"):
                await take(engine, "k2")
        with pytest.raises(Refused, match="storage_unavailable"):
            await engine.settled()

    def broken(hall: Hall, event: Event) -> None:
        raise AssertionError("cannot be")

    run(work())
    assert len(replayed(engine.data).tickets) == 1
    engine.close()
    assert not list((engine.data / "snapshots").glob("*")), "and into no snapshot"


def test_an_answer_that_cannot_be_made_leaves_what_happened(engine: Engine) -> None:
    """Our own bug in a view costs one answer; hall and journal stay one."""

    async def work() -> None:
        def respond(hall: Hall, events: list[Event]) -> tuple[int, bytes]:
            raise KeyError("view")

        with pytest.raises(KeyError, match="view"):
            await engine.submit(TakeTicket(line="A"), engine.stamp("x"), respond=respond, once=once("k1"))
        assert engine.journal.head_seq == engine.hall.seq
        assert (await take(engine)).body == b"A002"

    run(work())
    assert as_journal(engine)


# ---------------------------------------------------------------- several commands, time, the end


def test_several_commands_are_one(engine: Engine, disk: Disk) -> None:
    """All on disk or none: a merge of many offline tickets."""

    async def work() -> None:
        both = [TakeTicket(line="A"), TakeTicket(line="B")]
        outcome = await engine.submit(both, engine.stamp("x"))
        assert [e.number for e in outcome.events] == ["A001", "B001"]  # type: ignore[attr-defined]
        disk.syncs_fail = True
        with pytest.raises(Refused):
            await engine.submit(both, engine.stamp("x"))
        disk.syncs_fail = False
        await until(lambda: engine.failed_at is None)
        assert sorted(t.number for t in engine.hall.tickets.values()) == ["A001", "B001"]

    run(work())


def test_several_commands_of_which_one_is_refused_do_nothing(engine: Engine) -> None:
    """A request is one thing: a later part that is refused takes the earlier parts with it."""

    async def work() -> None:
        before = as_values(engine.hall)
        with pytest.raises(Refused, match="unknown_line"):
            await engine.submit([TakeTicket(line="A"), TakeTicket(line="Z")], engine.stamp("x"))
        assert as_values(engine.hall) == before
        assert (await take(engine)).body == b"A001"

    run(work())
    assert as_journal(engine)


def test_time_passes_as_a_command(engine: Engine) -> None:
    async def work() -> None:
        await take(engine)
        before = engine.hall.seq
        await engine.tick()
        assert engine.hall.seq == before, "nothing is due"
        engine.clock.ms += 86_400_000  # type: ignore[attr-defined]
        await engine.tick()
        assert engine.hall.day == "2026-11-25"
        seq = engine.hall.seq
        await engine.tick()
        assert engine.hall.seq == seq

    run(work())
    assert as_journal(engine)


def test_the_end_waits_for_what_is_under_way(engine: Engine) -> None:
    async def work() -> None:
        with held(engine.journal) as writer:
            presses = [asyncio.ensure_future(take(engine)) for _ in range(3)]
            await turns()
            ending = asyncio.ensure_future(engine.flushed())
            await turns()
            assert not ending.done()
            writer.let_go()
            await ending
        assert engine.journal.head_seq == engine.hall.seq
        await asyncio.gather(*presses)

    run(work())


def test_the_end_while_the_disk_fails_lets_go_of_the_folder_and_loses_nothing(tmp_path: Path, disk: Disk) -> None:
    """What was acknowledged is in the log already; that it cannot be moved into the file now is no reason to crash."""
    engine = new_engine(tmp_path, vfs=disk.name)

    async def press() -> None:
        assert (await take(engine, "k1")).body == b"A001"

    run(press())
    clock = engine.clock
    disk.syncs_fail = True
    engine.close()
    disk.syncs_fail = False
    engine = Engine.open(tmp_path, clock)
    run(press())
    assert len(engine.hall.tickets) == 1
    engine.close()


# ---------------------------------------------------------------- snapshots


def test_a_snapshot_and_the_rows_behind_it_equal_the_whole_replay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R8: a start replays only what came after the last snapshot, and finds the same hall."""
    monkeypatch.setattr(engine_module, "SNAPSHOT_EVERY", 10)
    engine = new_engine(tmp_path)

    async def work() -> None:
        stamp = await at_counter(engine, "1")
        for n in range(25):
            await take(engine)
            if n % 3 == 0:
                await engine.submit(CallNext(), stamp)
                await engine.submit(BeginService(), stamp)
                await engine.submit(FinishService(), stamp)
        await until(lambda: bool(list((tmp_path / "snapshots").glob("*.bin"))))
        await engine.flushed()

    run(work())
    kept = sorted((tmp_path / "snapshots").glob("*.bin"))
    assert 1 <= len(kept) <= 2
    newest = int(kept[-1].stem.split("-")[1])
    assert newest > 20
    live, clock = as_values(engine.hall), engine.clock
    engine.journal.close()  # as a kill leaves it: no snapshot of the end
    engine._lock.release()
    rows: list[int] = []
    honest = engine_module.apply_row
    monkeypatch.setattr(engine_module, "apply_row", lambda hall, row: (rows.append(row.seq), honest(hall, row)))
    again = Engine.open(tmp_path, clock)
    assert rows[0] == newest + 1
    assert as_values(again.hall) == live == as_values(replayed(tmp_path))
    again.close()


@pytest.mark.parametrize("damage", ["torn", "bit", "of another version", "gone"])
def test_a_bad_snapshot_is_ignored_and_the_journal_replayed(tmp_path: Path, damage: str) -> None:
    engine = new_engine(tmp_path)

    async def work() -> None:
        for _ in range(5):
            await take(engine)

    run(work())
    clock = engine.clock
    engine.close()
    (kept,) = (tmp_path / "snapshots").glob("*.bin")
    content = bytearray(kept.read_bytes())
    if damage == "torn":
        kept.write_bytes(content[: len(content) // 2])
    elif damage == "bit":
        content[-20] ^= 1
        kept.write_bytes(content)
    elif damage == "gone":
        kept.unlink()
    else:
        kept.write_bytes(content.replace(engine_module.code_version().encode(), b"0.0.0-0000000000000000", 1))
    again = Engine.open(tmp_path, clock)
    assert as_values(again.hall) == as_values(replayed(tmp_path))
    assert len(again.hall.tickets) == 5
    again.close()

"""The identity card reader: frames, cards, check digits, and the driver against a simulated module with every fault."""

from __future__ import annotations

import logging
import random

import pytest
from device_bench import Bench, until, vectors_of

from hardware.health import READER_FAULTS, CardRead, Fault, State
from hardware.readers import card as cards
from hardware.readers import codec
from hardware.readers.card import Card
from hardware.readers.driver import CardReader, Timing
from hardware.readers.simulated import SimulatedReader, foreigner, synthetic
from hardware.simulation.control import ControlServer
from hardware.simulation.device import BadCommand
from hardware.simulation.memory import MemoryPort
from hardware.simulation.server import SimulatorServer

QUICK = Timing(find_s=0.01, answer_s=0.06, read_s=0.2, status_s=0.3, silent_s=0.05, same_card_s=0.0, fault_stays_s=0.05)
SAMV = {v["name"]: v for v in vectors_of("samv")}


@pytest.fixture
def module() -> SimulatedReader:
    return SimulatedReader()


def at_work(bench: Bench, module: SimulatedReader, **timing: float) -> CardReader:
    """A driver on that module, ready."""
    chosen = Timing(**{name: timing.get(name, getattr(QUICK, name)) for name in Timing.__slots__})
    around = bench.around(opener=lambda address: MemoryPort(module))
    driver = CardReader("samv+sim://", around=around, timing=chosen)
    bench.start(driver)
    until(lambda: driver.snapshot().state is State.READY, what="never ready")
    return driver


# -- the codec --------------------------------------------------------------------------------------------------


def test_the_record_is_read_by_its_layout_and_written_back_to_the_same_bytes() -> None:
    vector = SAMV["text_record"]
    card = cards.read(vector["raw"])
    assert {name: getattr(card, name) for name in vector["decoded"]} == vector["decoded"]
    assert cards.write(card) == vector["raw"]


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("11010519491231002X", True), ("11010519491231002x", True), ("440524188001010014", True),
        ("110105194912310021", False), ("440524188001010015", False), ("11010519491231002", False),
        ("1101051949123100２X", False), ("", False), ("²1010519491231002X", False),
    ],
)  # fmt: skip
def test_the_check_digit_is_that_of_gb_11643(number: str, valid: bool) -> None:
    assert cards.has_check_digit(number) is valid


def test_one_wrong_digit_or_two_exchanged_are_always_noticed() -> None:
    """Modulo 11-2 finds every single error and every exchange of neighbours."""
    number = "11010519491231002X"
    for at in range(17):
        for digit in "0123456789":
            wrong = number[:at] + digit + number[at + 1 :]
            assert cards.has_check_digit(wrong) is (wrong == number)
    for at in range(16):
        swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        assert cards.has_check_digit(swapped) is (swapped == number)


def test_the_type_is_read_before_the_layout() -> None:
    card = cards.read(cards.write(foreigner()))
    assert card == foreigner()
    assert (card.kind, card.name, card.country, card.is_plausible) == ("foreigner", "样例外", "XXX", True)
    resident = Card(kind="residence", name="样例", sex="1", number="11010519491231002X", reserved="H12345678")
    record = cards.write(resident)
    assert record[cards.TYPE_AT : cards.TYPE_AT + 2] == b"J\x00"
    assert cards.read(record) == resident
    assert cards.read(cards.write(synthetic())).kind == "citizen"


def test_what_is_no_record_is_no_card() -> None:
    assert cards.read(b"") is None
    assert cards.read(bytes(255)) is None
    assert cards.read(b"\x00\xd8" * 128) is None  # half a surrogate pair
    with pytest.raises(ValueError, match="name is longer"):
        cards.write(Card(name="样" * 16))


def test_the_picture_is_gone_before_anybody_sees_the_frame() -> None:
    photo = random.Random(3).randbytes(1024)
    text = cards.write(synthetic())
    parser = codec.FrameParser()
    (frame,) = parser.feed(codec.card_answer(text, photo))
    assert codec.text_of(frame) == text
    assert frame.data.endswith(bytes(1024))
    fingerprint = codec.answer(codec.OK, b"\x01\x00\x04\x00\x04\x00" + text + photo + photo)
    assert len(fingerprint) == 7 + 0x90A
    (frame,) = codec.FrameParser().feed(fingerprint)
    assert frame.data.endswith(bytes(2048))
    assert codec.text_of(frame) is None


def test_the_module_number_is_shown_as_printed_on_the_reader() -> None:
    raw = bytes.fromhex("05 00 0a 00 15 cd 5b 07 b1 68 de 3a 2a 00 00 00")
    (frame,) = codec.FrameParser().feed(codec.answer(codec.OK, raw))
    assert codec.module_number(frame) == "05.10-0123456789-0987654321-0000000042"
    (frame,) = codec.FrameParser().feed(codec.answer(codec.OK, raw[:-1]))
    assert codec.module_number(frame) is None


def test_our_commands_are_the_ones_everybody_sends() -> None:
    names = {"status": codec.STATUS, "sam_id": codec.MODULE, "find": codec.FIND, "select": codec.SELECT}
    for name, code in (names | {"read_base": codec.READ}).items():
        assert codec.command(code) == SAMV[name]["raw"]
    for name in ("no_card", "select_failed", "bad_checksum", "bad_length", "bad_command", "card_auth_failed"):
        (frame,) = codec.FrameParser().feed(SAMV[name]["raw"])
        assert frame.word == name


# -- the driver -------------------------------------------------------------------------------------------------


def test_a_placed_card_is_told_once_and_again_when_it_comes_back(bench: Bench, module: SimulatedReader) -> None:
    driver = at_work(bench, module)
    assert driver.snapshot().identity == "05.10-0123456789-0987654321-0000000042"
    module.place(synthetic())
    until(lambda: bench.told(CardRead))
    asked = module.reads
    until(lambda: driver.snapshot().round_trip_p50_ms is not None)
    module.remove()
    module.place(synthetic(2))
    until(lambda: len(bench.told(CardRead)) == 2)
    assert [event.card for event in bench.told(CardRead)] == [synthetic(), synthetic(2)]
    assert (asked, module.reads) == (1, 2)


def test_a_module_that_goes_on_finding_the_card_tells_it_once_a_placing(bench: Bench) -> None:
    module = SimulatedReader(finds_again=True)
    driver = at_work(bench, module)
    for placing in (1, 2):
        module.place(synthetic())
        until(lambda: len(bench.told(CardRead)) == placing)  # noqa: B023 - called at once
        reads = module.reads
        until(lambda: module.reads > reads + 3)  # noqa: B023 - called at once
        assert len(bench.told(CardRead)) == placing
        module.remove()
        until(lambda: driver._was_away)
    module.place(synthetic())
    until(lambda: len(bench.told(CardRead)) == 3)
    module.place(synthetic(2))  # in its place, before anybody saw that it left
    until(lambda: len(bench.told(CardRead)) == 4)
    assert bench.told(CardRead)[3].card == synthetic(2)


def test_a_card_that_flickers_is_told_once(bench: Bench, module: SimulatedReader) -> None:
    at_work(bench, module, same_card_s=30.0)
    module.place(synthetic())
    until(lambda: bench.told(CardRead))
    reads = module.reads
    module.remove()
    module.place(synthetic())
    until(lambda: module.reads > reads)
    module.place(synthetic(2))
    until(lambda: len(bench.told(CardRead)) == 2)
    assert bench.told(CardRead)[1].card == synthetic(2)


def test_nothing_of_a_card_is_kept_or_logged(
    bench: Bench, module: SimulatedReader, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    driver = at_work(bench, module)
    module.place(synthetic())
    until(lambda: bench.told(CardRead))
    shown = f"{bench.events!r} {driver.snapshot()!r} {driver.snapshot().as_report()} {vars(driver)!r} {caplog.text}"
    for secret in ("11010519491231002X", "样例", "002X"):
        assert secret not in shown
    assert module.photo[:16] not in bytes(driver._parser._buffer)


@pytest.mark.parametrize("word", sorted(READER_FAULTS))
def test_every_fault_word_is_told_and_goes_by_itself(bench: Bench, module: SimulatedReader, word: str) -> None:
    driver = at_work(bench, module)
    module.set_fault(word)
    module.place(synthetic())
    until(lambda: word in driver.snapshot().faults)
    assert driver.snapshot().state is (State.DEGRADED if word == "card_auth" else State.FAULT)
    assert not bench.told(CardRead)
    module.clear()
    until(lambda: bench.told(CardRead) and not driver.snapshot().faults)
    assert [e.cleared for e in bench.told(Fault) if e.code == word] == [False, True]


def test_a_card_taken_away_unread_does_not_stay_a_fault(bench: Bench, module: SimulatedReader) -> None:
    driver = at_work(bench, module)
    module.set_fault("card_auth")
    module.place(synthetic())
    until(lambda: "card_auth" in driver.snapshot().faults)
    module.remove()
    until(lambda: driver.snapshot().state is State.READY)


def test_a_number_with_a_wrong_check_digit_is_not_a_card(bench: Bench, module: SimulatedReader) -> None:
    driver = at_work(bench, module)
    module.place(Card(name="样例", number="110105194912310021"))
    # The module gives the card once; each try needs it to be placed anew.
    for _ in range(3):
        reads = module.reads
        until(lambda: module.reads > reads or "card_auth" in driver.snapshot().faults)  # noqa: B023 - called at once
        module.place(Card(name="样例", number="110105194912310021"))
    until(lambda: "card_auth" in driver.snapshot().faults)
    assert not bench.told(CardRead)


@pytest.mark.parametrize("word", ["silent", "garbage", "half_frame", "gone"])
def test_a_broken_line_is_noticed_and_heals(bench: Bench, module: SimulatedReader, word: str) -> None:
    driver = at_work(bench, module)
    module.set_fault(word)
    expected = {"silent": "silent", "garbage": "garbage", "half_frame": "garbage", "gone": "gone"}[word]
    until(lambda: expected in driver.snapshot().faults)
    assert driver.snapshot().state is (State.ABSENT if word == "gone" else State.UNKNOWN)
    module.place(synthetic())
    module.clear()
    until(lambda: bench.told(CardRead))
    assert driver.snapshot().state is State.READY


def test_whoever_gives_it_a_job_is_told_at_once(bench: Bench, module: SimulatedReader) -> None:
    driver = at_work(bench, module)
    assert driver.submit(None).result(2).error == "no_such_job"


@pytest.mark.parametrize("carrier", ["socket://127.0.0.1:0", "pty"])
def test_cards_are_placed_through_the_control_line(bench: Bench, tmp_path, carrier: str) -> None:
    """Over a real socket and a real pseudo-terminal, driven as the demo does it."""
    import socket

    module = SimulatedReader()
    url = f"pty://{tmp_path}/reader" if carrier == "pty" else carrier
    with SimulatorServer(module, url) as server, ControlServer(module, "socket://127.0.0.1:0") as control:
        driver = CardReader(f"samv+{server.url}", around=bench.around(), timing=Timing(find_s=0.02))
        bench.start(driver)
        until(lambda: driver.snapshot().state is State.READY)
        host, port = control.url.removeprefix("socket://").split(":")
        with socket.create_connection((host, int(port)), timeout=2) as line, line.makefile("rw") as words:
            for said, answer in (("place foreigner", "ok"), ("place 样例 123", "ok"), ("bow", "error: unknown")):
                words.write(said + "\n")
                words.flush()
                assert words.readline().startswith(answer)
                if said == "place foreigner":
                    until(lambda: bench.told(CardRead))
        assert bench.told(CardRead)[0].card == foreigner()
        bench.stop()


def test_the_control_line_refuses_what_fits_no_card() -> None:
    module = SimulatedReader()
    with pytest.raises(BadCommand):
        module.command("place one two three")
    with pytest.raises(ValueError, match="longer"):
        module.command(f"place 样例 {'1' * 19}")
    assert module.command("place 3") == "ok"
    assert module.card.is_plausible
    assert '"card": true' in module.command("status")
    assert module.command("remove") == "ok"
    assert module.card is None
    assert module.obey(codec.READ) == SAMV["card_op_failed"]["raw"]
    assert module.obey(b"\x99\x99") == SAMV["bad_command"]["raw"]

"""A thousand guesses are a handful of hashes, and hinder nobody else."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import pytest

from hall_protocol.refusals import Refused
from hall_server.trust.pins import FREE, MOST, Doorkeeper, hashed_secret, matches, password_problem, pin_problem

T = TypeVar("T")
PIN = hashed_secret("73915846")


async def code_of(attempt: Awaitable[T]) -> str:
    try:
        await attempt
    except Refused as refusal:
        return refusal.code
    return "in"


def guess(door: Doorkeeper, pin: str, now_ms: int, who: str = "0312", where: str = "c3") -> Awaitable[None]:
    return door.check(who=who, where=where, secret=pin, hashed=PIN, now_ms=now_ms)


def test_the_right_pin_opens_and_a_wrong_one_does_not() -> None:
    async def run() -> None:
        door = Doorkeeper("pin")
        assert await code_of(guess(door, "73915846", 0)) == "in"
        assert await code_of(guess(door, "73915847", 0)) == "wrong_clerk_or_pin"
        assert await code_of(door.check(who="x", where="c3", secret="1", hashed=None, now_ms=0)) == "wrong_clerk_or_pin"
        door.close()

    asyncio.run(run())


def test_a_thousand_wrong_pins_at_once_are_hardly_evaluated_and_the_next_counter_is_free() -> None:
    async def run() -> None:
        door = Doorkeeper("pin")
        codes = await asyncio.gather(*(code_of(guess(door, f"{n:06}", 0)) for n in range(1000)))
        assert door.evaluated <= FREE
        assert codes.count("pin_delayed") >= 990
        assert await code_of(guess(door, "73915846", 0, where="c4")) == "in"
        assert await code_of(guess(door, "73915846", 0, who="0313")) == "in"
        assert await code_of(guess(door, "73915846", 0)) == "pin_delayed"
        assert await code_of(guess(door, "73915846", 5_000)) == "in"
        door.close()

    asyncio.run(run())


def test_waits_double_and_say_when_to_come_back() -> None:
    async def run() -> None:
        door = Doorkeeper("password")
        now, waits = 0, []
        for _ in range(12):
            assert await code_of(guess(door, "x", now)) == "wrong_name_or_password"
            with_delay = await refused(guess(door, "x", now)) if door.evaluated >= FREE else None
            if with_delay is not None:
                assert with_delay.code == "password_delayed"
                waits.append(int(with_delay.values["retry_after_s"]))
                now += waits[-1] * 1000
        assert waits == [5, 10, 20, 40, 80, 160, 320, 640]
        door.close()

    asyncio.run(run())


async def refused(attempt: Awaitable[None]) -> Refused:
    with pytest.raises(Refused) as caught:
        await attempt
    return caught.value


def test_never_more_than_a_hundred_guesses_until_a_new_pin_is_set() -> None:
    async def run() -> None:
        door = Doorkeeper("pin")
        for n in range(MOST + 20):
            code = await code_of(door.check(who="1", where="d", secret="x", hashed="broken", now_ms=n * 1_000_000))
            assert code == ("wrong_clerk_or_pin" if n < MOST else "pin_delayed")
        assert door.evaluated == MOST
        door.forgive("1")
        assert await code_of(door.check(who="1", where="d", secret="73915846", hashed=PIN, now_ms=0)) == "in"
        door.close()

    asyncio.run(run())


def test_the_loop_goes_on_while_a_guess_is_checked() -> None:
    async def run() -> None:
        door, ticks = Doorkeeper("pin"), 0
        task = asyncio.ensure_future(guess(door, "73915846", 0))
        while not task.done():
            await asyncio.sleep(0)
            ticks += 1
        await task
        assert ticks > 10
        door.close()

    asyncio.run(run())


@pytest.mark.parametrize("pin", ["12345", "1" * 13, "12345a", "１２３４５６", "", " 123456", "-123456"])
def test_bad_pins(pin: str) -> None:
    assert pin_problem(pin) is not None


def test_good_pins() -> None:
    assert pin_problem("123456") is None
    assert pin_problem("739158460000") is None


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "a" * 129,
        "password1234",
        "PassWord1234",
        "aaaaaaaaaaaaaa",
        "abcabcabcabc",
        "123456789012",
        "with\nline break",
    ],
)
def test_bad_passwords(password: str) -> None:
    assert password_problem(password) is not None


@pytest.mark.parametrize("password", ["Long-enough pass phrase 7", "我们今天去大厅排队取号办事好", "x9" + "kq7v!w2m8z"])
def test_good_passwords(password: str) -> None:
    assert password_problem(password) is None
    assert matches(password, hashed_secret(password))


def test_the_same_spelling_from_another_keyboard_matches() -> None:
    assert matches("Ａbc def ghi jkl", hashed_secret("Abc def ghi jkl"))
    assert hashed_secret("a") != hashed_secret("a")

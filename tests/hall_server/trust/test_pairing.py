"""A code is short, so it lives briefly, works once and cannot be guessed."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from hall_protocol.refusals import Refused
from hall_server.trust.pairing import LIFE_MS, LIVING_MOST, REMEMBERED_MS, TRIES, Pairing, Pairings
from hall_server.trust.tokens import Seals

SEALS = Seals(bytes(64))


@pytest.fixture
def pairings() -> Pairings:
    return Pairings(SEALS)


def ask(pairings: Pairings, key: str = "k", now_ms: int = 0, role: str = "kiosk") -> Pairing:
    return pairings.ask(role=role, address="10.0.0.7", key=key, now_ms=now_ms)


def find(pairings: Pairings, code: str, now_ms: int = 0, key: str = "m") -> Pairing:
    return pairings.find(code=code, account="inspector", key=key, now_ms=now_ms)


def confirmed(pairings: Pairings) -> Pairing:
    pairing = ask(pairings)
    pairings.confirm(find(pairings, pairing.code), device="d1", account="inspector", key="m")
    return pairing


def claim(pairings: Pairings, pairing: Pairing, key: str = "c", now_ms: int = 0) -> tuple[str, str] | None:
    return pairings.claim(id=pairing.id, secret=pairing.secret, key=key, now_ms=now_ms)


def code_of(attempt: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as caught:
        attempt()
    return caught.value.code


def test_the_way_in(pairings: Pairings) -> None:
    pairing = ask(pairings)
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{3}-[A-HJ-NP-Z2-9]{3}", pairing.code)
    assert claim(pairings, pairing) is None
    typed = pairing.code.lower().replace("-", " ")
    pairings.confirm(find(pairings, typed), device="d1", account="inspector", key="m")
    claimed = claim(pairings, pairing)
    assert claimed is not None
    device, token = claimed
    assert device == "d1"
    assert len(token) >= 22
    assert claim(pairings, pairing) == claimed  # the answer was not stored yet: the same again
    pairings.claimed(pairing.id)
    assert code_of(lambda: claim(pairings, pairing, key="other")) == "already_claimed"


def test_a_repeated_claim_gets_the_same_token_even_after_a_restart(pairings: Pairings) -> None:
    pairing = confirmed(pairings)
    claimed = claim(pairings, pairing)
    assert claimed is not None
    after = Pairings(SEALS)
    again = after.token_of(id=pairing.id, secret=pairing.secret, key="c")
    assert again == claimed[1]
    assert after.token_of(id=pairing.id, secret=pairing.secret, key="d") != again
    assert after.token_of(id=pairing.id, secret=pairing.secret[:-1], key="c") != again


def test_the_same_key_asks_once(pairings: Pairings) -> None:
    first = ask(pairings)
    assert ask(pairings) is first
    assert ask(pairings, key="other") is not first
    assert pairings.ask(role="kiosk", address="10.0.0.8", key="k", now_ms=0) is not first
    assert code_of(lambda: ask(pairings, role="wall")) == "idempotency_key_reused"


def test_ten_minutes(pairings: Pairings) -> None:
    pairing = ask(pairings)
    assert find(pairings, pairing.code, LIFE_MS - 1) is pairing
    assert code_of(lambda: find(pairings, pairing.code, LIFE_MS)) == "code_expired"
    assert code_of(lambda: claim(pairings, pairing, now_ms=LIFE_MS)) == "code_expired"
    ask(pairings, key="much later", now_ms=LIFE_MS + REMEMBERED_MS)
    assert code_of(lambda: find(pairings, pairing.code, LIFE_MS + REMEMBERED_MS)) == "unknown_code"


def test_five_wrong_codes_end_it(pairings: Pairings) -> None:
    pairing, wrong = ask(pairings), "AAA-AAA"
    for _ in range(TRIES):
        assert code_of(lambda: find(pairings, wrong)) == "unknown_code"
    assert code_of(lambda: find(pairings, pairing.code)) == "code_expired"


def test_five_wrong_secrets_end_it(pairings: Pairings) -> None:
    pairing = confirmed(pairings)
    for _ in range(TRIES):
        assert code_of(lambda: pairings.claim(id=pairing.id, secret="x", key="c", now_ms=0)) == "unknown_code"
    assert code_of(lambda: claim(pairings, pairing)) == "code_expired"


def test_a_code_works_once(pairings: Pairings) -> None:
    pairing = confirmed(pairings)
    assert find(pairings, pairing.code) is pairing  # the manager's own repeat
    assert code_of(lambda: find(pairings, pairing.code, key="another")) == "already_claimed"


def test_two_managers_at_once_make_one_device(pairings: Pairings) -> None:
    pairing = ask(pairings)
    both = [find(pairings, pairing.code, key=key) for key in ("m", "n")]
    pairings.confirm(both[0], device="d1", account="inspector", key="m")
    late = code_of(lambda: pairings.confirm(both[1], device="d2", account="inspector", key="n"))
    assert (late, pairing.device) == ("already_claimed", "d1")


def test_nobody_can_fill_the_memory(pairings: Pairings) -> None:
    for n in range(LIVING_MOST):
        ask(pairings, key=f"{n}")
    assert code_of(lambda: ask(pairings, key="one more")) == "too_many_requests"
    assert ask(pairings, key="later", now_ms=LIFE_MS)


def test_unknown_pairings(pairings: Pairings) -> None:
    assert code_of(lambda: pairings.claim(id="x", secret="y", key="c", now_ms=0)) == "unknown_code"

"""Codes, keys and requests: every refusal has a sentence in three languages, every text is bounded, nothing unknown."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hall_protocol
from assets.i18n import LANGUAGES, Catalogue
from hall_protocol import ids
from hall_protocol.refusals import REFUSALS, Refused
from hall_protocol.requests import Request, counter, inquiries, manager, matters, visitor

NEEDED = {"msgspec", "typing", "dataclasses", "__future__", "hall_protocol", "re"}
"""What the words are made of."""
ROOT = Path(hall_protocol.__file__).parents[1]


def requests_of(kind: type) -> list[type]:
    return [*kind.__subclasses__(), *(found for child in kind.__subclasses__() for found in requests_of(child))]


ALL_REQUESTS = sorted(requests_of(Request), key=lambda kind: kind.__name__)


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return Catalogue()


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_sentence(words: Catalogue, code: str, language: str) -> None:
    """Contract 3: `code` stable, `detail` for a person."""
    sentence = words.words(language)[f"refusal.{code}"]
    assert len(sentence) > 3
    assert code not in sentence
    assert re.fullmatch(r"[a-z_]+", code)
    assert 400 <= REFUSALS[code] < 600


def test_no_sentence_waits_for_a_refusal_that_cannot_come(words: Catalogue) -> None:
    known = {key.removeprefix("refusal.") for key in words.words("en") if key.startswith("refusal.")}
    assert known - {"internal_error"} <= set(REFUSALS), "and our own fault, which is none"


def raised_in(folder: str) -> dict[str, set[str]]:
    """Code → names of values it is raised with, wherever `Refused("code", …)` stands."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args:
                code = node.args[0]
                for one in ast.walk(code):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        names = {k.arg for k in node.keywords if k.arg}
                        found[one.value] = found.get(one.value, names) & names
    return found


def test_every_refusal_is_raised_with_the_values_its_sentence_needs(words: Catalogue) -> None:
    """A placeholder without a value would be a fault of ours in front of a visitor."""
    for code, values in raised_in("hall_server").items():
        if code in REFUSALS:
            assert words.placeholders(f"refusal.{code}") <= values, code


def test_a_refusal_that_is_not_in_the_table_cannot_be_made() -> None:
    with pytest.raises(AssertionError, match="not in the table"):
        Refused("because")
    refused = Refused("counter_busy", number="A001")
    assert (refused.code, refused.status, refused.values) == ("counter_busy", 409, {"number": "A001"})


# ---------------------------------------------------------------- keys and names


@given(st.text(max_size=200))
def test_a_key_is_visible_ascii_of_some_length(text: str) -> None:
    assert ids.is_key(text) is bool(re.fullmatch(r"[!-~]{1,128}", text))


def test_names_are_those_of_the_contract() -> None:
    assert ids.LANGUAGES == get_args(ids.Language) == LANGUAGES
    assert set(ids.PRIORITY_CLASSES) == {"ordinary", "elder", "disabled", "pregnant", "military"}
    assert set(get_args(ids.TicketState)) == {
        "waiting", "called", "serving", "parked", "finished", "no_show", "cancelled", "expired",
    }  # fmt: skip
    assert set(get_args(ids.CounterState)) == {"closed", "open", "paused"}


# ---------------------------------------------------------------- requests


@pytest.mark.parametrize("kind", ALL_REQUESTS, ids=lambda kind: kind.__name__)
def test_unknown_fields_are_refused(kind: type) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"nobody_knows_this": 1}', type=kind)


@pytest.mark.parametrize("kind", ALL_REQUESTS, ids=lambda kind: kind.__name__)
def test_every_text_and_list_is_bounded(kind: type) -> None:
    """S8: input is bounded."""
    schema = msgspec.json.schema(kind)
    unbounded = list(without_bound(schema, schema.get("$defs", {}), kind.__name__))
    allowed = {"MergeOffline.tickets", "StartEvacuation.exits", "PostNotice.text"}
    assert {name for name in unbounded if not any(name.startswith(a) for a in allowed)} == set()


def without_bound(node: dict[str, Any], known: dict[str, Any], name: str) -> Any:
    """Names of texts and lists in a schema that may be of any length."""
    if "$ref" in node:
        node = known[node["$ref"].rsplit("/", 1)[1]]
    for option in node.get("anyOf", ()):
        yield from without_bound(option, known, name)
    if node.get("type") == "string" and not {"maxLength", "enum", "pattern"} & node.keys():
        yield name
    if node.get("type") == "array":
        if "maxItems" not in node:
            yield name
        yield from without_bound(node.get("items", {}), known, f"{name}[]")
    for field, inner in node.get("properties", {}).items():
        yield from without_bound(inner, known, f"{name}.{field}")


GOOD = [
    (visitor.TakeTicket, {"line": "A", "priority_class": "elder", "language": "zh-Hant", "visitor": {"name": "x"}}),
    (visitor.MergeOffline, {"tickets": [{"key": "k", "number": "A001", "issued_at": "2026-11-24T10:00:00.000+08:00"}]}),
    (visitor.GiveRating, {"request": "R1", "nonce": "n", "level": 5, "aspects": ["attitude"], "comment": "x"}),
    (visitor.PrintResult, {"outcome": "failed", "how": "asb", "evidence": "1c"}),
    (counter.Park, {"reason": "copy", "until": "2026-11-24T10:00:00.000+08:00"}),
    (counter.Transfer, {"reason": "x", "counter": "3"}),
    (counter.Finish, {"outcome": "done", "services": ["S1"], "note": "x"}),
    (
        manager.PostNotice,
        {"text": {"en": "x"}, "from": "2026-11-24T10:00:00.000+08:00", "to": "2026-11-24T11:00:00.000+08:00"},
    ),
    (manager.StartEvacuation, {"exits": {"main": "left"}}),
    (inquiries.OpenInquiry, {"matter": "x", "belongs_to": "outside", "service": "S1", "visitor": {"phone": "1"}}),
    (inquiries.AnswerInquiry, {"result": "x", "one_time_notice": True}),
    (inquiries.AnswerInquiry, {"result": "x", "one_time_notice": "〔2026〕12号"}),
    (inquiries.Complain, {"category": "推诿", "text": "x", "ticket": "A001", "case": "20261124000001"}),
    (inquiries.WriteMessage, {"text": "x", "publish": False}),
    (inquiries.ReviewRating, {"decision": "excluded", "reason": "x", "evidence": ["seq:12", "ticket:20261124-A001"]}),
    (
        matters.NewCase,
        {"service": "S1", "form": "agency", "applicant": {"name": "x"}, "documents": ["x"], "show_name": True},
    ),
    (matters.NewCase, {"service": "S1", "accept": True, "decide": {"outcome": "granted", "seal": "1"}}),
    (matters.StepCase, {"step": 2}),
    (matters.StepCase, {"step": "审查"}),
    (matters.ExtendCase, {"days": 10, "reason": "complex", "notice_no": "N1"}),
    (matters.DecideCase, {"outcome": "denied", "place": "department"}),
    (matters.AskStatus, {"no": "20261124-0001", "check_code": "x"}),
    (matters.RevokeCard, {"reason": "wrong_date", "evidence": "seq:1"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), GOOD, ids=lambda value: getattr(value, "__name__", ""))
def test_what_the_contract_shows_is_understood(kind: type, body: dict[str, Any]) -> None:
    made = msgspec.convert(body, kind)
    assert msgspec.to_builtins(made) == {**msgspec.to_builtins(made), **body}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (visitor.TakeTicket, {"line": "A", "priority_class": "vip"}),
        (visitor.TakeTicket, {"line": ""}),
        (visitor.GiveRating, {"request": "R1", "nonce": "n", "level": 0}),
        (visitor.GiveRating, {"request": "R1", "nonce": "n", "level": 6}),
        (visitor.GiveRating, {"request": "R1", "nonce": "n", "level": "5"}),
        (visitor.GiveRating, {"request": "R1", "nonce": "n", "level": 4.5}),
        (visitor.LeaseBlock, {"line": "A", "size": 201}),
        (visitor.MergeOffline, {"tickets": []}),
        (visitor.PrintResult, {"outcome": "maybe"}),
        (counter.PauseCounter, {"reason": ""}),
        (counter.Undo, {"seq": 0}),
        (manager.StartEvacuation, {"exits": {"main": "up"}}),
        (inquiries.OpenInquiry, {"matter": "x", "belongs_to": "somebody"}),
        (inquiries.AnswerInquiry, {"one_time_notice": True}),
        (inquiries.Complain, {"category": "attitude", "text": ""}),
        (inquiries.Complain, {"category": "attitude", "text": "x", "received_on": "24.11.2026"}),
        (inquiries.ReviewRating, {"decision": "excluded", "reason": "x", "evidence": []}),
        (inquiries.ReviewRating, {"decision": "excluded", "reason": "x", "evidence": ["he was drunk"]}),
        (manager.AskPairing, {"role": "integrator"}),
        (matters.NewCase, {"service": ""}),
        (matters.NewCase, {"service": "S1", "channel": "rumour"}),
        (matters.DecideCase, {"outcome": "maybe"}),
        (matters.StepCase, {"step": 0}),
        (matters.ExtendCase, {"days": 0, "reason": "x", "notice_no": "N1"}),
        (matters.RaiseCard, {"case": "x", "cause": "other", "level": "blue"}),
    ],
    ids=str,
)
def test_what_it_does_not_is_refused(kind: type, body: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(body, kind)


def test_the_words_do_not_know_the_rest_of_the_project() -> None:
    """house.md 3: whoever wants to talk imports this and nothing else."""
    for path in (ROOT / "hall_protocol").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [str(node.module)]
            for name in names:
                assert name.split(".")[0] in {
                    "msgspec",
                    "typing",
                    "dataclasses",
                    "__future__",
                    "hall_protocol",
                    "re",
                }, path

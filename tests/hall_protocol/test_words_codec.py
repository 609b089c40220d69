"""Merge patches as RFC 7396 has them, on values without nulls, as pictures are."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall_protocol.codec import decode, difference, encode, merge, plain, without_nulls
from hall_protocol.pictures import Estimate
from hall_protocol.pictures.wall import WallLine

SCALARS = st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=8))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=4)),
    max_leaves=12,
)
PICTURES = st.dictionaries(st.text(max_size=3), VALUES, max_size=5)
WITH_NULLS = st.recursive(
    st.one_of(SCALARS, st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=4)),
    max_leaves=12,
)
PATCHES = st.dictionaries(st.text(max_size=3), WITH_NULLS, max_size=5)


def rfc_7396(target: Any, patch: Any) -> Any:
    """The pseudo-code of the RFC's section 2, word for word."""
    if isinstance(patch, dict):
        if not isinstance(target, dict):
            target = {}
        target = dict(target)
        for name, value in patch.items():
            if value is None:
                if name in target:
                    del target[name]
            else:
                target[name] = rfc_7396(target.get(name), value)
        return target
    return patch


EXAMPLES = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]
"""The RFC's appendix A."""


@pytest.mark.parametrize(("target", "patch", "result"), EXAMPLES)
def test_the_examples_of_the_rfc(target: Any, patch: Any, result: Any) -> None:
    assert merge(target, patch) == result


@given(VALUES, WITH_NULLS)
def test_merge_is_the_rfcs_and_changes_neither_argument(target: Any, patch: Any) -> None:
    before = json.dumps([target, patch])
    assert merge(target, patch) == rfc_7396(target, patch)
    assert json.dumps([target, patch]) == before


@given(PICTURES, PICTURES)
def test_a_difference_turns_the_old_picture_into_the_new_one(old: dict[str, Any], new: dict[str, Any]) -> None:
    before = json.dumps([old, new])
    patch = difference(old, new)
    assert merge(old, patch) == new
    assert json.dumps([old, new]) == before
    assert (patch == {}) is (old == new)
    assert decode(encode(patch)) == patch, "it survives the wire"


@given(PICTURES, PICTURES)
def test_a_difference_names_nothing_that_stayed(old: dict[str, Any], new: dict[str, Any]) -> None:
    patch = difference(old, new)
    for key in patch:
        assert key not in old or key not in new or old[key] != new[key]


@given(st.lists(PICTURES, min_size=2, max_size=6))
def test_patches_fold(pictures: list[dict[str, Any]]) -> None:
    """What a client that follows has is what the server has."""
    followed = pictures[0]
    for old, new in pairwise(pictures):
        followed = merge(followed, difference(old, new))
    assert followed == pictures[-1]


@given(PATCHES)
def test_without_nulls_has_none_and_keeps_the_rest(value: dict[str, Any]) -> None:
    cleaned = without_nulls(value)
    assert without_nulls(cleaned) == cleaned

    def has_null(inner: Any) -> bool:
        if isinstance(inner, dict):
            return any(v is None or has_null(v) for v in inner.values())
        return isinstance(inner, list) and any(has_null(v) for v in inner)

    assert not has_null(cleaned)
    assert cleaned.keys() == {k for k, v in value.items() if v is not None}


def test_a_struct_becomes_plain_without_what_is_absent() -> None:
    estimate = Estimate(p10_s=1, p50_s=2, p80_s=3, p90_s=4)
    line = WallLine(name="A", waiting=0, estimate=None, next=[], open_counters=0, place="", state="open", counters=[])
    assert plain(estimate) == {"p10_s": 1, "p50_s": 2, "p80_s": 3, "p90_s": 4}
    assert "estimate" not in plain(line)

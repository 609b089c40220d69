"""Every acceptance test of the circular's articles that is promised has a test that names its id."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
IDS = """
A1a A1b A1c A1d A1e  A2a A2b A2c  A3a A3b A3c A3d  A4a A4b A4c A4d A4e A4f  A5a A5b A5c A5d A5e
A6a A6b A6c A6d A6e A6f A6g A6h  A7a A7b  A8a A8b A8c A8d  A9a A9b A9c A9d  A10a  A11a A11b A11c A11d
A12a A12b A12c  A13a A13b A13c A13d A13e A13f A13g  A14a A14b
""".split()
NOT_YET = frozenset(
    "A2a A2b A2c A6a A6b A6c A6d A6e A6g A6h A7a A7b A8a A8b A8c A8d A9a A9b A9c A9d A12a A12b A12c".split()
)
"""Institutions that are not built. Whoever builds one takes its id out of here."""


def words_of_tests() -> str:
    """All tests but this one."""
    return "\n".join(p.read_text("utf-8") for p in TESTS.rglob("test_*.py") if p != Path(__file__))


@pytest.fixture(scope="module")
def named() -> set[str]:
    return set(re.findall(r"\bA\d{1,2}[a-h]\b", words_of_tests()))


@pytest.mark.parametrize("ident", [one for one in IDS if one not in NOT_YET])
def test_an_id_has_its_test(named: set[str], ident: str) -> None:
    assert ident in named, f"no test names {ident}"


def test_nothing_is_called_not_yet_that_has_a_test(named: set[str]) -> None:
    assert not named & NOT_YET

"""Whose case it is, as far as others may see: masked names out of the vault, each looked up once."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ..personal.masking import masked_name
from ..personal.vault import Vault

log = logging.getLogger(__name__)

KEPT_MOST = 50_000


class Applicants:
    """Masked names by case number. The full name is read, masked and forgotten in one breath.

    Only names are remembered: where there is none yet, one may still come.
    """

    def __init__(self, vault: Vault, *, companies_in_full: Callable[[], bool]) -> None:
        self._vault = vault
        self._companies_in_full = companies_in_full
        self._known: dict[tuple[str, bool], str] = {}

    def masked(self, no: str) -> str | None:
        """First character and a star; None when nothing was left, or is left."""
        in_full = self._companies_in_full()
        if (no, in_full) in self._known:
            return self._known[no, in_full]
        try:
            left = self._vault.get(f"case:{no}", who="hall", why="masked for board, page and status")
        except Exception as error:  # the disk, whatever it says: the number alone is enough
            log.warning("whose case it is could not be read: %s", type(error).__name__)
            return None
        if left is None or not left.name:
            return None
        name = masked_name(left.name, companies_in_full=in_full)
        if len(self._known) >= KEPT_MOST:
            self._known.clear()
        self._known[no, in_full] = name
        return name

    def forget(self, no: str | None = None) -> None:
        """Looked up anew: of one case, or of all after a purge."""
        if no is None:
            self._known.clear()
        for in_full in (False, True):
            self._known.pop((no or "", in_full), None)

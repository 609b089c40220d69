"""Who stands above a first inquiry, and whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..stamp import Stamp

if TYPE_CHECKING:
    from ..hall import Hall
    from .inquiry import Inquiry


def may_assign(hall: Hall, stamp: Stamp, department: str) -> bool:
    """Whether the caller stands above this department's clerks: its chief representative, or a manager of the hall."""
    clerk = hall.clerks.get(stamp.clerk or "")
    if clerk is not None:
        return clerk.chief and clerk.department == department
    account = hall.accounts.get(stamp.actor.removeprefix("account:"))
    if account is None or account.role not in ("manager", "chief_representative"):
        return False
    return account.department == department or (account.role == "manager" and account.department is None)


def may_see(hall: Hall, stamp: Stamp, inquiry: Inquiry) -> bool:
    """Whether it concerns the caller: those of its chain, whom it is offered to, who stands above them, auditors."""
    if stamp.clerk is not None and stamp.clerk in (inquiry.offered_to, *(link.clerk for link in inquiry.chain)):
        return True
    account = hall.accounts.get(stamp.actor.removeprefix("account:"))
    return (account is not None and account.role == "auditor") or may_assign(hall, stamp, department_of(hall, inquiry))


def department_of(hall: Hall, inquiry: Inquiry) -> str:
    """The department in which it is being seen through."""
    if inquiry.listed is not None:
        return inquiry.listed
    clerk = hall.clerks.get(inquiry.chain[-1].clerk)
    return clerk.department if clerk is not None else inquiry.department


def chief_of(hall: Hall, department: str, *, besides: str) -> str | None:
    """The chief clerk of a department, the one with the lowest number; None without one."""
    chiefs = (c for c in hall.clerks.values() if c.chief and c.enabled and c.department == department)
    return min((c.number for c in chiefs if c.number != besides), key=lambda n: (len(n), n), default=None)

"""Who may ask what: one table, and everything that is not in it is refused.

A role is what the caller's credential proves, not what it claims. The table says which roles may use a route at all;
whether this clerk may act on this counter, or this page on this ticket, is decided by the rules behind the route.
A test compares the table with the OpenAPI document: a route without a row, or a row without a route, fails it.
"""

from typing import Final, Literal

Role = Literal[
    "anyone",
    "ticket",
    "kiosk",
    "counter",
    "keypad",
    "wall",
    "integrator",
    "clerk",
    "manager",
    "admin",
    "auditor",
    "chief_representative",
    "information_officer",
    "supervisor",
]
"""`anyone` needs no credential; `ticket` is the visitor's page, `clerk` a session at a counter; `kiosk` to `integrator`
are devices, `manager` and those after it accounts."""
Roles = frozenset[Role]


def _roles(*roles: Role) -> Roles:
    return frozenset(roles)


ANYONE: Final = _roles("anyone")
KIOSK: Final = _roles("kiosk")
COUNTER: Final = _roles("counter")
CLERK: Final = _roles("clerk")
MANAGER: Final = _roles("manager")
DEVICES: Final = _roles("kiosk", "counter", "keypad", "wall", "integrator")
ACCOUNTS: Final = _roles("manager", "admin", "auditor", "chief_representative", "information_officer", "supervisor")
OVERSEERS: Final = _roles("manager", "auditor", "chief_representative")
CHIEFS_AND_MANAGERS: Final = _roles("manager", "chief_representative")
ON_CASES: Final = _roles("clerk", "integrator")
CHIEFS: Final = _roles("clerk", "chief_representative")
"""The clerk must be marked as chief, which the rules look at."""
READS_CASES: Final = ON_CASES | _roles("chief_representative", "manager", "auditor")
EVERYBODY: Final = ANYONE | DEVICES | ACCOUNTS | _roles("ticket", "clerk")
"""Open to anyone, so to everybody with a credential as well."""

ALLOWED: Final[dict[tuple[str, str], Roles]] = {
    # Visitors: kiosk and page
    ("GET", "/api/v1/catalogue"): EVERYBODY,
    ("GET", "/api/v1/lines"): EVERYBODY,
    ("GET", "/api/v1/clock"): EVERYBODY,
    ("GET", "/api/v1/board"): EVERYBODY,
    ("POST", "/api/v1/tickets"): KIOSK | CLERK,
    ("GET", "/api/v1/tickets/{id}"): KIOSK | CLERK | _roles("ticket"),
    ("POST", "/api/v1/tickets/{id}/cancel"): KIOSK | CLERK | _roles("ticket"),
    ("POST", "/api/v1/tickets/{id}/print-result"): KIOSK,
    ("POST", "/api/v1/tickets/{id}/reinstate"): KIOSK | CLERK | _roles("ticket"),
    ("POST", "/api/v1/tickets/{id}/on-my-way"): KIOSK | CLERK | _roles("ticket"),
    ("POST", "/api/v1/tickets/{id}/reclassify"): CLERK,
    ("POST", "/api/v1/tickets/offline"): KIOSK,
    ("POST", "/api/v1/blocks"): KIOSK,
    ("POST", "/api/v1/help"): KIOSK,
    ("POST", "/api/v1/ratings"): _roles("keypad", "ticket"),
    # Counter
    ("POST", "/api/v1/sessions"): COUNTER,
    ("DELETE", "/api/v1/sessions/current"): COUNTER | CLERK,
    ("POST", "/api/v1/counters/{n}/open"): CLERK,
    ("POST", "/api/v1/counters/{n}/pause"): CLERK,
    ("POST", "/api/v1/counters/{n}/close"): CLERK,
    ("POST", "/api/v1/counters/{n}/call-next"): CLERK,
    ("POST", "/api/v1/counters/{n}/call"): CLERK,
    ("POST", "/api/v1/counters/{n}/recall"): CLERK,
    ("POST", "/api/v1/counters/{n}/begin"): CLERK,
    ("POST", "/api/v1/counters/{n}/no-show"): CLERK,
    ("POST", "/api/v1/counters/{n}/park"): CLERK,
    ("POST", "/api/v1/counters/{n}/resume"): CLERK,
    ("POST", "/api/v1/counters/{n}/transfer"): CLERK,
    ("POST", "/api/v1/counters/{n}/return"): CLERK,
    ("POST", "/api/v1/counters/{n}/undo"): CLERK,
    ("POST", "/api/v1/counters/{n}/finish"): CLERK,
    ("POST", "/api/v1/inquiries"): CLERK,
    ("GET", "/api/v1/inquiries"): CLERK | OVERSEERS,
    ("GET", "/api/v1/inquiries/{id}"): CLERK | OVERSEERS,
    ("GET", "/api/v1/inquiries/{id}/visitor"): CLERK | CHIEFS_AND_MANAGERS,
    ("POST", "/api/v1/inquiries/{id}/hand-over"): CLERK,
    ("POST", "/api/v1/inquiries/{id}/accept"): CLERK,
    ("POST", "/api/v1/inquiries/{id}/decline"): CLERK,
    ("POST", "/api/v1/inquiries/{id}/answer"): CLERK,
    ("POST", "/api/v1/inquiries/{id}/assign"): CLERK | CHIEFS_AND_MANAGERS,
    # Complaints, the message book, bad ratings
    ("POST", "/api/v1/complaints"): KIOSK | CLERK | _roles("ticket"),
    ("GET", "/api/v1/complaints"): CLERK | OVERSEERS,
    ("GET", "/api/v1/complaints/{id}"): CLERK | OVERSEERS,
    ("POST", "/api/v1/complaints/{id}/accept"): OVERSEERS,
    ("POST", "/api/v1/complaints/{id}/investigate"): OVERSEERS,
    ("POST", "/api/v1/complaints/{id}/dispose"): OVERSEERS,
    ("POST", "/api/v1/complaints/{id}/answer"): OVERSEERS,
    ("POST", "/api/v1/complaints/{id}/file"): OVERSEERS,
    ("POST", "/api/v1/complaints/{id}/withdraw"): OVERSEERS,
    ("POST", "/api/v1/complaints/{id}/release"): _roles("auditor"),
    ("POST", "/api/v1/messages"): KIOSK | CLERK | _roles("ticket", "supervisor"),
    ("GET", "/api/v1/messages"): EVERYBODY,
    ("GET", "/api/v1/messages/{id}"): _roles("manager", "auditor"),
    ("POST", "/api/v1/messages/{id}/answer"): MANAGER,
    ("POST", "/api/v1/messages/{id}/complaint"): _roles("manager", "auditor"),
    ("GET", "/api/v1/bad-ratings"): CLERK | OVERSEERS,
    ("GET", "/api/v1/bad-ratings/{id}"): CLERK | OVERSEERS,
    ("POST", "/api/v1/bad-ratings/{id}/verify"): CLERK | CHIEFS_AND_MANAGERS,
    ("POST", "/api/v1/bad-ratings/{id}/put-right"): CLERK | CHIEFS_AND_MANAGERS,
    ("POST", "/api/v1/bad-ratings/{id}/explain"): CLERK | CHIEFS_AND_MANAGERS,
    ("POST", "/api/v1/bad-ratings/{id}/call-back"): CLERK | CHIEFS_AND_MANAGERS,
    ("POST", "/api/v1/bad-ratings/{id}/close"): CLERK | CHIEFS_AND_MANAGERS,
    ("POST", "/api/v1/ratings/{id}/review"): _roles("auditor"),
    ("GET", "/api/v1/registers/{kind}"): _roles("manager", "auditor"),
    # Cases and their cards
    ("POST", "/api/v1/cases"): ON_CASES,
    ("GET", "/api/v1/cases"): READS_CASES,
    ("GET", "/api/v1/cases/preview"): ON_CASES,
    ("GET", "/api/v1/cases/{no}"): READS_CASES,
    ("GET", "/api/v1/cases/{no}/applicant"): CLERK | _roles("chief_representative"),
    ("POST", "/api/v1/cases/{no}/supplement"): ON_CASES,
    ("POST", "/api/v1/cases/{no}/accept"): ON_CASES,
    ("POST", "/api/v1/cases/{no}/not-accept"): ON_CASES,
    ("POST", "/api/v1/cases/{no}/pause"): CHIEFS,
    ("POST", "/api/v1/cases/{no}/resume"): ON_CASES | CHIEFS,
    ("POST", "/api/v1/cases/{no}/step"): ON_CASES,
    ("POST", "/api/v1/cases/{no}/extend"): CHIEFS,
    ("POST", "/api/v1/cases/{no}/decide"): ON_CASES,
    ("POST", "/api/v1/cases/{no}/deliver"): ON_CASES,
    ("POST", "/api/v1/cases/{no}/withdraw"): ON_CASES,
    ("POST", "/api/v1/cases/{no}/void"): ON_CASES,
    ("POST", "/api/v1/cases/{no}/report-up"): ON_CASES,
    ("POST", "/api/v1/cases/{no}/reported-answer"): ON_CASES,
    ("POST", "/api/v1/cases/{no}/reopen"): CHIEFS,
    ("POST", "/api/v1/case-status"): EVERYBODY,
    ("GET", "/api/v1/cards"): _roles("auditor", "manager"),
    ("POST", "/api/v1/cards"): _roles("auditor"),
    ("POST", "/api/v1/cards/{id}/revoke"): _roles("auditor"),
    # Managers, auditors, machines
    ("POST", "/api/v1/accounts/sessions"): EVERYBODY,
    ("DELETE", "/api/v1/accounts/sessions/current"): ACCOUNTS,
    ("POST", "/api/v1/pairings"): EVERYBODY,
    ("POST", "/api/v1/pairings/{id}/claim"): EVERYBODY,
    ("POST", "/api/v1/pairings/confirm"): MANAGER,
    ("GET", "/api/v1/devices"): MANAGER,
    ("POST", "/api/v1/devices/{id}/revoke"): MANAGER,
    ("PUT", "/api/v1/devices/current/health"): DEVICES,
    ("POST", "/api/v1/notices"): MANAGER,
    ("DELETE", "/api/v1/notices/{id}"): MANAGER,
    ("POST", "/api/v1/evacuation"): MANAGER,
    ("DELETE", "/api/v1/evacuation"): MANAGER,
    ("GET", "/api/v1/settings"): MANAGER,
    ("PATCH", "/api/v1/settings"): MANAGER,
    ("PUT", "/api/v1/counters/{n}/lines"): MANAGER,
    ("POST", "/api/v1/counters/{n}/messages"): MANAGER,
    ("GET", "/api/v1/authorisations"): _roles("manager", "auditor", "chief_representative", "supervisor"),
    ("POST", "/api/v1/authorisations"): MANAGER,
    ("POST", "/api/v1/authorisations/{id}/revoke"): MANAGER,
    ("GET", "/api/v1/seals"): _roles("manager", "auditor", "chief_representative"),
    ("POST", "/api/v1/seals"): MANAGER,
    ("GET", "/api/v1/supervision"): _roles("manager", "auditor", "chief_representative"),
    ("POST", "/api/v1/supervision"): _roles("auditor"),
    ("POST", "/api/v1/supervision/{id}/close"): _roles("auditor"),
    ("GET", "/api/v1/accountability"): _roles("auditor"),
    ("GET", "/api/v1/accountability/{id}"): _roles("auditor"),
    ("POST", "/api/v1/accountability"): _roles("auditor"),
    ("POST", "/api/v1/accountability/{id}/decide"): _roles("auditor"),
    ("GET", "/api/v1/findings"): _roles("manager", "auditor"),
    ("POST", "/api/v1/findings"): _roles("auditor"),
    ("POST", "/api/v1/findings/{id}/link"): _roles("auditor"),
    ("GET", "/api/v1/indicators"): _roles("manager", "auditor", "supervisor"),
    ("GET", "/api/v1/indicators/{name}/events"): _roles("manager", "auditor"),
    ("GET", "/api/v1/replay"): _roles("manager", "auditor"),
    ("GET", "/api/v1/why"): _roles("manager", "auditor"),
    ("GET", "/api/v1/events"): _roles("manager", "auditor", "integrator"),
    # The live socket takes its token in the first message as well, so each picture asks again (PICTURES).
    ("GET", "/api/v1/live"): EVERYBODY,
    # Outside the versioned interface
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/ca.pem"): EVERYBODY,
    ("GET", "/schema/openapi.json"): EVERYBODY,
    ("GET", "/metrics"): MANAGER | _roles("integrator"),
}
"""(method, path as in the OpenAPI document) → roles that may use it."""

STATISTICS: Final = _roles("manager", "auditor", "chief_representative", "information_officer", "supervisor")
"""Figures without anybody's data."""

PAGES: Final[dict[tuple[str, str], Roles]] = {
    ("GET", "/console"): ACCOUNTS,
    ("GET", "/console/sign-in"): EVERYBODY,
    ("POST", "/console/sign-in"): EVERYBODY,
    ("POST", "/console/sign-out"): ACCOUNTS,
    ("GET", "/console/files/{name}"): EVERYBODY,
    ("GET", "/console/floor"): _roles("manager", "auditor"),
    ("GET", "/console/floor/now"): _roles("manager", "auditor"),
    ("POST", "/console/floor/notices"): MANAGER,
    ("POST", "/console/floor/notices/{id}/remove"): MANAGER,
    ("POST", "/console/floor/evacuation"): MANAGER,
    ("POST", "/console/floor/evacuation/end"): MANAGER,
    ("GET", "/console/limits"): OVERSEERS,
    ("GET", "/console/limits/{id}"): OVERSEERS,
    ("POST", "/console/limits/{id}/{name}"): OVERSEERS,
    ("GET", "/console/inquiries"): OVERSEERS,
    ("GET", "/console/inquiries/{id}"): OVERSEERS,
    ("POST", "/console/inquiries/{id}/{name}"): OVERSEERS,
    ("GET", "/console/ratings"): OVERSEERS,
    ("GET", "/console/ratings/{id}"): OVERSEERS,
    ("POST", "/console/ratings/{id}/{name}"): OVERSEERS,
    ("GET", "/console/complaints"): OVERSEERS,
    ("GET", "/console/complaints/{id}"): OVERSEERS,
    ("POST", "/console/complaints/{id}/{name}"): OVERSEERS,
    ("GET", "/console/messages/{id}"): _roles("manager", "auditor"),
    ("POST", "/console/messages/{id}/{name}"): _roles("manager", "auditor"),
    ("GET", "/console/counters"): _roles("manager", "auditor"),
    ("GET", "/console/counters/now"): _roles("manager", "auditor"),
    ("GET", "/console/counters/{n}"): _roles("manager", "auditor"),
    ("POST", "/console/counters/{n}/lines"): MANAGER,
    ("POST", "/console/counters/{n}/further"): MANAGER,
    ("POST", "/console/counters/{n}/message"): MANAGER,
    ("GET", "/console/devices"): MANAGER,
    ("GET", "/console/devices/now"): MANAGER,
    ("POST", "/console/devices/pair"): MANAGER,
    ("GET", "/console/devices/{id}/revoke"): MANAGER,
    ("POST", "/console/devices/{id}/revoke"): MANAGER,
    ("GET", "/console/people"): _roles("manager", "admin"),
    ("POST", "/console/people/clerks"): MANAGER,
    ("POST", "/console/people/clerks/disable"): MANAGER,
    ("POST", "/console/people/clerks/pin"): MANAGER,
    ("POST", "/console/people/accounts"): _roles("admin"),
    ("POST", "/console/people/accounts/disable"): _roles("admin"),
    ("POST", "/console/people/accounts/password"): _roles("admin"),
    ("GET", "/console/settings"): MANAGER,
    ("GET", "/console/settings/{section}"): MANAGER,
    ("POST", "/console/settings/{section}"): MANAGER,
    ("POST", "/console/settings-back"): MANAGER,
    ("GET", "/console/settings/files/export"): MANAGER,
    ("POST", "/console/settings/files/import"): MANAGER,
    ("GET", "/console/replay"): _roles("manager", "auditor"),
    ("GET", "/console/replay/then"): _roles("manager", "auditor"),
    ("GET", "/console/bulletin"): STATISTICS,
    ("GET", "/console/bulletin/file"): STATISTICS,
    ("GET", "/console/bulletin/members/{name}"): _roles("manager", "auditor"),
    ("GET", "/console/bulletin/{question}"): _roles("manager", "auditor"),
    ("GET", "/console/bulletin/{question}/file"): _roles("manager", "auditor"),
}
"""The console's pages in a browser: (method, path) → roles. A page without a row is open to nobody."""

PICTURES: Final[dict[str, Roles]] = {
    "wall": _roles("wall"),
    "counter": COUNTER | CLERK,
    "keypad": _roles("keypad"),
    "kiosk": KIOSK,
    "ticket": EVERYBODY,
    "manager": _roles("manager", "auditor"),
}
"""Kind of live picture → roles that may see one. `ticket:TOKEN` proves itself by its token; which counter, kiosk or
keypad is asked for is compared with the caller's own by the hub."""

METRICS_OPEN_ON_LOOPBACK: Final = ("GET", "/metrics")
"""The one route whose table is not the whole truth: on loopback anyone may read it."""


def may(role: Role, method: str, path: str) -> bool:
    """Whether a caller with this role may use the route; False for every route that is not in the table."""
    return role in ALLOWED.get((method, path), frozenset())

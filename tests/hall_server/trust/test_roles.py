"""The table refuses by default, and nobody has rights that contradict the separation of powers."""

from typing import get_args

import pytest

from hall_server.trust.roles import ACCOUNTS, ALLOWED, DEVICES, EVERYBODY, PICTURES, Role, may

ROLES: tuple[Role, ...] = get_args(Role)
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_in_the_table_is_refused(role: Role) -> None:
    assert not may(role, "GET", "/api/v1/secrets")
    assert not may(role, "DELETE", "/api/v1/catalogue")


def test_every_role_is_known_and_everybody_means_every_role() -> None:
    assert frozenset(ROLES) == EVERYBODY
    assert all(roles <= EVERYBODY for roles in ALLOWED.values())
    assert all(roles <= EVERYBODY for roles in PICTURES.values())
    assert all("anyone" not in roles or roles == EVERYBODY for roles in ALLOWED.values())


def test_without_a_credential_nothing_of_the_queue_can_be_changed() -> None:
    open_changes = {route for route, roles in ALLOWED.items() if "anyone" in roles and route[0] in CHANGING}
    assert open_changes == {
        ("POST", "/api/v1/accounts/sessions"),
        ("POST", "/api/v1/pairings"),
        ("POST", "/api/v1/pairings/{id}/claim"),
        ("POST", "/api/v1/case-status"),
    }, "and asking how far a case is, which changes nothing"


def test_an_auditor_changes_no_ticket_counter_or_setting() -> None:
    changes = {route for route, roles in ALLOWED.items() if route[0] in CHANGING and "auditor" in roles}
    own = ("sessions", "pairings", "findings", "/cards", "case-status", "/ratings/", "bad-ratings", "complaint",
           "supervision", "accountability")  # fmt: skip
    assert changes == {route for route in changes if any(word in route[1] for word in own)}, "the oversight registers"


def test_a_voluntary_supervisor_changes_nothing_but_his_remarks() -> None:
    """A13e: he reads what is public and statistical, and leaves remarks in the message book."""
    own = {route for route, roles in ALLOWED.items() if "supervisor" in roles and roles != EVERYBODY}
    assert {route for route in own if route[0] in CHANGING} == {
        ("DELETE", "/api/v1/accounts/sessions/current"),
        ("POST", "/api/v1/messages"),
    }
    for secret in ("inquiries", "complaints", "bad-ratings", "cases", "events", "messages/{id}"):
        assert not any(secret in path for _, path in own), secret


def test_a_clerk_cannot_rate_and_a_keypad_can_do_nothing_else() -> None:
    assert not may("clerk", "POST", "/api/v1/ratings")
    assert not may("counter", "POST", "/api/v1/ratings")
    own = {route for route, roles in ALLOWED.items() if "keypad" in roles and roles != EVERYBODY}
    assert own == {("POST", "/api/v1/ratings"), ("PUT", "/api/v1/devices/current/health")}


def test_a_counters_device_alone_serves_nobody() -> None:
    """Its clerk's session does: a stolen counter token without a PIN calls no ticket."""
    assert not any(may("counter", m, p) for m, p in ALLOWED if p.startswith("/api/v1/counters/"))


def test_a_page_reaches_its_ticket_only() -> None:
    own = {p for (m, p), roles in ALLOWED.items() if "ticket" in roles and roles != EVERYBODY}
    assert own == {
        "/api/v1/tickets/{id}",
        "/api/v1/tickets/{id}/cancel",
        "/api/v1/tickets/{id}/reinstate",
        "/api/v1/tickets/{id}/on-my-way",
        "/api/v1/ratings",
        "/api/v1/complaints",
        "/api/v1/messages",
    }


def test_settings_and_devices_are_the_managers() -> None:
    for route in (
        ("PATCH", "/api/v1/settings"),
        ("POST", "/api/v1/devices/{id}/revoke"),
        ("POST", "/api/v1/evacuation"),
    ):
        assert ALLOWED[route] == {"manager"}


def test_pictures_go_to_their_own_screens() -> None:
    assert PICTURES["keypad"] == {"keypad"}
    assert "kiosk" not in PICTURES["counter"]
    assert "wall" not in PICTURES["manager"]
    assert DEVICES.isdisjoint(ACCOUNTS)

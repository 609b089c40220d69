"""Why a rule says no: one stable code each, with the HTTP status it travels under.

The sentence for a person is `refusal.CODE` in the translations; this table is the complete list.
"""

from typing import Any, Final

REFUSALS: Final[dict[str, int]] = {
    # the request itself
    "bad_request": 400,
    "idempotency_key_missing": 400,
    "idempotency_key_bad": 400,
    "idempotency_key_reused": 422,
    "body_too_large": 413,
    "not_found": 404,
    "method_not_allowed": 405,
    "too_many_requests": 429,
    "storage_unavailable": 503,
    "internal_error": 500,
    # who is asking
    "not_signed_in": 401,
    "not_allowed": 403,
    "cross_origin": 403,
    "wrong_clerk_or_pin": 401,
    "pin_delayed": 429,
    "wrong_name_or_password": 401,
    "password_delayed": 429,
    "password_too_weak": 400,
    "pin_too_weak": 400,
    "counter_taken": 409,
    # visitors
    "unknown_service": 404,
    "unknown_line": 404,
    "unknown_ticket": 404,
    "unknown_block": 404,
    "unknown_appointment": 404,
    "line_closed": 409,
    "quota_reached": 409,
    "too_early": 409,
    "already_waiting": 409,
    "wrong_state": 409,
    "reinstated_already": 409,
    # counters
    "unknown_counter": 404,
    "counter_busy": 409,
    "counter_closed": 409,
    "counter_paused": 409,
    "not_your_counter": 403,
    "not_served_here": 409,
    "recall_limit": 409,
    "recall_too_soon": 409,
    "no_show_too_soon": 409,
    "not_undoable": 409,
    "taken_elsewhere": 409,
    # ratings
    "unknown_rating": 404,
    "already_rated": 409,
    "rating_closed": 409,
    "wrong_nonce": 403,
    # cases and cards
    "unknown_case": 404,
    "already_received": 409,
    "unknown_step": 404,
    "unknown_document": 404,
    "unknown_seal": 404,
    "unknown_card": 404,
    "documents_missing": 409,
    "counts_by_guide": 409,
    "nothing_missing": 400,
    "supplement_given": 409,
    "overdue": 409,
    "extended_already": 409,
    "extension_too_long": 409,
    "not_authorised": 403,
    "seal_missing": 409,
    "reason_missing": 400,
    "notice_missing": 400,
    "evidence_missing": 400,
    "due_by_hand": 400,
    "date_outside_calendar": 400,
    "card_without_cause": 400,
    "card_stands": 409,
    # oversight
    "unknown_department": 404,
    "unknown_letter": 404,
    "unknown_finding": 404,
    "unknown_entry": 404,
    "result_missing": 400,
    "decision_missing": 400,
    # first inquiry
    "unknown_inquiry": 404,
    "not_yours": 403,
    "hand_over_to_oneself": 409,
    # complaints and the message book
    "unknown_complaint": 404,
    "unknown_message": 404,
    "unknown_category": 400,
    "date_ahead": 400,
    "publishing_not_wanted": 409,
    # ratings looked into
    "unknown_aspect": 400,
    "already_reviewed": 409,
    "unknown_bad_rating": 404,
    "concerns_yourself": 403,
    "not_verified": 409,
    "not_put_right": 409,
    "not_called_back": 409,
    "nobody_to_call": 409,
    # managers
    "unknown_notice": 404,
    "unknown_device": 404,
    "unknown_code": 404,
    "code_expired": 410,
    "already_claimed": 410,
    "not_confirmed": 409,
    "no_evacuation": 409,
    "name_taken": 409,
    "precondition_missing": 428,
    "changed_meanwhile": 412,
    "bad_setting": 400,
    "unknown_clerk": 404,
    "unknown_account": 404,
    "unknown_month": 400,
    "unknown_day": 404,
}


class Refused(Exception):
    """A rule says no. Nothing has changed.

    `code` is one of `REFUSALS`; `values` fill the placeholders of its sentence (never personal data).
    """

    def __init__(self, code: str, **values: Any) -> None:
        if code not in REFUSALS:
            raise AssertionError(f"refusal code {code!r} is not in the table")
        super().__init__(code)
        self.code = code
        self.values = values

    @property
    def status(self) -> int:
        """The HTTP status of this refusal."""
        return REFUSALS[self.code]

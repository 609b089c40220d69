"""A case (办件) as answers and screens show it, its cards, and the public board.

Due dates are instants (closing time), null while the clock stands. A light is never colour alone: `warning`, `clock`
and `working_days_left` choose the word beside it.
"""

from . import Picture


class Card(Picture, kw_only=True):
    """A card that was raised; it stays in the register when it is revoked."""

    id: str
    case: str
    level: str
    """`yellow red`"""
    cause: str
    """`promised_limit_passed statutory_limit_passed step_overdue` by the clock; others by an auditor."""
    rule: str
    """Which rule raised it, with its numbers: `red_after_working_days=3`."""
    due_at: str | None
    true_at: str
    """When it became true; earlier than `raised_at` when the server was down."""
    raised_at: str
    revoked_at: str | None = None
    reason_code: str | None = None
    calendar_version: str = ""


class CasePause(Picture, kw_only=True, rename={"from_": "from"}):
    """A stop of both clocks: the day `from` does not count, the day `to` counts again."""

    from_: str
    to: str | None
    reason_code: str
    notice_no: str | None = None


class TrailStep(Picture, kw_only=True):
    """One step of the way. `name` is the catalogue's; without one `code` is a word of `case.CODE`."""

    code: str
    name: str | None = None
    state: str
    """`done now to_come`"""
    counts: bool = True
    """Whether it counts towards the limits."""
    at: str | None = None
    due: str | None = None


class Case(Picture, kw_only=True):
    """One matter from receipt to delivery."""

    no: str
    service: str
    service_name: str
    department: str
    site: str
    form: str
    state: str
    """`received supplementing accepted paused reported_up decided delivered withdrawn not_accepted void`"""
    step: str | None
    """Name of the step under way, from the catalogue."""
    notice_no: str | None
    """Of the last written notice: supplement, pause or extension."""
    received_at: str
    accepted_on: str | None
    promised_due: str | None
    statutory_due: str | None
    provisional: bool
    clock: str
    """`not_started running stopped ended`"""
    stopped_since: str | None
    light: str
    """`green yellow red`"""
    warning: bool
    """Yellow because it is due soon, not because a card stands."""
    working_days_left: int | None
    """Until the promised day: 0 is today, below 0 is past; null while the clock does not run."""
    cards: list[Card]
    pauses: list[CasePause]
    decided_at: str | None
    outcome: str | None
    """`granted denied`"""
    place: str | None
    """Where it was decided: `counter department`."""
    seal: str | None
    ticket: str | None
    project: str | None
    channel: str | None
    handling: str
    """`on_the_spot committed`"""
    promised_days: int
    statutory_days: int | None
    day_unit: str
    catalogue_version: str
    """The version it began under, and keeps."""
    extended_days: int
    documents: list[str]
    """Those that are there, by name."""
    missing: list[str]
    supplement_until: str | None
    """Until when what is missing may be brought, a day."""
    deliver_due: str | None
    """Until when the decision is to be delivered."""
    trail: list[TrailStep]
    counter: str | None
    clerk: str | None
    """With whom it lies."""
    show_name: bool
    reopened: bool = False


class CaseMade(Case, kw_only=True):
    """The answer to `POST /cases`: the only one that has the check code. `url` is what the receipt's QR opens."""

    check_code: str
    url: str


class CaseStatus(Picture, kw_only=True):
    """A case as anybody with its receipt sees it: no clerk, no document, the applicant masked."""

    no: str
    service: str
    service_name: str
    department: str
    form: str
    applicant: str | None
    """First character and a star."""
    state: str
    step: str | None
    received_at: str
    accepted_on: str | None
    promised_due: str | None
    statutory_due: str | None
    provisional: bool
    clock: str
    stopped_since: str | None
    light: str
    warning: bool
    working_days_left: int | None
    pauses: list[CasePause]
    missing: list[str]
    supplement_until: str | None
    decided_at: str | None
    outcome: str | None
    promised_days: int
    statutory_days: int | None
    day_unit: str
    trail: list[TrailStep]


class CaseDates(Picture, kw_only=True):
    """`GET /cases/preview?service=…`: what would be promised if it were accepted now."""

    service: str
    accepted_on: str
    promised_due: str | None
    statutory_due: str | None
    provisional: bool
    promised_days: int
    statutory_days: int | None
    day_unit: str
    handling: str
    may_decide: bool
    """Whether this clerk holds the power to decide it at the counter today."""
    seal_needed: bool
    materials: list[str]


class CaseBrief(Picture, kw_only=True):
    """One row of a list of cases."""

    no: str
    service: str
    service_name: str
    state: str
    step: str | None = None
    light: str
    warning: bool = False
    clock: str
    promised_due: str | None = None
    working_days_left: int | None = None
    provisional: bool = False
    counter: str | None = None
    clerk: str | None = None


class CaseList(Picture, kw_only=True):
    """`GET /cases`: worst first, then by due date. `more` when the list was cut."""

    cases: list[CaseBrief]
    more: bool = False


class CaseColumn(Picture, kw_only=True):
    """Cases in progress of one counter, worst first; `total` counts those that are not shown as well."""

    cases: list[CaseBrief]
    total: int


class BoardRow(Picture, kw_only=True):
    """One case on the public board. Without consent no name: the number only."""

    no: str
    applicant: str | None
    service: str
    """The item's key; `service_name` is its name."""
    service_name: str
    department: str
    step: str
    """The catalogue's name of the step under way, else the state's code word (`case.CODE`)."""
    state: str
    light: str
    warning: bool
    clock: str
    promised_due: str | None
    working_days_left: int | None
    provisional: bool


class BoardTotals(Picture, kw_only=True):
    """How many cases in progress have which light; `stopped` ones are counted apart."""

    green: int = 0
    yellow: int = 0
    red: int = 0
    stopped: int = 0

"""What a hall may choose: every setting with its default.

The sections are the tables of `hall.toml` and the members of `GET /settings`. A value absent in the file has the
default written here. Spans of the day are `"09:00-12:00"`, dates `"2026-10-01"`, units stand in the names. What the
types cannot say is in `settings_rules.py`; the file itself is read by `hall_server/settings.py`.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from hall_protocol.ids import LANGUAGES, PRIORITY_CLASSES, Language, PriorityClass

Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="time of day, HH:MM")]
Span = Annotated[
    str,
    Meta(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
        description="span of a day, HH:MM-HH:MM, the end not included",
    ),
]
Spans = Annotated[tuple[Span, ...], Meta(max_length=8)]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", description="YYYY-MM-DD")]
Days = Annotated[tuple[Day, ...], Meta(max_length=400)]
MonthDay = Annotated[str, Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", description="MM-DD")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Words = dict[Language, Annotated[str, Meta(min_length=1, max_length=120)]]
Paragraphs = dict[Language, Annotated[str, Meta(min_length=1, max_length=4000)]]
Phone = Annotated[str, Meta(max_length=40, pattern=r"^[0-9+() -]*$")]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Key = Annotated[
    str, Meta(pattern=r"^[^.\[\]\s\"'=#]{1,64}$", description="key of a table, without dots, brackets, spaces")
]
Percent = Annotated[int, Meta(ge=0, le=100)]
Pixels = Annotated[int, Meta(ge=0, le=16384)]
Address = Annotated[str, Meta(pattern=r"^[^\s@<>,;]+@[^\s@<>,;]+$", max_length=200, description="e-mail address")]
WorkingDays = Annotated[int, Meta(ge=1, le=60)]

WEEKDAYS: Final[tuple[Weekday, ...]] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every table of `hall.toml`: an unknown key is an error, never ignored."""


class Hall(Section, frozen=True):
    """`[hall]`: who this hall is."""

    hall: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")] = "hall"
    """Short name of the hall, announced by mDNS and shown to programs; never changes after the first day."""
    name: Words = msgspec.field(
        default_factory=lambda: {"zh-Hans": "政务服务中心", "zh-Hant": "政務服務中心", "en": "Service hall"}
    )
    zone: Annotated[str, Meta(min_length=1, max_length=64)] = "Asia/Shanghai"
    """IANA name of the time zone; the hall-day and every due date follow it."""
    hotline: Phone = "12345"
    complaint_phone: Phone = ""
    """Empty is a finding until it is filled."""
    languages: Annotated[tuple[Language, ...], Meta(min_length=1, max_length=8)] = LANGUAGES
    """Languages offered; the first is the hall's own."""
    second_language: Language | None = None
    """A second language on ticket and wall."""


class Hours(Section, frozen=True):
    """`[hours]`: when the hall is open. A day that is no working day has no hours unless `sites` says otherwise."""

    working_day: Spans = ("09:00-12:00", "13:30-16:30")
    weekdays: dict[Weekday, Spans] = msgspec.field(default_factory=dict)
    """Other hours on that weekday, when it is a working day."""
    sites: dict[Key, Spans] = msgspec.field(default_factory=dict)
    """Other hours of one site on working days, by the site's key."""
    due_at: Literal["closing", "end_of_day"] = "closing"
    """The instant a due day ends (Civil Code article 203: the close of business)."""
    day_ends_at: Clock = "04:00"
    """The hall-day rolls over when no counter is open, at the latest at this time, open counters or not."""
    keep_tickets_overnight: bool = False


class Calendar(Section, frozen=True):
    """`[calendar]`: days this hall decides itself; they win over the published and the provisional calendar."""

    off: Days = ()
    """Closures, local and ethnic holidays."""
    work: Days = ()
    """Days open although the published calendar says off."""
    calendar_warning_from: MonthDay = "11-01"
    """From this day on the manager is warned while next year's notice is missing."""


class Queue(Section, frozen=True):
    """`[queue]`: numbers, calls and order."""

    digits: Annotated[int, Meta(ge=2, le=5)] = 3
    """Digits of a number behind its letter."""
    first_number: Annotated[int, Meta(ge=0, le=9999)] = 1
    daily_quota: Annotated[int, Meta(ge=1, le=99999)] | None = None
    """Tickets a day and line, where the line has no quota of its own; absent is no limit."""
    calls_max: Annotated[int, Meta(ge=1, le=20)] = 3
    call_interval_s: Annotated[int, Meta(ge=0, le=600)] = 15
    no_show_by_itself: bool = False
    """After the last call and one more interval the ticket becomes a no-show without a press."""
    reinstate_after: Annotated[int, Meta(ge=0, le=50)] = 3
    """A missed visitor comes back behind this many others."""
    reinstate_max: Annotated[int, Meta(ge=0, le=10)] = 1
    head_start_min: Annotated[int, Meta(ge=0, le=240)] = 15
    """Head start of entitled visitors; 0 is strictly first come, first served."""
    priority_classes: Annotated[tuple[PriorityClass, ...], Meta(min_length=1)] = PRIORITY_CLASSES
    """Classes a visitor may choose at the kiosk; `ordinary` is always there."""
    elder_age: Annotated[int, Meta(ge=50, le=100)] = 60
    undo_window_min: Annotated[int, Meta(ge=1, le=60)] = 10
    block_size: Annotated[int, Meta(ge=1, le=200)] = 20
    """Numbers a kiosk keeps aside per line for the time the server is away."""


class Wall(Section, frozen=True):
    """`[wall]`: what all screens share."""

    viewing_distance_m: Annotated[float, Meta(ge=1, le=60)] = 8.0


class Daypart(Section, frozen=True):
    """Volume from a time of day on, until the next daypart."""

    at: Clock
    volume_percent: Percent


class Voice(Section, frozen=True):
    """`[voice]`: spoken calls."""

    phrase_repeats: Annotated[int, Meta(ge=1, le=5)] = 2
    one_as_yao: bool = True
    """Read the digit 1 as 幺."""
    volume_percent: Percent = 60
    dayparts: Annotated[tuple[Daypart, ...], Meta(max_length=12)] = ()
    quiet_hours: Spans = ()


class Limits(Section, frozen=True):
    """`[limits]`."""

    requests_per_s: Annotated[int, Meta(ge=0, le=100_000)] = 20
    """Per device and per address without a device; 0 is none."""


class Session(Section, frozen=True):
    """`[session]`: signed-in clerks and accounts."""

    idle_min: Annotated[int, Meta(ge=1, le=480)] = 30
    longest_h: Annotated[int, Meta(ge=1, le=24)] = 12


class Rating(Section, frozen=True):
    """`[rating]`."""

    rating_window_working_days: Annotated[int, Meta(ge=0, le=60)] = 5
    """How long the visitor's page takes a rating; 0 is until the end of the hall-day."""
    keypad_s: Annotated[int, Meta(ge=5, le=300)] = 20
    """How long the keypad asks."""
    rating_default: Annotated[int, Meta(ge=3, le=5)] | None = None
    """Level recorded as `default` when nobody rated within the window; never counted. Absent: unrated stays unrated."""
    rating_contents: Literal["1"] = "1"
    """Version of the aspects a rating may name."""
    bad_rating_call_back: WorkingDays = 1
    """Working days until a bad rating is verified, and who gave it is called back."""
    bad_rating_put_right: WorkingDays = 5
    """Working days until a bad rating is put right or explained."""


class Cases(Section, frozen=True):
    """`[cases]`: what is kept and shown of cases."""

    companies_in_full: bool = True
    """Names of companies are shown whole where names are masked; persons are always a surname and a star."""
    kept_days: Annotated[int, Meta(ge=0, le=3650)] = 90
    """Days a finished case stays in the hall, with whose it is: for its status page, delivery and reopening."""


class Deadlines(Section, frozen=True):
    """`[deadlines]`: limits of the law beside each item's own, working days."""

    supplement: WorkingDays = 5
    """Until everything missing is named; then the clock itself accepts, from the day of receipt (licensing law 32)."""
    delivery: WorkingDays = 10
    """From the decision to its delivery (law 44)."""
    extension: WorkingDays = 10
    """Longest extension (law 42)."""
    joint_extension: WorkingDays = 15
    """Longest extension of a case that belongs to a project (law 42)."""


class Supervision(Section, frozen=True):
    """`[supervision]`: warning, yellow and red."""

    warning_working_days: Annotated[int, Meta(ge=0, le=30)] = 1
    """A case is warned of so many working days before its promised day, or `warning_share` of its limit if less."""
    warning_share: Percent = 20
    """Percent of the limit, rounded down to whole days."""
    red_after_working_days: WorkingDays = 3
    """A red card at closing time of this working day after the promised one, or when the statutory limit passes."""


class Inquiry(Section, frozen=True):
    """`[inquiry]`: first-contact responsibility."""

    hand_over_accept: WorkingDays = 1
    """Working days within which a hand-over is accepted; then it lies before the chief representative."""


class Complaint(Section, frozen=True):
    """`[complaint]`: complaints and the message book, working days from the day of receipt."""

    acceptance: WorkingDays = 5
    """Until it is decided whether a complaint is taken up."""
    answer_consultation: WorkingDays = 3
    answer_suggestion: WorkingDays = 7
    """Suggestions, and entries of the message book."""
    answer_complaint: WorkingDays = 15


class Bulletin(Section, frozen=True):
    """`[bulletin]`: the monthly bulletin of the seven indicators."""

    bulletin_freeze_working_day: Annotated[int, Meta(ge=1, le=20)] = 6
    """Working day of the next month on which it is frozen, at opening time."""
    on_site_target_percent: Annotated[int, Meta(ge=0, le=100)] = 90
    """Share of cases closed at the counter the circular asks for (article 5)."""


class Retention(Section, frozen=True):
    """`[retention]`: what is kept how long."""

    personal_retention_days: Annotated[int, Meta(ge=0, le=3650)] = 30
    log_retention_days: Annotated[int, Meta(ge=1, le=3650)] = 183


class Public(Section, frozen=True):
    """`[public]`: the visitor's page and the guides. Without `public_url` no page is offered to phones."""

    public_url: Annotated[str, Meta(pattern=r"^https?://[^\s/]+(/[^\s]*)?$", max_length=200)] | None = None
    certificate: Annotated[str, Meta(min_length=1, max_length=400)] | None = None
    """PEM file with the chain for `--public`; absent when a proxy stands before it."""
    certificate_key: Annotated[str, Meta(min_length=1, max_length=400)] | None = None
    organisation: Paragraphs = msgspec.field(default_factory=dict)
    """What the hall does and who answers for what, by language; lines are paragraphs. Offices, no person's name."""
    address: Words = msgspec.field(default_factory=dict)
    """Where the hall is, by language."""
    contacts: Paragraphs = msgspec.field(default_factory=dict)
    """How else it is reached, by language: post, bus lines, parking."""


class Kiosk(Section, frozen=True):
    """`[kiosk]`: how long a kiosk waits for a touch before it wipes what was entered."""

    idle_s: Annotated[int, Meta(ge=5, le=600)] = 30
    idle_ring_s: Annotated[int, Meta(ge=3, le=120)] = 10
    idle_slow_s: Annotated[int, Meta(ge=5, le=600)] = 60
    """While large print or voice is on."""
    idle_slow_ring_s: Annotated[int, Meta(ge=3, le=120)] = 20


class Zone(Section, frozen=True):
    """A rectangle of a screen in its own pixels, and what it shows."""

    zone: Literal["calls", "counters", "lines", "approvals", "catalogue", "counter", "notices", "manager"]
    x: Pixels
    y: Pixels
    w: Annotated[int, Meta(ge=1, le=16384)]
    h: Annotated[int, Meta(ge=1, le=16384)]
    counter: Name | None = None
    """For the zone `counter`: which one."""


class Screen(Section, frozen=True):
    """`[screens.NAME]`: one wall screen. Without zones it has the standard layout of its size."""

    width: Annotated[int, Meta(ge=64, le=16384)] = 1920
    height: Annotated[int, Meta(ge=16, le=16384)] = 1080
    zones: Annotated[tuple[Zone, ...], Meta(max_length=16)] = ()
    lines: Annotated[tuple[Name, ...], Meta(max_length=60)] = ()
    """Lines shown and spoken here; empty is all."""
    viewing_distance_m: Annotated[float, Meta(ge=1, le=60)] | None = None
    """Instead of the one of `[wall]`."""


class Alarms(Section, frozen=True):
    """`[alarms]`: what is told outside the hall, and to whom. All off until a person sets it; nothing leaves before."""

    wait_min: Annotated[int, Meta(ge=1, le=600)] | None = None
    """First visitor of a line waiting longer; also from when the list shows it (45 where this is absent)."""
    queue: Annotated[int, Meta(ge=1, le=9999)] | None = None
    """So many people waiting in one line."""
    device_gone_min: Annotated[int, Meta(ge=1, le=1440)] | None = None
    """A paired device not connected for longer."""
    card: Literal["red", "yellow"] | None = None
    """Cards from this colour on."""
    disk_mb: Annotated[int, Meta(ge=100, le=10_000_000)] | None = None
    """Less room than this where the hall is kept, or a disk that cannot be written."""
    backup_age_h: Annotated[int, Meta(ge=1, le=8760)] | None = None
    """Newest file in `backups/` older than this."""
    webhook: Annotated[str, Meta(pattern=r"^https?://[^\s/@]+(/[^\s]*)?$", max_length=400)] | None = None
    """Address that gets a `POST`; its token, if any, is the file `keys/alarm-webhook-token`."""
    mail_server: Annotated[str, Meta(pattern=r"^[^\s:/@]+:[0-9]{1,5}$", max_length=200)] | None = None
    """`HOST:PORT`; the password is the file `keys/alarm-mail-password`."""
    mail_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_user: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    mail_from: Address | None = None
    mail_to: Annotated[tuple[Address, ...], Meta(max_length=20)] = ()


class Settings(Section, frozen=True):
    """Everything a hall may choose, `hall.toml` as a value."""

    hall: Hall = Hall()
    hours: Hours = Hours()
    calendar: Calendar = Calendar()
    queue: Queue = Queue()
    wall: Wall = Wall()
    voice: Voice = Voice()
    limits: Limits = Limits()
    session: Session = Session()
    rating: Rating = Rating()
    cases: Cases = Cases()
    deadlines: Deadlines = Deadlines()
    supervision: Supervision = Supervision()
    inquiry: Inquiry = Inquiry()
    complaint: Complaint = Complaint()
    bulletin: Bulletin = Bulletin()
    retention: Retention = Retention()
    public: Public = Public()
    kiosk: Kiosk = Kiosk()
    alarms: Alarms = Alarms()
    screens: Annotated[dict[Key, Screen], Meta(max_length=64)] = msgspec.field(default_factory=dict)
    """Wall screens by name; a name not listed has the standard layout."""


class BadSetting(ValueError):
    """A setting is not valid. `key` is its dotted name (`queue.calls_max`), `why` one plain English clause."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key}: {why}" if key else why)
        self.key = key
        self.why = why

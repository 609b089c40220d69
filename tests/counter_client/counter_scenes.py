"""Counter pictures as a hall would send them, for every state of the desk. Composed; names and numbers are no data."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from hall_protocol.codec import plain
from hall_protocol.pictures import Evacuation, HallFace, Notice
from hall_protocol.pictures.counter import (
    Counter,
    CounterChoice,
    CounterPicture,
    LastRating,
    LineChoice,
    Message,
    NextUp,
    QueueEntry,
    ServiceDetail,
    UndoOffer,
)
from hall_protocol.pictures.keypad import KeypadPicture
from hall_protocol.pictures.ticket import RatingRequest, Ticket

ZONE = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 24, 10, 32, 0, tzinfo=ZONE)
LONG_SERVICE = (
    "企业投资项目核准（含国家重点保护野生动物人工繁育许可及其变更、延续、补办和注销）以及跨行政区域的建设工程规划许可证核发、"
    "变更与延期的联合受理、审查、勘验、公示、决定和送达服务事项之一百一十个字的最长名称示例文本到此为止"
)
LONG_DEPARTMENT = "县自然资源和规划建设综合行政执法管理服务局"


def at(text: str) -> str:
    """A time of the day shown, `10:25` or `10:25:08`."""
    parts = [int(part) for part in text.split(":")]
    moment = NOW.replace(hour=parts[0], minute=parts[1], second=parts[2] if len(parts) > 2 else 0)
    return moment.isoformat(timespec="milliseconds")


def in_s(seconds: float) -> str:
    """A time so many seconds from the moment shown."""
    return (NOW + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def hall() -> HallFace:
    return HallFace(
        name="示例县政务服务中心",
        names={"zh-Hans": "示例县政务服务中心", "en": "Sample county service centre"},
        hall="sample",
        zone="Asia/Shanghai",
        day="2026-11-24",
        hotline="12345",
        complaint_phone="0000-0000001",
        languages=["zh-Hans", "zh-Hant", "en"],
        hours=[["09:00", "12:00"], ["13:30", "16:30"]],
        open=True,
    )


def counter(**changes: Any) -> Counter:
    fields: dict[str, Any] = {
        "counter": "3",
        "site": "main",
        "kind": "counter",
        "department": "县医疗保障局",
        "state": "open",
        "clerk": "0312",
        "ticket": None,
        "lines": ["A"],
        "since": at("09:00"),
        "reason": None,
        "resume_at": None,
    }
    return Counter(**(fields | changes))


def ticket(number: str = "A041", *, state: str = "serving", **changes: Any) -> Ticket:
    fields: dict[str, Any] = {
        "id": f"20261124-{number}",
        "number": number,
        "site": "main",
        "line": "A",
        "line_name": "社保医保",
        "service": "YB-01",
        "form": "reception",
        "priority_class": "ordinary",
        "state": state,
        "issued_at": at("10:12"),
        "called_at": at("10:25"),
        "begun_at": at("10:25:48") if state == "serving" else None,
        "finished_at": None,
        "counter": "3",
        "counters": ["3", "4", "5"],
        "place": "一楼 A 区",
        "calls": 1,
        "ahead": None,
        "estimate": None,
        "language": "zh-Hans",
        "parked_until": None,
        "transferred_from": None,
        "on_my_way": False,
        "reason_code": "first",
        "url": "/t/none",
    }
    return Ticket(**(fields | changes))


def entry(number: str, service: str, minutes: int, **changes: Any) -> QueueEntry:
    fields: dict[str, Any] = {
        "id": f"20261124-{number}",
        "number": number,
        "line": number[0],
        "service_name": service,
        "priority_class": "ordinary",
        "issued_at": in_s(-60 * minutes - 5),
    }
    return QueueEntry(**(fields | changes))


def queue() -> list[QueueEntry]:
    return [
        entry("A042", "门诊慢病认定", 14, priority_class="elder", reason_code="priority"),
        entry("A043", "异地急诊备案", 17),
        entry("A044", "门诊报销", 11),
        entry("A045", "生育津贴", 9, reason_code="appointment"),
        entry("A046", "社保卡申领", 4, on_my_way=True),
    ]


def picture(**changes: Any) -> dict[str, Any]:
    """The desk with the counter free and five waiting, as plain values; `changes` are fields of the picture."""
    waiting = queue()
    fields: dict[str, Any] = {
        "hall": hall(),
        "counter": counter(),
        "next": NextUp(entry=waiting[0], reason_code="priority", values={"class": "elder", "minutes": "15"}),
        "queue": waiting,
        "queue_length": 5,
        "longest_since": in_s(-17 * 60 - 5),
        "parked": [],
        "missed": [],
        "lines": [
            LineChoice(line="A", name="社保医保", waiting=5, open_counters=3),
            LineChoice(line="B", name="不动产登记", waiting=12, open_counters=2),
            LineChoice(line="C", name="企业开办", waiting=0, open_counters=1),
        ],
        "counters": [
            CounterChoice(counter="4", state="open", department="县医疗保障局"),
            CounterChoice(counter="6", state="paused", department="县民政局"),
        ],
        "pause_reasons": ["fetch_documents", "printer_fault", "system_fault", "meal", "handover", "other"],
        "park_reasons": ["fetch_original", "copy", "photo", "pay", "fill_form", "other"],
        "messages": [],
        "notices": [],
        "devices": {},
    }
    return plain(CounterPicture(**(fields | changes)))


def called(calls: int = 1, *, seconds_ago: float = 5) -> dict[str, Any]:
    """A041 called so many times, the last time so many seconds ago."""
    left = 3 - calls
    free = in_s(15 - seconds_ago)
    return picture(
        counter=counter(ticket="A041"),
        ticket=ticket(state="called", calls=calls, called_at=in_s(-seconds_ago - 18 * (calls - 1))),
        ticket_service=service(),
        calls_left=left,
        recall_from=free if left else None,
        no_show_from=None if left else free,
        usual_service_s=[420, 720],
    )


def service() -> ServiceDetail:
    return ServiceDetail(
        name="门诊费用报销",
        documents=[
            "医保电子凭证、身份证或社保卡",
            "医院收费票据（原件）",
            "门诊费用清单（原件）",
            "病历或处方底方（原件）",
            "本人银行卡（看后退还）",
        ],
        promised="20",
        statutory="30",
    )


def serving(**changes: Any) -> dict[str, Any]:
    """A041 is served since 10:25:48."""
    fields: dict[str, Any] = {
        "counter": counter(ticket="A041"),
        "ticket": ticket(),
        "ticket_service": service(),
        "usual_service_s": [420, 720],
        "parked": [
            entry(
                "A036",
                "门诊费用报销",
                60,
                parked_until=at("16:30"),
                park_reason="fetch_original",
            )
        ],
        "missed": [entry("A031", "社保卡申领", 55)],
        "messages": [Message(id="m1", text="11 点开会，请准时关窗", at=at("10:15"))],
        "notices": [
            Notice(
                id="n1",
                text={"zh-Hans": "下午打印机检修", "en": "Printers are serviced this afternoon"},
                from_=at("10:00"),
                to=at("16:30"),
            )
        ],
        "rating": LastRating(number="A040", state="rated", finished_at=at("10:23")),
    }
    return picture(**(fields | changes))


def parked_now() -> dict[str, Any]:
    """A041 was put on hold two seconds ago and may be taken back."""
    return picture(
        parked=[entry("A041", "门诊费用报销", 20, parked_until=at("16:30"), park_reason="fetch_original")],
        undo=UndoOffer(seq=77, until=in_s(8), act="park", number="A041"),
    )


def paused(*, resume_at: str | None = "11:00") -> dict[str, Any]:
    """Paused 3:40 ago for documents."""
    return picture(
        counter=counter(
            state="paused", reason="fetch_documents", since=in_s(-220), resume_at=at(resume_at) if resume_at else None
        )
    )


def closed(**changes: Any) -> dict[str, Any]:
    return picture(counter=counter(state="closed", **changes))


def nobody() -> dict[str, Any]:
    """Open, and nobody waits."""
    return picture(next=None, queue=[], queue_length=0, longest_since=None)


def evacuation(**exits: str) -> dict[str, Any]:
    return serving(evacuation=Evacuation(since=at("10:31"), exits=dict(exits)))


def crowded() -> dict[str, Any]:
    """The longest names, the largest numbers, full lists: whatever a hall can put on this screen."""
    long = [
        entry(f"A{1000 + i}", LONG_SERVICE, 700 + i, priority_class="pregnant", reason_code="transferred")
        for i in range(30)
    ]
    held = [
        entry(
            f"A{900 + i}",
            LONG_SERVICE,
            300,
            parked_until=at("16:30"),
            park_reason="fill_form",
        )
        for i in range(6)
    ]
    return picture(
        counter=counter(counter="128", ticket="A9999", department=LONG_DEPARTMENT, lines=["A", "B", "C"]),
        ticket=ticket("A9999", priority_class="military", line_name="不动产登记综合受理", issued_at=at("00:01")),
        ticket_service=ServiceDetail(
            name=LONG_SERVICE,
            documents=[
                f"{i}. 企业法人营业执照副本复印件（加盖公章）及法定代表人身份证明、授权委托书原件" for i in range(1, 13)
            ],
            promised="20",
            statutory="",
        ),
        usual_service_s=[420, 7200],
        queue=long,
        queue_length=9999,
        next=NextUp(entry=long[0], reason_code="priority", values={"class": "pregnant", "minutes": "240"}),
        longest_since=at("00:01"),
        parked=held,
        missed=[entry(f"B{i:03}", LONG_SERVICE, 60 + i) for i in range(8)],
        messages=[
            Message(
                id=f"m{i}",
                text="请各窗口在中午十二点前把当天上午收到的全部纸质材料交到二楼档案室登记并签字确认",
                at=at(f"10:0{i}"),
            )
            for i in range(6)
        ],
        rating=LastRating(number="A9998", state="unrated", finished_at=at("10:31")),
        undo=UndoOffer(seq=9, until=in_s(9), act="park", number="A905"),
        pause_reasons=["fetch_documents", "printer_fault", "system_fault", "meal", "handover", "other"],
    )


def keypad(**changes: Any) -> dict[str, Any]:
    """The picture `keypad:3`."""
    fields: dict[str, Any] = {"counter": "3", "state": "open", "clerk": "0312", "key_window_s": 20}
    return plain(KeypadPicture(**(fields | changes)))


def question(request: str = "R7", nonce: str = "n-7") -> RatingRequest:
    return RatingRequest(id=request, nonce=nonce, expires_at=at("16:30"))

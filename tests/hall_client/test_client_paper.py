"""A ticket on paper: what it says in every language, its marks, its code read back from the pixels."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
import zxingcpp

from assets.i18n import Catalogue
from hall_client.papers.ticket import TicketPaper, ticket_blocks
from hall_client.spoken import Spoken
from hardware.printers.paper import Band, Columns, Qr, Text, render

CATALOGUE = Catalogue()
TICKET = {
    "id": "t1", "number": "A047", "line": "A", "line_name": "社保医保", "place": "一楼左手边",
    "priority_class": "ordinary", "counters": ["3", "4", "5"], "ahead": 5, "language": "zh-Hans",
    "url": "https://hall.example/t/0123456789ABCDEFGHJKMNPQRSTUVW",
    "estimate": {"p10_s": 720, "p50_s": 960, "p80_s": 1080, "p90_s": 1200},
}  # fmt: skip
PAPER = TicketPaper(
    ticket=TICKET,
    hall_name="示例县政务服务中心",
    hotline="12345",
    service_name="门诊费用报销",
    documents=["身份证或社保卡", "医院收费票据"],
    kiosk="K1",
    taken_at=datetime.fromisoformat("2026-11-24T10:32:00+08:00"),
    serial="0047",
)


def said(paper: TicketPaper, language: str = "zh-Hans") -> str:
    """Every word of the paper."""
    words: list[str] = []
    for block in ticket_blocks(paper, Spoken(CATALOGUE, language)):
        runs = ()
        if isinstance(block, Text):
            runs = block.text if isinstance(block.text, tuple) else ()
            words.append(block.text if isinstance(block.text, str) else "")
        elif isinstance(block, Band):
            words.append(block.text)
        elif isinstance(block, Columns):
            runs = (*block.left, *block.right)
        elif isinstance(block, Qr):
            runs = block.lines
        words += [run.text for run in runs]
    return "\n".join(words)


def test_the_paper_says_number_place_wait_and_what_to_bring() -> None:
    text = said(PAPER)
    for word in (
        "A047",
        "3  4  5",
        "5 人",
        "12–20 分钟",
        "一楼左手边",
        "普通",
        "身份证或社保卡",
        "K1-0047",
        "12345",
        "2026-11-24 10:32",
    ):
        assert word in text
    assert "补打" not in text
    assert "离线" not in text


def test_copies_and_offline_tickets_are_marked() -> None:
    assert "补打" in said(replace(PAPER, reprint=True))
    offline = replace(PAPER, offline=True, ticket=TICKET | {"ahead": None, "estimate": None})
    text = said(offline)
    assert "离线" in text
    assert "号码有效" in text
    assert "0 人" not in text


def test_without_a_public_page_no_phone_is_invited() -> None:
    plain = replace(PAPER, ticket=TICKET | {"url": "/t/SECRETTOKEN"})
    (code,) = [b for b in ticket_blocks(plain, Spoken(CATALOGUE, "zh-Hans")) if isinstance(b, Qr)]
    assert code.data == "SECRETTOKEN"
    assert "扫码看" not in said(plain)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("width", [576, 512, 384])
def test_the_code_is_read_back_from_the_pixels(language: str, width: int) -> None:
    image = render(ticket_blocks(PAPER, Spoken(CATALOGUE, language)), width_dots=width)
    (found,) = zxingcpp.read_barcodes(image.convert("L"))
    assert found.text == TICKET["url"]

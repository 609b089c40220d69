"""Papers beside the ticket, and two languages on one: what they say, what they never say, nothing cut off, codes that
read back from the dots, an anchor that verifies from its paper."""

from __future__ import annotations

import csv
import difflib
import re
import shutil
from dataclasses import fields, replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from assets.i18n import LANGUAGES, Catalogue
from hall_client.papers.daily import DailySummary, JournalHead, LineDay, anchor_blocks, daily_blocks
from hall_client.papers.notice import OneTimeNotice, notice_blocks
from hall_client.papers.printer_page import PrinterPage, printer_page_blocks
from hall_client.papers.receipt import CaseReceipt, case_receipt, code_of_case, receipt_blocks
from hall_client.papers.ticket import TicketPaper, ticket_blocks
from hall_client.spoken import Spoken
from hall_server.journal import anchor
from hardware.printers.paper import Band, Block, Columns, Qr, Rule, Ruler, Space, Text, render

CATALOGUE = Catalogue()
HANS, HANT, EN = (Spoken(CATALOGUE, language) for language in LANGUAGES)
COUNTY = Path(__file__).parents[2] / "assets" / "sample" / "county"
LONGEST = max(
    (row["name"] for row in csv.DictReader((COUNTY / "services.csv").read_text(encoding="utf-8").splitlines())), key=len
)
VERY_LONG = "不动产统一登记及城镇职工基本医疗保险关系转移接续和异地就医直接结算备案综合受理服务专区"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


CASE = {
    "no": "20261124-0007", "check_code": "K7F3-9QXM", "service": "S001", "state": "accepted", "clock": "running",
    "received_at": "2026-11-24T10:32:00.000+08:00", "promised_due": "2026-11-30T17:00:00.000+08:00",
    "statutory_due": "2027-02-15T17:00:00.000+08:00", "provisional": True,
}  # fmt: skip
RECEIPT = case_receipt(
    CASE,
    hall_name="示例县政务服务中心",
    service_name=LONGEST,
    department_name="县人力资源社会保障局",
    printed_at=at("2026-11-24T10:35:00"),
    documents=["身份证原件及复印件", VERY_LONG],
    counter="3",
    clerk="0301",
    hotline="12345",
    complaint_phone="0888-1234567",
    url="https://hall.example/case/20261124-0007?code=K7F39QXM",
)
NOTICE = OneTimeNotice(
    hall_name="示例县政务服务中心", service_name=LONGEST, items=["法定代表人身份证明", VERY_LONG],
    printed_at=at("2026-11-24T10:35:00"), number="2026-0112", case_no="20261124-0007", by=date(2026, 12, 8),
    counter="3", clerk="0301", hotline="12345",
)  # fmt: skip
DAILY = DailySummary(
    hall_name="示例县政务服务中心", day=date(2026, 11, 24), printed_at=at("2026-11-24T17:35:00"),
    lines=[LineDay("社保医保", 123, 118, 5, 600, 1320), LineDay(VERY_LONG, 45, 44, 1), LineDay("户政", 0, 0, 0)],
    ratings=130, satisfied_percent="98.46", cases_received=31, cases_decided=28, cards_yellow=1,
    first_seq=120_331, last_seq=122_987,
)  # fmt: skip
HEAD = JournalHead(
    hall_name="示例县政务服务中心", hall="sample", seq=122_987, head="9f86d081884c7d65" * 4,
    at=at("2026-11-24T17:35:00"),
)  # fmt: skip
PAGE = PrinterPage(
    hall_name="示例县政务服务中心", device_name="K1", address="escpos+socket://192.168.1.50:9100?profile=epson80",
    profile="epson80", width_dots=576, dots_per_inch=203, printed_at=at("2026-11-24T10:35:07"), proof="process_id",
    maker="EPSON TM-T88VI",
)  # fmt: skip
TICKET = {
    "id": "t1", "number": "A047", "line": "A", "place": "一楼左手边", "priority_class": "elder",
    "counters": ["3", "4", "5"], "ahead": 5, "url": "https://hall.example/t/0123456789ABCDEFGHJKMNPQRSTUVW",
    "estimate": {"p10_s": 720, "p50_s": 960, "p80_s": 1080, "p90_s": 1200},
}  # fmt: skip
SLIP = TicketPaper(
    ticket=TICKET, hall_name="示例县政务服务中心", hotline="12345", service_name=LONGEST, documents=["身份证"],
    kiosk="K1", taken_at=at("2026-11-24T10:32:00"), serial="0047",
    hall_name_second="Sample County Service Centre", service_name_second="Reimbursement",
)  # fmt: skip

PAPERS = {
    "ticket": lambda words, second: ticket_blocks(SLIP, words, second),
    "ticket marked": lambda words, second: ticket_blocks(
        replace(SLIP, reprint=2, offline=True, ticket=TICKET | {"ahead": None, "url": "/t/SECRET"}), words, second
    ),
    "receipt": lambda words, second: receipt_blocks(RECEIPT, words, second),
    "notice": lambda words, second: notice_blocks(NOTICE, words, second),
    "daily": lambda words, second: daily_blocks(DAILY, words, second),
    "anchor": lambda words, second: anchor_blocks(HEAD, words, second),
    "page": lambda words, second: printer_page_blocks(PAGE, words),
}


def said(blocks: list[Block]) -> str:
    """Every word of a paper, a line a block."""
    lines = []
    for block in blocks:
        if isinstance(block, Text):
            lines.append(block.text if isinstance(block.text, str) else "".join(run.text for run in block.text))
        elif isinstance(block, Band):
            lines.append(block.text)
        elif isinstance(block, Columns):
            lines.append("\t".join("".join(run.text for run in side) for side in (block.left, block.right)))
        elif isinstance(block, Qr):
            lines += [run.text for run in block.lines]
    return "\n".join(lines)


def ink_box(picture: Image.Image) -> tuple[int, int, int, int]:
    box = picture.point(lambda dot: 0 if dot else 255).getbbox()
    assert box is not None
    return box


# -- every paper ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("width", [576, 512, 384])
def test_nothing_is_cut_off_in_any_language_at_any_width(name: str, width: int) -> None:
    margin = round(16 * width / 576)
    for words, second in ((HANS, None), (HANT, None), (EN, None), (HANS, EN), (EN, HANT)):
        blocks = [block for block in PAPERS[name](words, second) if not isinstance(block, Ruler)]
        picture = render(blocks, width_dots=width)
        left, _, right, bottom = ink_box(picture)
        assert (picture.mode, picture.width) == ("1", width)
        assert left >= margin - 1, (words.language, second)
        assert right <= width - margin + 1, (words.language, second)
        assert bottom < picture.height


@pytest.mark.parametrize("name", PAPERS)
def test_no_text_touches_the_rule_above_or_below_it(name: str) -> None:
    """Each block alone keeps its ink off its own edges, so blocks stacked never overlap."""
    for block in PAPERS[name](HANS, EN):
        if isinstance(block, Space | Rule | Ruler | Band):
            continue
        picture = render([Space(0), block])
        top, bottom = ink_box(picture)[1], ink_box(picture)[3]
        assert top >= 16, "within the paper's own margin"
        assert bottom <= picture.height


def test_no_paper_has_a_place_for_a_visitors_name() -> None:
    """Whoever fills a paper finds no field for a name, telephone or identity number."""
    for paper in (CaseReceipt, OneTimeNotice, DailySummary, JournalHead, PrinterPage, TicketPaper):
        names = {field.name for field in fields(paper)}
        assert not names & {"name", "applicant", "visitor", "phone", "id_number", "clerk_name"}


@pytest.mark.parametrize("name", PAPERS)
def test_a_second_language_adds_and_takes_nothing_away(name: str) -> None:
    alone, both = said(PAPERS[name](HANS, None)), said(PAPERS[name](HANS, EN))
    for word in re.split(r"[\s\d]+", alone):
        assert word in both, word
    assert said(PAPERS[name](HANS, HANS)) == alone, "the same language twice is one"
    if name != "page":
        assert len(both) > len(alone)


# -- the ticket -------------------------------------------------------------------------------------------------


def test_a_ticket_in_two_languages_says_where_and_how_long_in_both() -> None:
    text = said(ticket_blocks(SLIP, HANS, EN))
    for word in ("听叫号再去", "Wait for the call", "前面  5 人", "Ahead 5", "12–20 分钟", "12–20 min", "老年人 Older"):
        assert word in text
    assert "Sample County Service Centre" in text
    assert "Sample County" not in said(ticket_blocks(SLIP, HANS))
    (code,) = zxingcpp.read_barcodes(render(ticket_blocks(SLIP, HANS, EN)).convert("L"))
    assert code.text == TICKET["url"]


def test_a_second_paper_carries_its_number() -> None:
    assert "补打 2" in said(ticket_blocks(replace(SLIP, reprint=2), HANS))
    assert "補打 Reprint 1" in said(ticket_blocks(replace(SLIP, reprint=True), HANT, EN))
    assert "补打" not in said(ticket_blocks(SLIP, HANS))


# -- the receipt ------------------------------------------------------------------------------------------------


def test_a_receipt_says_number_code_both_dates_documents_counter_and_telephone() -> None:
    text = said(receipt_blocks(RECEIPT, HANS))
    for word in (
        "20261124-0007", "K7F3-9QXM", LONGEST, "县人力资源社会保障局", "2026-11-24 星期二 10:32",
        "2026-11-30 星期一 17:00 前", "2027-02-15 星期一 17:00 前", "已收材料 2 份", "1. 身份证原件及复印件",
        "3 号窗口", "0301", "热线 12345", "投诉 0888-1234567",
    ):  # fmt: skip
        assert word in text
    assert text.count("暂定") == 3, "at both dates, and what it means"


def test_a_date_that_is_certain_is_not_called_provisional() -> None:
    assert "暂定" not in said(receipt_blocks(replace(RECEIPT, provisional=False), HANS))


@pytest.mark.parametrize(
    ("clock", "says"), [("not_started", "受理后开始计算"), ("stopped", "暂停计时"), ("running", "无法定时限")]
)
def test_without_a_date_it_says_why(clock: str, says: str) -> None:
    paper = case_receipt(
        CASE | {"promised_due": None, "statutory_due": None, "clock": clock},
        hall_name="", service_name="", department_name="", printed_at=at("2026-11-24T10:35:00"),
    )  # fmt: skip
    text = said(receipt_blocks(paper, HANS))
    assert text.count(says) == 2
    assert "暂定" not in text
    assert "没有收取材料" in text


@pytest.mark.parametrize("width", [576, 512, 384])
def test_its_code_opens_the_page_or_serves_the_halls_own_scanners(width: int) -> None:
    (found,) = zxingcpp.read_barcodes(render(receipt_blocks(RECEIPT, HANS, EN), width_dots=width).convert("L"))
    assert found.text == RECEIPT.url
    for url in ("", "/case/20261124-0007"):
        inside = replace(RECEIPT, url=url)
        assert code_of_case(inside) == "CASE:20261124-0007:K7F3-9QXM"
        assert "扫码看办到" not in said(receipt_blocks(inside, HANS)), "no telephone is invited into a closed network"
        (found,) = zxingcpp.read_barcodes(render(receipt_blocks(inside, HANS), width_dots=width).convert("L"))
        assert found.text == "CASE:20261124-0007:K7F3-9QXM"


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_receipt_reads_back_by_character_recognition(monkeypatch) -> None:
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")  # its threads only wait for each other
    pytesseract = pytest.importorskip("pytesseract")
    if "chi_sim" not in pytesseract.get_languages():
        pytest.skip("tesseract without Chinese")
    blocks = [b for b in receipt_blocks(RECEIPT, HANS) if not isinstance(b, Qr | Rule | Space)][3:11]
    text = pytesseract.image_to_string(render(blocks).convert("L"), lang="chi_sim", config="--psm 6")
    wanted, got = (re.sub(r"[\W_]", "", part) for part in (said(blocks), text))
    matcher = difflib.SequenceMatcher(None, wanted, got, autojunk=False)
    covered = sum(block.size for block in matcher.get_matching_blocks()) / len(wanted)
    assert covered > 0.85, text
    assert "202611240007" in got


# -- the notice -------------------------------------------------------------------------------------------------


def test_a_notice_names_everything_once_and_by_when() -> None:
    text = said(notice_blocks(NOTICE, HANS, EN))
    for word in (
        "一次性告知书", "2026-0112", "20261124-0007", "您的材料还缺", "1. 法定代表人身份证明", f"2. {VERY_LONG}",
        "请在 2026-12-08 星期二 前补齐", "by 2026-12-08 Tue", "送到 3 号窗口", "以上为全部内容", "第三十二条",
        "经办人签字", "收到人签字",
    ):  # fmt: skip
        assert word in text
    asked = said(notice_blocks(replace(NOTICE, case_no="", by=None), HANS))
    assert "办这件事需要" in asked
    assert "您的材料还缺" not in asked
    assert "补齐" not in asked
    assert "补打 3" in said(notice_blocks(replace(NOTICE, reprint=3), HANS))
    moment = said(notice_blocks(replace(NOTICE, by=at("2026-12-08T17:00:00")), HANS))
    assert "请在 2026-12-08 星期二 17:00 前补齐" in moment


# -- the day's end ----------------------------------------------------------------------------------------------


def test_the_summary_adds_up_and_leaves_out_what_is_not_known() -> None:
    text = said(daily_blocks(DAILY, HANS))
    for word in (
        "取号\t168",
        "办结\t162",
        "过号\t6",
        "中位 10 分，九成在 25 分内",
        "130 份",
        "98.46%",
        "收件 31",
        "黄牌 1",
    ):
        assert word in text
    assert text.count("中位") == 1, "no wait is made up for a line without one"
    assert "120331–122987" in text
    bare = DailySummary(hall_name="", day=date(2026, 11, 24), lines=[], printed_at=at("2026-11-24T17:35:00"))
    text = said(daily_blocks(bare, HANS))
    assert "没有评价" in text
    assert "办件" not in text
    assert "日志" not in text


def test_the_head_stands_there_in_groups_and_in_the_code() -> None:
    text = said(anchor_blocks(HEAD, HANS))
    assert "122987" in text
    assert "".join(re.findall(r"[0-9a-f]{8}  [0-9a-f]{8}", text)).replace(" ", "") == HEAD.head
    (found,) = zxingcpp.read_barcodes(render(anchor_blocks(HEAD, HANS), width_dots=384).convert("L"))
    assert found.text == f"122987 {HEAD.head}"
    assert "hall-server verify" not in text


@pytest.mark.parametrize("width", [576, 512, 384])
def test_an_anchor_verifies_from_its_paper(tmp_path, width: int) -> None:
    """Signed by the server, printed, scanned, saved: the file is the anchor again."""
    written = tmp_path / "anchor.json"
    made = anchor.write(
        written, keys=tmp_path / "keys", hall="sample", seq=HEAD.seq, head=HEAD.head, at="2026-11-24T17:35:00.000+08:00"
    )
    compact = re.sub(r"\s*\n\s*", "", written.read_text(encoding="utf-8"))
    paper = replace(HEAD, signed=compact)
    (found,) = zxingcpp.read_barcodes(render(anchor_blocks(paper, HANS), width_dots=width).convert("L"))
    scanned = tmp_path / "scanned.json"
    scanned.write_text(found.text, encoding="utf-8")
    assert anchor.read(scanned, public_key=made.public_key) == made
    assert "hall-server verify" in said(anchor_blocks(paper, HANS))
    scanned.write_text(found.text.replace("122987", "122986"), encoding="utf-8")
    with pytest.raises(anchor.AnchorInvalid):
        anchor.read(scanned)


# -- the printer's page -----------------------------------------------------------------------------------------


def test_the_printers_page_shows_width_proof_and_a_code() -> None:
    text = said(printer_page_blocks(PAGE, HANS))
    for word in ("K1 EPSON TM-T88VI", "escpos+socket://192.168.1.50:9100", "576 点，每英寸 203 点", "作业编号"):
        assert word in text
    assert "不能确认" in said(printer_page_blocks(replace(PAGE, proof="none"), HANS))
    picture = render(printer_page_blocks(PAGE, HANS))
    (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text == "K1 10:35:07"


@pytest.mark.parametrize(("width", "dpi"), [(576, 203), (512, 180), (384, 203)])
def test_its_ruler_reaches_the_first_and_the_last_dot_and_is_true(width: int, dpi: int) -> None:
    ruler = render([Ruler(dpi)], width_dots=width)
    left, _, right, _ = ink_box(ruler)
    assert (left, right) == (0, width)
    top = ink_box(ruler)[1]
    row = [ruler.getpixel((x, top + round(40 * width / 576) // 4 + 1)) == 0 for x in range(width)]
    marks = [x for x in range(1, width) if row[x] and not row[x - 1]]
    steps = [b - a for a, b in pairwise(marks[:-1])]
    assert len(steps) >= 3
    assert all(abs(step - dpi / 2.54) <= 1 for step in steps), steps

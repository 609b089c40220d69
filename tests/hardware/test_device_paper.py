"""The ticket's picture: width, wrapping, codes that read back, text that reads back, nothing cut."""

from __future__ import annotations

import difflib
import re
import shutil

import pytest
import zxingcpp
from PIL import Image

from hardware import fonts
from hardware.printers import paper
from hardware.printers.paper import Band, Columns, Qr, Rule, Run, Space, Text
from hardware.printers.sample import SAMPLE_QR, sample_ticket

WIDTHS = (576, 512, 384)


def ink_box(picture: Image.Image) -> tuple[int, int, int, int]:
    return picture.point(lambda dot: 0 if dot else 255).getbbox()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_ticket_fills_its_paper_and_stays_inside(width: int) -> None:
    picture = paper.render(sample_ticket(), width_dots=width)
    assert picture.mode == "1"
    assert picture.width == width
    left, top, right, bottom = ink_box(picture)
    margin = round(16 * width / 576)
    assert left >= margin - 1
    assert right <= width - margin + 1
    assert 0 < top < 40
    assert bottom <= picture.height
    if width == 576:
        assert 900 <= picture.height <= 1000, "119 mm of paper in the design"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_code_reads_back_and_has_its_quiet_zone(width: int) -> None:
    picture = paper.render(sample_ticket(), width_dots=width)
    (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text == SAMPLE_QR
    corners = found.position
    side = corners.top_right.x - corners.top_left.x
    modules = 33
    module = round(side / modules)
    assert module >= paper.MODULE_MIN
    left, top = corners.top_left.x, corners.top_left.y
    assert left >= 4 * module - 1, "white at the paper's edge"
    around = picture.crop((0, top - 4 * module + 1, left + side + 4 * module, top - 1))
    assert around.convert("L").getextrema() == (255, 255), "white above the code"
    beside = picture.crop((left + side + 2, top, left + side + 4 * module, top + side))
    assert beside.convert("L").getextrema() == (255, 255), "white beside the code"


LONG = "不动产统一登记及城镇职工基本医疗保险关系转移接续和异地就医直接结算备案综合受理服务专区"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "block",
    [
        Text(LONG, size=34, align="center"),
        Text("Pneumonoultramicroscopicsilicovolcanoconiosis" * 3, size=34),
        Text("Registration of immovable property and transfer of medical insurance", size=34, align="right"),
        Band("听叫号再去 " + "  ".join(map(str, range(1, 25))) + " 号窗口"),
        Columns((Run(LONG),), (Run("预计等 120–200 分钟", size=40, bold=True),)),
        Qr("https://hall.example/t/" + "A" * 60, lines=(Run(LONG, size=30),)),
        Text((Run("2026-11-24 10:32 "), Run("补打 2", boxed=True), Run(LONG))),
    ],
)
def test_long_names_take_more_lines_and_lose_nothing(width: int, block) -> None:
    """No ink touches the paper's edge, and the widths of the wrapped lines add up to the whole text."""
    picture = paper.render([block, Space(8)], width_dots=width)
    left, _, right, bottom = ink_box(picture)
    margin = round(16 * width / 576)
    assert left >= margin - 2
    assert right <= width - margin + 2
    assert bottom < picture.height


@pytest.mark.parametrize("text", [LONG, "Registration of immovable property, again and again " * 3, "a" * 300])
def test_wrapping_keeps_every_character_in_order(text: str) -> None:
    painter = paper._Painter(576)
    lines = painter.wrap((Run(text, 30),), width=300)
    assert all(line.width <= 300 for line in lines)
    joined = "".join(run.text for line in lines for run in line.runs)
    assert joined.replace(" ", "") == text.replace(" ", "")
    assert len(lines) > 3


def test_no_line_begins_with_a_comma_or_ends_with_an_opening_bracket() -> None:
    painter = paper._Painter(576)
    text = "身份证、户口簿（原件），结婚证；照片。" * 6
    for width in range(120, 420, 17):
        lines = ["".join(run.text for run in line.runs) for line in painter.wrap((Run(text, 28),), width=width)]
        assert "".join(lines) == text
        assert not any(line[0] in paper.NOT_AT_START for line in lines[1:])
        assert not any(line[-1] in paper.NOT_AT_END for line in lines)


def test_a_number_too_wide_is_drawn_smaller_not_cut() -> None:
    usual = paper.render([Text("A047", size=190, bold=True, fit=True)])
    wide = paper.render([Text("AB012345", size=190, bold=True, fit=True)])
    assert wide.height < usual.height
    left, _, right, _ = ink_box(wide)
    assert left >= 14
    assert right <= 562


def test_the_black_band_is_white_on_black_and_a_box_is_drawn_around_its_word() -> None:
    band = paper.render([Band("请到 3 号窗口", gap=0)])
    black = band.histogram()[0] / (band.width * band.height)
    assert black > 0.5
    plain = paper.render([Text((Run("10:32  "), Run("补打")))])
    boxed = paper.render([Text((Run("10:32  "), Run("补打", boxed=True)))])
    assert boxed.histogram()[0] > plain.histogram()[0] + 200


def test_a_rule_is_dashed_unless_told() -> None:
    dashed, solid = paper.render([Rule()]), paper.render([Rule(dashed=False)])
    assert 0.4 < dashed.histogram()[0] / solid.histogram()[0] < 0.7


def test_a_code_too_dense_for_the_paper_is_refused() -> None:
    with pytest.raises(paper.PaperTooNarrow, match="modules"):
        paper.render([Qr("x" * 900)], width_dots=384)


def test_only_whole_bytes_make_a_raster() -> None:
    raster = paper.raster_of(Image.new("1", (16, 2), 1))
    assert raster == paper.Raster(width_bytes=2, height=2, data=bytes(4))
    with pytest.raises(ValueError, match="multiple of 8"):
        paper.raster_of(Image.new("1", (15, 2)))


def test_a_missing_typeface_names_its_package(monkeypatch) -> None:
    monkeypatch.setattr(fonts, "candidates", lambda *, bold: [])
    fonts.cjk_file.cache_clear()
    try:
        with pytest.raises(fonts.FontMissing, match="apt-get install fonts-noto-cjk"):
            fonts.cjk_file(bold=True)
    finally:
        fonts.cjk_file.cache_clear()


EXPECTED = (
    "示例县政务服务中心 门诊费用报销 前面5人 预计等12-20分钟 一楼左手边等候 普通 "
    "叫3次未到算过号 当天回来到导办台可复号一次"
)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_the_lines_read_back_by_character_recognition(monkeypatch) -> None:
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")  # its threads only wait for each other
    pytesseract = pytest.importorskip("pytesseract")
    if "chi_sim" not in pytesseract.get_languages():
        pytest.skip("tesseract without Chinese")
    picture = paper.render([block for block in sample_ticket() if not isinstance(block, Qr | Band)])
    number = paper.render([Text("A047", size=190, bold=True, fit=True)]).height
    grey = picture.convert("L")
    grey.paste(255, (0, 100, 576, 100 + number - 20))
    text = pytesseract.image_to_string(grey, lang="chi_sim", config="--psm 6")
    wanted = _plain(EXPECTED)
    matcher = difflib.SequenceMatcher(None, wanted, _plain(text), autojunk=False)
    covered = sum(block.size for block in matcher.get_matching_blocks()) / len(wanted)
    assert covered > 0.85, text

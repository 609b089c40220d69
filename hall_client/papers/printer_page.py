"""The page a fitter prints to see whether width, sharpness, code and cut are right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hall_client.papers.voices import Voices
from hall_client.spoken import Spoken
from hardware.printers.paper import Band, Block, Qr, Rule, Ruler, Run, Space, Text

SIZES = (26, 28, 34, 44)
PROOFS = ("process_id", "presenter", "barrier", "asb")


@dataclass(frozen=True)
class PrinterPage:
    """What the page says of the printer it comes out of."""

    hall_name: str
    device_name: str
    address: str
    profile: str
    width_dots: int
    dots_per_inch: int
    printed_at: datetime
    proof: str = ""
    """`process_id presenter barrier asb`, else nothing proves printing."""
    maker: str = ""


def printer_page_blocks(paper: PrinterPage, words: Spoken) -> list[Block]:
    """The blocks of one page."""
    say = Voices(words)
    code = f"{paper.device_name} {paper.printed_at:%H:%M:%S}"
    return [
        Text(paper.hall_name, size=36, bold=True, align="center", gap=8),
        *say.text("testpage.title", size=44, bold=True, align="center", gap=14),
        *_facts(paper, say),
        Rule(),
        Ruler(paper.dots_per_inch),
        *say.text("testpage.edges", size=26),
        Band("0123456789", size=60),
        *say.text("testpage.black", size=26),
        *(Text(f"{size}  办件 辦件 0O 1lI 8B", size=size, gap=6) for size in SIZES),
        Rule(gap=0),
        Qr(code, lines=(Run(words.say("testpage.code", text=code), 28),)),
        Rule(),
        *say.text("testpage.cut", size=26),
        Text(f"{paper.printed_at:%Y-%m-%d %H:%M:%S}", size=26),
        Space(8),
    ]


def _facts(paper: PrinterPage, say: Voices) -> Iterator[Block]:
    proof = paper.proof if paper.proof in PROOFS else "none"
    facts = (
        ("testpage.device", " ".join(filter(None, (paper.device_name, paper.maker)))),
        ("testpage.address", paper.address),
        ("testpage.profile", paper.profile),
        ("testpage.paper", say.first.say("testpage.dots", dots=paper.width_dots, dpi=paper.dots_per_inch)),
        ("testpage.proof", say.first.say(f"testpage.proof_{proof}")),
    )
    for key, value in facts:
        yield say.row(key, Run(value, 28), gap=6)

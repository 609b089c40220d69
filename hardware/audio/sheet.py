"""The recording sheet: what to say, file by file, as lines, CSV, or a page to print and tick off."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Sequence

from hardware.audio.phrases import Wanted

ADVICE = (
    "One speaker, one room, one distance from the microphone (about 20 cm), one session.",
    "48,000 or 44,100 samples a second, 16 bits, mono, WAV; one file a line, named as in the first column.",
    "Half a second of silence before and after. Say it as in a sentence that goes on, not as a list.",
    "Level: loud passages between -12 and -6 dB, never in the red.",
)


def as_lines(todo: Sequence[Wanted]) -> str:
    """For a terminal."""
    width = max((len(want.name) for want in todo), default=0) + 4
    return "".join(f"{want.name + '.wav':<{width}}  {want.text}\n" for want in todo)


def as_csv(todo: Sequence[Wanted]) -> str:
    """For a spreadsheet or a studio."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("file", "words"))
    rows.writerows((f"{want.name}.wav", want.text) for want in todo)
    return out.getvalue()


def as_page(todo: Sequence[Wanted], *, language: str) -> str:
    """To print: large words to read from, a box to tick."""
    rows = "\n".join(
        f"<tr><td>&#9744;</td><td><code>{html.escape(want.name)}.wav</code></td>"
        f'<td lang="{html.escape(language)}">{html.escape(want.text)}</td></tr>'
        for want in todo
    )
    advice = "\n".join(f"<li>{html.escape(line)}</li>" for line in ADVICE)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Recording sheet</title>
<style>body {{ font: 16px sans-serif; margin: 2em }} td {{ padding: .3em 1em; border-bottom: 1px solid #999 }}
td:last-child {{ font-size: 1.6em }} tr {{ page-break-inside: avoid }}</style></head>
<body><h1>Recording sheet: {len(todo)} recordings</h1>
<ul>
{advice}
</ul>
<table>
{rows}
</table></body></html>
"""

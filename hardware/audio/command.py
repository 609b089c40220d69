"""`hall-device voice`: the list to record, the check, the built set, one call as a file to listen to."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from hardware.audio import building, phrases, recording, sheet, spelling
from hardware.audio.checking import Grade, Report, check, check_bytes
from hardware.audio.clip import BadClip
from hardware.audio.decoding import decode
from hardware.audio.folder import END, ClipFolder
from hardware.audio.joining import joined
from hardware.audio.levels import loudness_lufs, peak_dbfs
from hardware.logs import Failure, Usage

ACTS = ("list", "check", "build", "say", "record")
NUMBERS_MAX = 2000
ABOUT = """list    what to record for the hall's letters and counters; --sheet writes a page or a CSV file
check   every recording of DIR: level, clipping, noise, gaps, format, and what is missing
build   a set the wall only reads and joins: trimmed, paced, at one loudness, into --to
say     one call as the WAV file --to, to listen to
record  what is missing, one after the other, through the system's recorder, into DIR"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = ABOUT
    parser.add_argument("act", choices=ACTS, metavar="ACT", help=" ".join(ACTS))
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the hall's recordings")
    parser.add_argument("--lines", metavar="LETTERS", help="letters of the numbers: A-H, or A,B,M")
    parser.add_argument("--counters", metavar="LIST", help="counters: 1-12, or 1-9,B2")
    parser.add_argument(
        "--hall", metavar="FILE", help="both from the hall's GET /api/v1/catalogue; - is standard input"
    )
    parser.add_argument("--numbers", metavar="LIST", help="numbers to record whole (1-200) instead of ten digits")
    parser.add_argument("--digits", type=int, default=3, help="digits of a number (3)")
    parser.add_argument("--one-as-yi", action="store_true", help="the digit 1 is read yi (voice.one_as_yao = false)")
    parser.add_argument("--language", default="zh", help="zh, en, or another to be spoken from English meanings")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="list: .html to print, or .csv")
    parser.add_argument("--to", type=Path, metavar="PATH", help="build: an empty folder; say: a .wav file")
    parser.add_argument("--number", default="A012", help="say: the number called (A012)")
    parser.add_argument("--counter", default="3", help="say: the counter (3)")
    parser.add_argument("--again", action="store_true", help="say: the second call of a ticket")
    parser.add_argument("--json", action="store_true", help="list, check, build: a JSON object a line")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Does it. Raises Usage, Failure."""
    acts = {"list": _list, "check": _check, "build": _build, "say": _say, "record": _record}
    try:
        return acts[options.act](options)
    except (building.NotOurs, recording.NoRecorder) as why:
        raise Failure(str(why)) from why
    except OSError as error:
        raise Failure(f"{error.filename or 'file'}: {error.strerror or error}") from error


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# -- the hall ---------------------------------------------------------------------------------------------------------


def _hall(options: argparse.Namespace) -> phrases.Hall | None:
    """What was told of the hall; None when nothing was."""
    letters = _listed(options.lines, "--lines") if options.lines else []
    counters = _listed(options.counters, "--counters") if options.counters else []
    if options.hall:
        told_letters, told_counters = _from_catalogue(options.hall)
        letters, counters = letters or told_letters, counters or told_counters
    numbers = [n.zfill(options.digits) for n in _listed(options.numbers, "--numbers")] if options.numbers else []
    if not letters and not counters:
        return None
    return phrases.Hall(letters=letters, counters=counters, numbers=numbers, yao=not options.one_as_yi)


def _listed(text: str, option: str) -> list[str]:
    """`1-3,B2` as 1 2 3 B2; `A-C` as A B C."""
    found: list[str] = []
    for part in text.split(","):
        span = re.fullmatch(r"(\d+)-(\d+)|([A-Za-z])-([A-Za-z])", part.strip())
        if span and span[1]:
            first, last = int(span[1]), int(span[2])
            if last - first >= NUMBERS_MAX:
                raise Usage(f"{option}: at most {NUMBERS_MAX} at a time")
            found += [str(n) for n in range(first, last + 1)]
        elif span:
            found += [chr(n) for n in range(ord(span[3].upper()), ord(span[4].upper()) + 1)]
        elif re.fullmatch(r"\w{1,16}", part.strip()):
            found.append(part.strip().upper())
        else:
            raise Usage(f"{option}: {part!r} is no letter, number or span such as 1-12")
    return list(dict.fromkeys(found))


def _from_catalogue(file: str) -> tuple[list[str], list[str]]:
    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    try:
        told = json.loads(text)
        return [str(one["line"]) for one in told["lines"]], [str(one["counter"]) for one in told["counters"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"--hall {file}: not what GET /api/v1/catalogue answers") from error


def _needed(options: argparse.Namespace) -> phrases.Hall:
    hall = _hall(options)
    if hall is None:
        raise Usage("name the hall's letters and counters: --lines A-H --counters 1-12, or --hall FILE")
    return hall


def _folder(options: argparse.Namespace) -> ClipFolder:
    if options.folder is None:
        raise Usage(f"voice {options.act} takes a folder")
    if not options.folder.is_dir():
        raise Failure(f"{options.folder} is no folder")
    return ClipFolder(options.folder)


# -- the acts ---------------------------------------------------------------------------------------------------------


def _list(options: argparse.Namespace) -> int:
    todo = phrases.wanted(_needed(options), language=options.language)
    if options.folder is not None:
        present = _folder(options).files.keys()
        todo = [want for want in todo if want.name not in present]
    if options.sheet is None:
        for want in todo if options.json else ():
            _out(json.dumps(asdict(want), ensure_ascii=False))
        if not options.json:
            _out(sheet.as_lines(todo).rstrip())
        return 0
    kinds = {".csv": sheet.as_csv(todo), ".html": sheet.as_page(todo, language=options.language)}
    if options.sheet.suffix not in kinds:
        raise Usage("--sheet takes a .html or .csv file")
    options.sheet.write_text(kinds[options.sheet.suffix], encoding="utf-8")
    _out(f"{len(todo)} recordings to make are in {options.sheet}")
    return 0


def _reports(folder: ClipFolder) -> Iterator[Report]:
    wanted = spelling.vocabulary()
    for name, file in sorted(folder.files.items()):
        if name.endswith(END) or (name.startswith(spelling.PREFIX) and name not in wanted):
            continue
        try:
            wav = file.suffix.lower() == ".wav"
            yield check_bytes(name, file.read_bytes()) if wav else check(name, decode(file))
        except BadClip as why:
            yield Report(name, Grade.BAD, findings=(str(why),))


def _check(options: argparse.Namespace) -> int:
    folder, hall = _folder(options), _hall(options)
    reports = list(_reports(folder))
    for report in reports:
        _out(json.dumps(asdict(report), ensure_ascii=False) if options.json else report.line)
    bad = [report.name for report in reports if report.grade is Grade.BAD]
    good = [report for report in reports if report.grade is not Grade.BAD]
    if not options.json:
        levels = [report.lufs for report in good] or [0.0]
        _out(f"{len(good)} usable, {len(bad)} not; loudness from {min(levels):.1f} to {max(levels):.1f} LUFS")
    missing = phrases.lacking(hall, {r.name for r in good}, language=options.language) if hall else []
    for want in missing:
        entry = {"missing": want.name, "text": want.text}
        word = "English " if want.name in phrases.SENTENCES else "missing "
        _out(json.dumps(entry, ensure_ascii=False) if options.json else f"{word} {want.name}.wav  {want.text}")
    if hall is None and not options.json:
        _out("name --lines and --counters to see what is missing")
    if not good:
        raise Failure(f"{folder.folder} holds no recording that can be used")
    needed = [want for want in missing if want.name not in phrases.SENTENCES]
    if bad or needed:
        raise Failure(f"{len(bad)} recordings cannot be used, {len(needed)} are missing: record them and check again")
    return 0


def _build(options: argparse.Namespace) -> int:
    if options.to is None:
        raise Usage("voice build takes --to FOLDER")
    folder = _folder(options)
    parts = [(folder, options.to), *((ClipFolder(d), options.to / name) for name, d in folder.languages())]
    done = [built for source, target in parts for built in _told(building.build(source, target), options)]
    good, left = [b for b in done if b.files], [b for b in done if not b.files]
    if not good:
        raise Failure(f"{options.folder} holds no recording that can be used")
    if not options.json:
        before, after = [b.lufs_before for b in good], [b.lufs_after for b in good]
        spread = f"{max(before) - min(before):.1f} dB apart before, {max(after) - min(after):.1f} dB now"
        _out(f"{len(good)} recordings in {options.to}: {spread}; the wall takes it with --voice {options.to}")
    if left:
        raise Failure(f"{len(left)} recordings were left out: {', '.join(built.name for built in left[:8])}")
    return 0


def _told(made: Iterator[building.Built], options: argparse.Namespace) -> Iterator[building.Built]:
    for built in made:
        line = f"{built.name}: {built.lufs_before:.1f} -> {built.lufs_after:.1f} LUFS"
        line = line if built.files else f"{built.name}: left out, {built.why}"
        _out(json.dumps(asdict(built), ensure_ascii=False) if options.json else line)
        yield built


def _say(options: argparse.Namespace) -> int:
    if options.to is None or options.to.suffix != ".wav":
        raise Usage("voice say takes --to FILE.wav")
    folder = _folder(options)
    yao = not options.one_as_yi
    parts = spelling.call_phrases(options.number.upper(), options.counter, again=options.again, yao=yao)
    sentence, missing = spelling.resolve(parts, folder.files.keys())
    if missing:
        raise Failure(f"missing: {', '.join(f'{name}.wav' for name in missing)}")
    try:
        for said in sentence:
            if folder.files[said.name].suffix.lower() != ".wav":
                folder.put(said.name, decode(folder.files[said.name]))
        wave = joined(sentence, folder.clip)
    except BadClip as why:
        raise Failure(f"{'; '.join(folder.bad) or options.folder}: {why}") from why
    options.to.write_bytes(wave.to_wav())
    figures = f"{wave.seconds:.2f} s, {loudness_lufs(wave):.1f} LUFS, peak {peak_dbfs(wave.samples):.1f} dB"
    _out(f"{' '.join(said.name for said in sentence)}\n{options.to}: {figures}")
    return 0


def _record(options: argparse.Namespace) -> int:
    if options.folder is None:
        raise Usage("voice record takes a folder")
    command, hall = recording.recorder(), _needed(options)
    options.folder.mkdir(parents=True, exist_ok=True)
    names = ClipFolder(options.folder).files.keys()
    todo = [want for want in phrases.wanted(hall, language=options.language) if want.name not in names]

    def ask(text: str) -> str:
        try:
            return input(text)
        except EOFError:
            return "q"

    for line in sheet.ADVICE:
        _out(line)
    kept = recording.record_all(todo, options.folder, command=command, say=_out, ask=ask)
    _out(f"{kept} recorded, {len(todo) - kept} to go; hall-device voice check {options.folder}")
    return 0

"""Profiles: ours, a hall's own file, the public database; a wrong value is refused with file, line and reason."""

from __future__ import annotations

import pytest

from hardware.printers import codec
from hardware.printers.driver import PrinterDriver
from hardware.printers.profiles import BadProfile, all_profiles, named, read
from hardware.printers.profiles.database import database

WIDTHS = {
    "epson80": 576, "epson58": 384, "tm_t88v": 512,
    "plain": 576, "plain58": 384, "masung80": 576, "masung58": 384, "snbc80": 576, "citizen_ppu231": 576,
    "custom_kpm150": 576, "custom_kpm216": 576, "custom_kpm300": 576,
}  # fmt: skip


def test_every_profile_of_this_version_is_whole() -> None:
    assert {name: profile.width_dots for name, profile in all_profiles().items()} == WIDTHS
    for name, profile in all_profiles().items():
        assert (profile.name, bool(profile.title)) == (name, True)
        assert not (profile.asb and profile.full_status), "their bytes collide"


def test_what_was_found_no_document_for_is_plain() -> None:
    for name in ("masung80", "snbc80"):
        own, plain = named(name), named("plain")
        assert (own.cut, own.asb, own.process_id, own.status, own.masks) == (
            plain.cut, plain.asb, plain.process_id, plain.status, plain.masks,
        )  # fmt: skip
        assert own.presenter is None


OWN = """\
[first]
like = "masung80"
feed_lines = 6

[first.masks.status_4]
paper_near_end = 0x04
paper_out = 0x20
ticket_not_taken = 0x40

[second]
like = "first"
width_dots = 512
"""


def test_a_hall_writes_a_profile_of_its_own(tmp_path) -> None:
    file = tmp_path / "printer.toml"
    file.write_text(OWN, encoding="utf-8")
    first = named(f"{file}#first")
    assert (first.cut, first.feed_lines) == (codec.CUT_FULL_OLD, 6)
    assert codec.faults_of("status_4", 0x7E, first.masks) == {"paper_near_end", "paper_out", "ticket_not_taken"}
    assert codec.faults_of("status_4", 0x52, first.masks) == {"ticket_not_taken"}
    assert codec.faults_of("status_2", 0x16, first.masks) == {"cover_open"}, "the other words keep their meaning"
    second = named(f"{file}#second")
    assert (second.width_dots, second.masks) == (512, first.masks)
    driver = PrinterDriver(f"escpos+sim://?profile={file}#second")
    assert driver.profile == second
    with pytest.raises(BadProfile, match=r"printer\.toml: name one of its profiles: .*#first, .*#second"):
        named(str(file))
    file.write_text(OWN.partition("[second]")[0], encoding="utf-8")
    assert named(str(file)).name == "first", "a file with one profile needs no name"
    with pytest.raises(BadProfile, match="cannot be read"):
        named(str(tmp_path / "nothing.toml"))
    with pytest.raises(BadProfile, match=r"there are citizen_ppu231, .*FILE\.toml#NAME"):
        named("nonesuch")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[own]\n\nwidth = 1", r"own\.toml:3: profile own: width: unknown key; there are asb, "),
        ("[own]\nwidth_dots = 577", r"own\.toml:2: .* 577 is not a multiple of 8"),
        ("[own]\nwidth_dots = 8", r"own\.toml:2: .* 8 does not lie between 64 and 4096"),
        ('[own]\nwidth_dots = "576"', r"own\.toml:2: .* must be a whole number, not '576'"),
        ("[own]\nasb = 1", r"own\.toml:2: .* must be true or false, not 1"),
        ('# a\n[own]\ncut = "zz"', r"own\.toml:3: profile own: cut: must be bytes in hexadecimal"),
        (f'[own]\ncut = "{"00" * 65}"', r"own\.toml:2: .* 65 bytes are more than 64"),
        ('[own]\nprocess_id = "always"', r"own\.toml:2: .* 'always' is none of probe, never"),
        ("[own]\n[own.masks.status_9]\nx = 1", r"own\.toml:2: .* masks\.status_9: no such status word"),
        ("[own]\n[own.masks.status_4]\nno_paper = 1", r"own\.toml:3: .* no such fault; there are .*paper_out"),
        ("[own]\n[own.masks.status_4]\npaper_out = 256", r"own\.toml:3: .* a mask is a number from 0x00 to 0xFF"),
        ("[own]\n[own.masks]\nstatus_4 = 5", r"own\.toml:3: .* must be a table of fault = mask"),
        ("[own]\nmasks = 5", r"own\.toml:2: .* must be a table"),
        ("[own]\npresenter = 5", r"own\.toml:2: .* must be a table"),
        ('[own]\n[own.presenter]\nwhen_left = "eject"', r"own\.toml:3: .* there is no command 'eject'"),
        ("[own]\nfull_status = true", r"own\.toml:2: .* the same bytes: set asb = false"),
        ("[own]\nfull_auto = 15", r"own\.toml:2: .* only with full_status = true"),
        ('[own]\nlike = "other"', r"own\.toml:2: profile own: like: no profile 'other'"),
        ("own = 5", r"own\.toml:1: profile own: a profile is a table"),
        ("[own]\nasb = = 1", r"own\.toml: .*\(at line 2"),
        ("", r"own\.toml: no profile in it"),
    ],
)
def test_what_is_wrong_is_refused_with_file_line_and_reason(text: str, says: str) -> None:
    with pytest.raises(BadProfile, match=says):
        read(text, place="own.toml", known=all_profiles())


def test_models_of_the_public_database_are_profiles_too() -> None:
    if not database():
        pytest.skip("python-escpos is not installed")
    model = named("TM-T88V")
    assert (model.width_dots, model.dots_per_inch, model.cut) == (512, 180, codec.CUT_FULL)
    assert (named("POS-5890").width_dots, named("POS-5890").cut, named("POS-5890").picture) == (384, b"", "raster")
    assert model.status == "probe", "the database knows nothing of answers"
    with pytest.raises(BadProfile, match="does not know how wide"):
        named("default")
    with pytest.raises(BadProfile, match="prints no pictures"):
        named("TM-U220")
    usable = 0
    for name in database():
        try:
            usable += named(name).width_dots % 8 == 0
        except BadProfile:
            continue
    assert usable >= 20

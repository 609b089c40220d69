"""Icons: everything the theme names is there, can be given any colour, and carries its licence."""

import csv
import re
from xml.etree import ElementTree

import pytest

import assets

ICONS = sorted(assets.path("icons").glob("*.svg"))


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.stem)
def test_an_icon_is_an_outline_in_the_colour_of_its_text(icon):
    root = ElementTree.fromstring(icon.read_text(encoding="utf-8"))
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "2"
    painted = {element.get(use) for element in root.iter() for use in ("fill", "stroke")} - {None}
    assert painted <= {"none", "currentColor"}, "a colour of its own cannot follow the theme"
    assert not re.search("<(script|image|style|text|use)", icon.read_text(encoding="utf-8"))


def test_the_theme_names_only_icons_that_exist():
    tokens = assets.tokens()
    for name in [*tokens["group_icons"].values(), *tokens["rating_icons"].values()]:
        assert assets.path("icons", f"{name}.svg").is_file()
    faces = list(tokens["rating_icons"].values())
    assert len(set(faces)) == 5, "five levels, five faces"


def test_every_group_of_the_sample_county_has_an_icon():
    with assets.path("sample", "county", "services.csv").open(encoding="utf-8", newline="") as stream:
        groups = {row["group"] for row in csv.DictReader(stream)}
    assert groups - assets.tokens()["group_icons"].keys() == {"其他部门"}, "whatever has none takes `other`"


def test_the_licence_stands_beside_them():
    licence = assets.path("icons", "LICENSE").read_text(encoding="utf-8")
    assert "ISC License" in licence
    assert "Lucide Icons and Contributors" in licence
    assert all("lucide-static v1.62.0 - ISC" in icon.read_text(encoding="utf-8") for icon in ICONS)

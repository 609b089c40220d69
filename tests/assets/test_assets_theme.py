"""The theme's contrast floors (design page 2.1) and sizes, computed from sRGB and not from a list of results."""

import re

import pytest

import assets

COLOUR = assets.tokens()["colour"]
TYPE = assets.tokens()["type"]
TEXT = ("ink", "ink2", "green", "amber", "red")


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` (WCAG 2.2, definition of relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def pairs(theme: str) -> list[tuple[str, str]]:
    """Every text token on every ground it may stand on in this theme."""
    found = [(text, ground) for text in TEXT for ground in ("bg", "surface")]
    found += [("ink", "row"), ("ink2", "row"), ("disabled", "sunken"), ("on_header", "header")]
    found += [("on_header2", "header"), ("on_action", "action"), ("on_call", "call"), ("on_amber_fill", "amber_fill")]
    if theme != "wall":
        found += [(colour, f"{colour}_tint") for colour in ("green", "amber", "red")]
        found += [("action", ground) for ground in ("bg", "surface", "tint")] + [("ink", "tint")]
        found += [("on_action", "press")] if theme != "contrast" else []
    return found


def test_ratio_of_black_and_white_and_of_equal_colours():
    assert ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert ratio("#123456", "#123456") == pytest.approx(1)


@pytest.mark.parametrize("theme", ["light", "wall"])
def test_text_reaches_four_and_a_half(theme: str):
    for text, ground in pairs(theme):
        # The disabled label is 4.5 when rounded to the one decimal of the design's table.
        assert round(ratio(COLOUR[theme][text], COLOUR[theme][ground]), 1) >= 4.5, (theme, text, ground)


@pytest.mark.parametrize("theme", ["elder", "contrast"])
def test_text_reaches_seven_where_sight_is_low(theme: str):
    for text, ground in pairs(theme):
        assert ratio(COLOUR[theme][text], COLOUR[theme][ground]) >= 7, (theme, text, ground)


@pytest.mark.parametrize("theme", list(COLOUR))
def test_edges_lamps_and_their_marks_reach_three(theme: str):
    colours = COLOUR[theme]
    for ground in ("bg", "surface"):
        assert ratio(colours["edge"], colours[ground]) >= 3
        for lamp in ("green_fill", "amber_edge", "red_fill"):
            assert ratio(colours[lamp], colours[ground]) >= 3, (theme, lamp)
    for lamp in ("green_fill", "amber_fill", "red_fill"):
        assert ratio(colours[f"on_{lamp}"], colours[lamp]) >= 3, (theme, lamp)


@pytest.mark.parametrize(
    ("theme", "text", "ground", "expected"),
    [
        ("light", "ink", "bg", 15.3), ("light", "ink2", "sunken", 6.3), ("light", "action", "tint", 7.0),
        ("light", "edge", "bg", 3.7), ("light", "amber", "surface", 7.5), ("light", "on_header2", "header", 11.3),
        ("elder", "ink", "bg", 19.8), ("elder", "green", "bg", 9.3), ("elder", "edge", "bg", 6.9),
        ("contrast", "action", "bg", 16.0), ("contrast", "red", "bg", 10.3), ("wall", "ink", "row", 15.1),
        ("wall", "call", "row", 9.8), ("wall", "on_call", "call", 12.2), ("wall", "on_red_fill", "red_fill", 5.3),
    ],
)  # fmt: skip
def test_the_values_are_those_of_the_design(theme: str, text: str, ground: str, expected: float):
    assert ratio(COLOUR[theme][text], COLOUR[theme][ground]) == pytest.approx(expected, abs=0.06)


def test_every_theme_has_the_same_tokens_but_what_a_wall_cannot_have():
    nothing_to_touch = {"press", "tint", "green_tint", "red_tint"}
    for theme in ("elder", "contrast"):
        assert COLOUR[theme].keys() == COLOUR["light"].keys()
    assert COLOUR["light"].keys() - COLOUR["wall"].keys() == nothing_to_touch
    assert COLOUR["wall"].keys() <= COLOUR["light"].keys()


def test_colours_are_six_digits_in_capitals():
    for theme, colours in COLOUR.items():
        for name, value in colours.items():
            assert re.fullmatch("#[0-9A-F]{6}", value), (theme, name, value)


def test_the_lights_use_tokens_that_exist_and_five_different_looks():
    lights = assets.tokens()["lights"]
    looks = {(light["shape"], light["glyph"]) for light in lights.values()}
    assert len(looks) == len(lights) == 5
    for light in lights.values():
        for use in {"fill", "mark", "outline"} & light.keys():
            assert all(light[use] in colours for colours in COLOUR.values())


def test_type_sizes_never_fall_below_the_smallest_and_elder_is_never_smaller():
    for surface in ("kiosk", "elder", "wall", "desktop", "phone"):
        assert min(TYPE[surface].values()) == TYPE[surface]["small"]
    assert all(TYPE["elder"][role] >= size for role, size in TYPE["kiosk"].items())
    assert [TYPE[surface]["small"] for surface in ("kiosk", "elder", "wall", "desktop", "phone")] == [
        28,
        40,
        30,
        13,
        14,
    ]


def test_motion_stays_calm():
    motion = assets.tokens()["motion_ms"]
    assert max(motion[name] for name in ("press", "page", "toast", "light")) <= motion["most"]
    assert 1000 / (2 * motion["call_blink"]) < 3, "never more than three flashes a second"


def test_an_unknown_asset_is_an_error_with_its_name():
    with pytest.raises(FileNotFoundError, match=r"icons/no-such\.svg"):
        assets.path("icons", "no-such.svg")
    with pytest.raises(FileNotFoundError):
        assets.path("..", "README.md")

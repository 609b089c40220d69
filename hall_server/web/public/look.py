"""How the visitor's page looks: templates, icons, style from the theme's tokens, script. Read once."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

import assets

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
ICONS = ("bell", "circle-check", "laugh", "smile", "meh", "frown", "angry")
RATING_ICONS = {int(level): name for level, name in assets.tokens()["rating_icons"].items()}
PALETTES = {":root": "light", "html.large": "elder"}
SIZES = ("number", "title", "name", "row_number", "row_number_large", "body", "body_large", "small")


@lru_cache(maxsize=1)
def templates() -> jinja2.Environment:
    """The templates; everything in them is escaped, an unknown name is our bug."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(icon=icon, breakable=breakable, rating_icons=RATING_ICONS, version=version())
    return made


@lru_cache(maxsize=len(ICONS))
def icon(name: str) -> Markup:
    """An icon of the assets inside the page: no second request, and it takes the text's colour."""
    drawing = assets.path("icons", f"{name}.svg").read_text(encoding="utf-8")
    drawing = " ".join(drawing[drawing.index("<svg") :].split()).replace(
        f'class="lucide lucide-{name}"', 'class="icon"'
    )
    return Markup(drawing.replace("<svg", '<svg aria-hidden="true"', 1))  # noqa: S704 - our own file


def breakable(words: str) -> Markup:
    """Chinese words of four or more may break behind the second: 非常|满意, not 非常满|意."""
    if words.isascii() or len(words) < 4:
        return escape(words)
    return escape(words[:2]) + Markup("<wbr>") + escape(words[2:])


def properties() -> str:
    """The theme's tokens as custom properties, for every page of the hall."""
    tokens = assets.tokens()
    blocks = []
    for selector, palette in PALETTES.items():
        colours = "".join(f"--{name}:{value};" for name, value in tokens["colour"][palette].items())
        blocks.append(f"{selector}{{{colours}}}")
    contrast = "".join(f"--{name}:{value};" for name, value in tokens["colour"]["contrast"].items())
    blocks.append(f"@media (prefers-contrast:more){{:root,html.large{{{contrast}}}}}")
    sizes = "".join(f"--{name}:{tokens['type']['phone'][name] / 16:g}rem;" for name in SIZES)
    radii = f"--card:{tokens['radius']['desktop_card_large']}px;--control:{tokens['radius']['desktop_control']}px;"
    lamp = tokens["colour"]["wall"]["green_fill"]
    blocks.append(f":root{{{sizes}{radii}--lamp:{lamp};--stale_opacity:{tokens['stale_opacity']}}}")
    return "\n".join(blocks)


@lru_cache(maxsize=1)
def style() -> str:
    """The page's style: the tokens, then what uses them."""
    return f"{properties()}\n{(STATIC / 'visitor.css').read_text(encoding='utf-8')}"


@lru_cache(maxsize=1)
def script() -> str:
    """The page's script."""
    return (STATIC / "visitor.js").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def version() -> str:
    """Changes with style or script, so that both may be kept for ever."""
    return sha256((style() + script()).encode()).hexdigest()[:10]

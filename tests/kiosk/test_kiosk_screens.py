"""Every kiosk screen in every mode and language: nothing cut, nothing overlapping, everything in reach and named."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from kiosk_stage import SCENES, Stage
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QAccessible
from PySide6.QtQuick import QQuickItem

from hall_client.drive import items

MODES: tuple[tuple[str, ...], ...] = ((), ("large",), ("low",), ("contrast",), ("large", "low", "contrast"))
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
SLACK = 3.0
"""Pixels by which a glyph's box may pass its item without touching anything."""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    one = Stage()
    yield one
    one.shell.close()


def box(item: QQuickItem) -> QRectF:
    """Where an item lies in the window."""
    return QRectF(item.mapToScene(QPointF(0, 0)), item.mapToScene(QPointF(item.width(), item.height())))


def kind(item: QQuickItem) -> str:
    return str(item.metaObject().className()).split("_QML")[0]


def texts(stage: Stage) -> list[QQuickItem]:
    found = items(stage.window.contentItem())
    return [i for i in found if i.property("contentWidth") is not None and i.property("text")]


def touchables(stage: Stage) -> list[QQuickItem]:
    found = items(stage.window.contentItem())
    return [i for i in found if i.property("pressedFace") is not None and i.isEnabled()]


def ink(item: QQuickItem) -> QRectF:
    """Where the letters of a text lie."""
    around = box(item)
    width, height = item.property("contentWidth"), item.property("contentHeight")
    across = item.property("across")
    x = {2: around.right() - width, 4: around.center().x() - width / 2}.get(across, around.x())
    y = around.center().y() - height / 2 if item.property("down") == 128 else around.y()
    tall = 0.8 if item.property("text").isupper() and item.property("text").isascii() else 1.25
    inset = max(0.0, height - item.property("pixels") * item.property("lineCount") * tall) / 2
    return QRectF(x, y + inset, width, height - 2 * inset)


def settle(stage: Stage, qtbot: object) -> None:
    """The page change has ended."""
    loader = stage.window.findChild(QQuickItem, "page")
    qtbot.waitUntil(lambda: loader.property("shift") == 0 and loader.opacity() == 1, timeout=2000)  # type: ignore[attr-defined]
    stage.window.grabWindow()  # lays out whatever waits for a frame


CASES = [
    pytest.param(scene, language, modes, id=f"{scene}-{language}-{'+'.join(modes) or 'light'}")
    for scene, language, modes in itertools.product(SCENES, LANGUAGES, MODES)
    if language != "zh-Hant" or len(modes) != 1  # as long as the simplified texts: light and all modes at once will do
]


@pytest.mark.parametrize(("scene", "language", "modes"), CASES)
def test_every_screen_fits_is_in_reach_and_is_named(
    stage: Stage, qtbot: object, scene: str, language: str, modes: tuple[str, ...]
) -> None:
    stage.show(SCENES[scene](), language=language, modes=modes)
    settle(stage, qtbot)
    faults = [
        *cut(stage),
        *overlapping(stage),
        *spilling(stage),
        *out_of_reach(stage, low="low" in modes),
        *unnamed(stage),
    ]
    assert not faults, "\n".join(faults)


def cut(stage: Stage) -> list[str]:
    """Texts larger than their box, elided, or outside the window."""
    out = []
    for item in texts(stage):
        around, text = box(item), item.property("text")
        wide = item.property("contentWidth") - item.width()
        tall = item.property("contentHeight") - item.height()
        if item.property("truncated") or wide > SLACK or (item.property("fit") and tall > SLACK + 6):
            out.append(f"cut: {text!r} needs {wide:+.0f} x {tall:+.0f}")
        if around.x() < -1 or around.right() > 1081:
            out.append(f"outside: {text!r} at {around.x():.0f}…{around.right():.0f}")
    return out


def overlapping(stage: Stage) -> list[str]:
    """Texts of one layer whose letters touch."""
    out = []
    dialog = next((i for i in items(stage.window.contentItem()) if kind(i).startswith("Over")), None)
    shown = [i for i in texts(stage) if dialog is None or under(i, dialog)]
    if dialog is None:
        note = [i for i in items(stage.window.contentItem()) if kind(i) == "Note"]
        shown = [i for i in shown if not any(under(i, n) for n in note)]
    boxes = [(i, ink(i)) for i in shown]
    for (a, first), (b, second) in itertools.combinations(boxes, 2):
        shared = first.intersected(second)
        if shared.width() > SLACK and shared.height() > SLACK + 3:
            both = f"{a.property('text')!r} and {b.property('text')!r}"
            out.append(f"overlap: {both} by {shared.width():.0f}x{shared.height():.0f}")
    return out


def spilling(stage: Stage) -> list[str]:
    """Labels of touchables that stand out of them, and pictures under the letters."""
    out = []
    for touchable in touchables(stage):
        around = box(touchable).adjusted(-2, -2, 2, 2)
        inside = [i for i in texts(stage) if under(i, touchable)]
        pictures = [i for i in items(touchable) if kind(i) == "Icon" and i.property("name")]
        for item in inside:
            if not around.contains(ink(item)):
                out.append(f"spills: {item.property('text')!r} out of {touchable.objectName()}")
            hit = [p for p in pictures if box(p).intersected(ink(item)).width() > SLACK + 3]
            hit = [p for p in hit if box(p).intersected(ink(item)).height() > SLACK + 3]
            if hit:
                out.append(f"under a picture: {item.property('text')!r} in {touchable.objectName()}")
    return out


def under(item: QQuickItem, ancestor: QQuickItem) -> bool:
    at: QQuickItem | None = item
    while at is not None:
        if at is ancestor or at == ancestor:
            return True
        at = at.parentItem()
    return False


def out_of_reach(stage: Stage, *, low: bool) -> list[str]:
    """Touchables smaller than 80 px, or above the reach line."""
    line = 860 if low else 288
    out = []
    for item in touchables(stage):
        around = box(item)
        if min(around.width(), around.height()) < 80:
            out.append(f"small: {item.objectName()} is {around.width():.0f}x{around.height():.0f}")
        if around.y() < line:
            out.append(f"high: {item.objectName()} begins at {around.y():.0f}, above {line}")
        if around.bottom() > 1921:
            out.append(f"low: {item.objectName()} ends at {around.bottom():.0f}")
    return out


def unnamed(stage: Stage) -> list[str]:
    """Touchables without a name for tests, or for a screen reader."""
    out = []
    names: set[str] = set()
    for item in touchables(stage):
        name = item.objectName()
        reader = QAccessible.queryAccessibleInterface(item)
        if not name or (name in names and name not in ("help", "search")):
            out.append(f"no name of its own: {name!r}")
        names.add(name)
        if reader is None or not reader.text(QAccessible.Text.Name):
            out.append(f"nothing to read out: {name!r}")
    return out

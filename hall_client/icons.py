"""Outline icons drawn in a token's colour at the size asked for: `image://icon/NAME/RRGGBB`; QR codes the same way."""

from __future__ import annotations

import urllib.parse
from typing import Any

import qrcode
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

import assets

SIZE_DEFAULT = 48
QUIET_MODULES = 4


class IconProvider(QQuickImageProvider):
    """SVG files of `assets/icons`, `currentColor` replaced."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._files: dict[str, str] = {}

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:
        """Qt asks: NAME/RRGGBB."""
        name, _, colour = id.partition("/")
        if name not in self._files:
            self._files[name] = assets.path("icons", f"{name}.svg").read_text(encoding="utf-8")
        svg = self._files[name].replace("currentColor", f"#{colour}")
        width = requestedSize.width() if requestedSize.width() > 0 else SIZE_DEFAULT
        image = QImage(width, width, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, width, width))
        painter.end()
        return image


class QrProvider(QQuickImageProvider):
    """`image://qr/TEXT` (percent-encoded): black on white with its quiet zone, whole pixels a module."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:
        """Qt asks."""
        return qr_image(urllib.parse.unquote(id), requestedSize.width())


def qr_image(text: str, width: int) -> QImage:
    """A QR code (level M) in a square of `width` pixels, modules of whole pixels, centred."""
    code: Any = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    modules = len(matrix) + 2 * QUIET_MODULES
    width = max(width, modules)
    module = width // modules
    start = (width - module * len(matrix)) // 2
    image = QImage(width, width, QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                painter.fillRect(start + x * module, start + y * module, module, module, QColor("#000000"))
    painter.end()
    return image

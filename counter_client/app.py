"""hall-counter."""

from pathlib import Path

WINDOW = Path(__file__).resolve().parent / "qml" / "Counter" / "Main.qml"

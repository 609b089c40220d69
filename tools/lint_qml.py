"""Lints every QML file against the Python types it is shown: a misspelt property is found before a visitor does.

qmllint knows Python's objects only through type descriptions. They are written from the objects' own meta-objects into
`build/qml`, beside links to the QML modules; then qmllint must be silent. Exit 0, or 1 with what it says.
"""

from __future__ import annotations

import importlib
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "qml"
FOLDERS = ("hall_client/qml/Hall", "kiosk/qml", "counter_client/qml", "display_wall/qml")
SHELL = (
    "HallShell",
    {
        "Tokens": ("hall_client.theme", "Tokens"),
        "WordSource": ("hall_client.i18n", "Words"),
        "Clock": ("hall_client.clock", "Clock"),
        "Sounds": ("hall_client.sounds", "Sounds"),
    },
)
"""The singletons `hall_client/shell.py` registers, by their QML names."""
PROGRAMS = ("counter_client", "display_wall", "kiosk")


def elements() -> Iterator[tuple[str, str, type]]:
    """(QML module, name, class) of every class the programs declare for QML."""
    for package in PROGRAMS:
        for file in sorted((ROOT / package).glob("*.py")):
            if "QML_IMPORT_NAME" in file.read_text(encoding="utf-8"):
                module = importlib.import_module(f"{package}.{file.stem}")
                for name, found in vars(module).items():
                    if inspect.isclass(found) and found.__module__ == module.__name__ and is_object(found):
                        yield module.QML_IMPORT_NAME, name, found


def is_object(found: type) -> bool:
    """Whether QML may hold it."""
    from PySide6.QtCore import QObject

    return issubclass(found, QObject)


def described(name: str, found: type, module: str, *, singleton: bool = False) -> str:
    """One class as qmllint reads it, from its meta-object."""
    meta = found.staticMetaObject
    lines = [
        "    Component {",
        f'        name: "{name}"',
        '        accessSemantics: "reference"',
        f'        prototype: "{meta.superClass().className() if is_model(found) else "QObject"}"',
        f'        exports: ["{module}/{name} 1.0"]',
        "        exportMetaObjectRevisions: [256]",
    ]
    if singleton:
        lines += ["        isCreatable: false", "        isSingleton: true"]
    for i in range(meta.propertyOffset(), meta.propertyCount()):
        prop = meta.property(i)
        parts = [f'name: "{prop.name()}"', f'type: "{kind(prop.typeName())}"']
        if prop.hasNotifySignal():
            parts.append(f'notify: "{prop.notifySignal().name().data().decode()}"')
        if not prop.isWritable():
            parts.append("isReadonly: true")
        if prop.isConstant():
            parts.append("isPropertyConstant: true")
        lines.append(f"        Property {{ {'; '.join(parts)} }}")
    for i in range(meta.methodOffset(), meta.methodCount()):
        lines += method(meta.method(i))
    return "\n".join([*lines, "    }"])


def is_model(found: type) -> bool:
    """Whether it is a list model of Qt's."""
    from PySide6.QtCore import QAbstractListModel

    return issubclass(found, QAbstractListModel) and found.staticMetaObject.superClass() is not None


def method(found: object) -> list[str]:
    """A signal or slot."""
    from PySide6.QtCore import QMetaMethod

    assert isinstance(found, QMetaMethod)
    word = "Signal" if found.methodType() == QMetaMethod.MethodType.Signal else "Method"
    words = [f'name: "{found.name().data().decode()}"']
    returned = kind(found.typeName() or "void")
    if word == "Method" and returned != "void":
        words.append(f'type: "{returned}"')
    given = [n.data().decode() for n in found.parameterNames()]
    kinds = [kind(t.data().decode()) for t in found.parameterTypes()]
    named = zip(given, kinds, strict=True)
    parameters = [f'Parameter {{ name: "{n or f"p{i}"}"; type: "{t}" }}' for i, (n, t) in enumerate(named)]
    return [f"        {word} {{ {'; '.join(words)}", *(f"            {p}" for p in parameters), "        }"]


def kind(name: str) -> str:
    """Qt's word for a type; Python's own objects travel as variants."""
    return "QVariant" if name in ("PyObject", "") else name.rstrip("*")


def write_module(name: str, components: list[str]) -> None:
    """A QML module without files of its own."""
    folder = BUILD / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "qmldir").write_text(
        f"module {name}\ntypeinfo {name}.qmltypes\ndepends QtQuick\ndepends QtQml.Models\n", encoding="utf-8"
    )
    head = "import QtQuick.tooling 1.2\n\nModule {\n"
    (folder / f"{name}.qmltypes").write_text(head + "\n".join(components) + "\n}\n", encoding="utf-8")


def write_types() -> None:
    """All modules of ours that Python makes."""
    modules: dict[str, list[str]] = {}
    for module, name, found in elements():
        modules.setdefault(module, []).append(described(name, found, module))
    shell, singletons = SHELL
    modules[shell] = [
        described(name, getattr(importlib.import_module(file), cls), shell, singleton=True)
        for name, (file, cls) in singletons.items()
    ]
    for name, components in modules.items():
        write_module(name, components)


def main() -> int:
    """Writes the types and lints."""
    write_types()
    files = sorted(str(f) for folder in FOLDERS for f in (ROOT / folder).rglob("*.qml"))
    tool = Path(sys.executable).parent / "pyside6-qmllint"
    paths = ["-I", str(BUILD), "-I", str(ROOT / "hall_client" / "qml"), "-I", str(ROOT / "counter_client" / "qml")]
    done = subprocess.run([str(tool), *paths, "--max-warnings", "0", *files], check=False)
    return 0 if done.returncode == 0 else 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())

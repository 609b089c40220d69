"""The set-up script with a real Python, virtual environment and pip, on a project that needs no network."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tools" / "setup.py"

# Its own build backend, so that pip has nothing to fetch: an editable wheel with a name, a version and one extra.
BACKEND = """
import zipfile
METADATA = "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n"
METADATA += "".join("Provides-Extra: " + extra + "\\n" for extra in ("a", "b", "missing"))
METADATA += "Requires-Dist: no-such-package-anywhere==9; extra == 'missing'\\n"
WHEEL = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
FILES = {"METADATA": METADATA, "WHEEL": WHEEL, "RECORD": ""}
def build_editable(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(folder + "/tiny-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny_module.py", "here = True")
        for name, text in FILES.items():
            wheel.writestr("tiny-1.dist-info/" + name, text)
    return "tiny-1-py3-none-any.whl"
build_wheel = build_editable
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "tiny"
version = "1"
[project.optional-dependencies]
a = []
b = ["tiny[a]"]
missing = ["no-such-package-anywhere==9"]
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the tiny project with our script in it."""
    root = tmp_path_factory.mktemp("checkout")
    (root / "tools").mkdir()
    shutil.copy(SCRIPT, root / "tools")
    (root / "backend.py").write_text(BACKEND)
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "constraints.txt").write_text("")
    return root


def set_up(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run(
        [sys.executable, str(root / "tools" / "setup.py"), *arguments],
        env={**outside, "PIP_NO_INDEX": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_makes_the_environment_once_and_the_second_run_does_nothing(checkout: Path):
    first = set_up(checkout, "b")
    assert first.returncode == 0, first.stdout + first.stderr
    assert first.stdout.splitlines()[-1] == "setup: ready"
    python = checkout / ".venv" / "bin" / "python"
    assert subprocess.run([python, "-c", "import tiny_module"], check=False).returncode == 0
    made = (checkout / ".venv" / "counterhall-setup.json").stat().st_mtime_ns
    for arguments in (["b"], ["a"]):  # b contains a
        again = set_up(checkout, *arguments)
        assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert (checkout / ".venv" / "counterhall-setup.json").stat().st_mtime_ns == made


def test_a_changed_pin_installs_again(checkout: Path):
    assert set_up(checkout, "a").returncode == 0
    (checkout / "constraints.txt").write_text("something==1\n")
    assert "installing Python packages" in set_up(checkout, "a").stdout
    assert set_up(checkout, "a").stdout == ""


def test_a_stamp_cut_off_installs_again(checkout: Path):
    assert set_up(checkout, "a").returncode == 0
    (checkout / ".venv" / "counterhall-setup.json").write_text('{"digest": "ab')
    assert set_up(checkout, "a").stdout.endswith("setup: ready\n")


def test_a_package_that_cannot_be_had_is_said_plainly_and_leaves_no_stamp(checkout: Path):
    assert set_up(checkout, "a").returncode == 0
    failed = set_up(checkout, "missing")
    assert failed.returncode == 1
    assert "setup: pip could not install the packages:" in failed.stderr
    assert "no-such-package-anywhere" in failed.stderr
    assert "Traceback" not in failed.stdout + failed.stderr
    assert set_up(checkout, "a").stdout == "", "what was there is still there"


def test_an_unknown_extra_is_named(checkout: Path):
    failed = set_up(checkout, "nonsense")
    assert failed.returncode == 1
    assert "there is no extra 'nonsense'; pyproject.toml has a, b, missing" in failed.stderr


def test_a_checkout_that_is_not_ours_to_write_is_said_plainly(tmp_path: Path):
    (tmp_path / "tools").mkdir()
    shutil.copy(SCRIPT, tmp_path / "tools")
    (tmp_path / "build").write_text("a file where the folder should be")
    failed = set_up(tmp_path, "a")
    assert failed.returncode == 1
    assert failed.stderr.startswith("setup: ")
    assert "Traceback" not in failed.stderr


@pytest.fixture
def script() -> dict[str, object]:
    return runpy.run_path(str(SCRIPT), run_name="setup_script")


def test_the_extras_of_this_project_contain_each_other(script):
    assert {"dev", "demo", "server", "screens"} <= script["with_contained"](["dev"])
    assert "dev" not in script["with_contained"](["demo"])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system packages are a matter of Linux")
def test_this_machine_has_what_the_hall_needs_and_a_missing_library_is_noticed(script, monkeypatch):
    assert script["missing_packages"](windows=False) == []
    monkeypatch.setitem(script["LIBRARIES"], "libnothing9", "libnothing.so.9")
    monkeypatch.setitem(script["FILES"], "fonts-nothing", "NoSuchFont.ttc")
    assert script["missing_packages"](windows=False) == ["libnothing9", "fonts-nothing"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system packages are a matter of Linux")
def test_without_root_the_exact_line_is_printed(script, monkeypatch, tmp_path):
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))  # no sudo on it
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(script["Impossible"]) as told:
        script["install_packages"](["libegl1", "unifont"], windows=False)
    line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 unifont"
    assert line in str(told.value).splitlines()[2]


def test_every_apt_name_looks_like_one_and_every_library_has_its_version(script):
    for package, library in {**script["LIBRARIES"], **script["X11_LIBRARIES"]}.items():
        assert re.fullmatch(r"[a-z0-9.+-]+", package)
        assert re.fullmatch(r"lib[\w.+-]+\.so\.\d+", library)


def test_ci_calls_the_command_of_the_readme():
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "make test"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)

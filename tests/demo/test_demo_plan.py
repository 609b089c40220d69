"""What the demo's variables ask for, and where its things lie."""

from pathlib import Path

import pytest

from demo.plan import CLERK_AT, COUNTERS, BadVariable, Runtime, free_ports, is_free, port_names, wanted


def test_without_variables_a_fresh_folder_and_the_usual_port(tmp_path: Path):
    asked = wanted({}, folder=tmp_path)
    assert (asked.port, asked.speed, asked.windows) == (8700, 1, False)
    assert asked.data == tmp_path / "demo-1" / "hall"
    (tmp_path / "demo-1").mkdir()
    assert wanted({}, folder=tmp_path).data == tmp_path / "demo-2" / "hall"


def test_variables_are_taken(tmp_path: Path):
    asked = wanted({"HALL_PORT": "9000", "HALL_SPEED": "60", "HALL_DATA": str(tmp_path), "WINDOWS": "1"})
    assert (asked.port, asked.speed, asked.data, asked.windows) == (9000, 60, tmp_path, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HALL_PORT", "80"),
        ("HALL_PORT", "x"),
        ("HALL_SPEED", "0"),
        ("HALL_SPEED", "61"),
        ("HALL_SPEED", "1.5"),
        ("HALL_START", "25:00"),
        ("HALL_SEED", "-1"),
        ("HALL_MONTHS", "25"),
        ("HALL_MONTHS", "x"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, name: str, value: str):
    with pytest.raises(BadVariable, match=name):
        wanted({name: value}, folder=tmp_path)


def test_the_stage_is_beside_the_hall_and_for_its_owner_alone(tmp_path: Path):
    runtime = Runtime.beside(tmp_path / "hall")
    runtime.make()
    assert runtime.folder.parent == tmp_path
    for folder in (runtime.folder, *(p for p in runtime.folder.iterdir() if p.is_dir())):
        assert folder.stat().st_mode & 0o077 == 0, folder


def test_every_listener_gets_a_port_of_its_own():
    names = list(port_names())
    ports = free_ports(len(names))
    assert len(set(names)) == len(names) == len(set(ports))
    assert all(is_free(port) for port in ports)


def test_every_counter_has_a_clerk_of_its_own():
    assert set(CLERK_AT) == set(COUNTERS)
    assert len(set(CLERK_AT.values())) == len(COUNTERS)

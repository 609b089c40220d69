"""The commands as an administrator types them: exit codes, one plain line, nothing half done."""

import io
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hall_server.cli import COMMANDS, command

ROOT = Path(__file__).parents[3]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Run a command; (exit code, standard output, standard error)."""

    def run(*arguments: str | Path, input: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(input))
        capsys.readouterr()
        try:
            code = command([str(a) for a in arguments])
        except SystemExit as exit:
            code = int(exit.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run


def test_every_command_explains_itself(say) -> None:  # type: ignore[no-untyped-def]
    assert say("--version")[:2] == (0, "hall-server 0.2.0\n")
    assert say("--help")[0] == 0
    for name in COMMANDS:
        code, out, _ = say(name.rstrip("_"), "--help")
        assert (code, "usage: hall-server" in out) == (0, True)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such-command"],
        ["verify"],
        ["device", "add", "--data", "x", "--role", "kiosk"],
        ["device", "add", "--data", "x", "--role", "king", "--name", "K"],
        ["device", "add", "--data", "x", "--role", "keypad", "--name", "K"],
        ["device", "add", "--data", "x", "--role", "kiosk", "--name", "K", "--counter", "1"],
        ["due", "--data", "x", "--start", "2026-02-30", "--days", "1"],
        ["due", "--data", "x", "--start", "2026-02-28", "--days", "1", "--pause", "2026-03-02"],
        ["due", "--data", "x", "--start", "2026-02-28", "--days", "1", "--pause", "2026-03-02/2026-03-01"],
        ["report", "--data", "x", "--month", "2026-13", "--to", "y"],
        ["run", "--data", "x", "--listen", "8700"],
        ["run", "--data", "x", "--listen", "0.0.0.0:8700", "--insecure-http"],
        ["run", "--data", "x", "--listen", "192.168.1.5:8700", "--insecure-http"],
    ],
)
def test_wrong_usage_is_exit_2(say, arguments: list[str]) -> None:  # type: ignore[no-untyped-def]
    code, _, err = say(*arguments)
    assert code == 2
    assert "usage:" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify"],
        ["clerk", "list"],
        ["run", "--listen", "127.0.0.1:0", "--insecure-http"],
        ["anchor", "--to", "a"],
        ["backup", "--to", "b"],
        ["import", "c.csv"],
        ["report", "rebuild"],
    ],
)
def test_without_a_hall_there_is_one_plain_line_and_no_new_file(say, tmp_path: Path, arguments: list[str]) -> None:  # type: ignore[no-untyped-def]
    code, _, err = say(*arguments, "--data", tmp_path)
    assert code == 1
    assert len(err.splitlines()) == 1
    assert "hall-server init" in err
    assert list(tmp_path.iterdir()) == []


def test_init_makes_a_private_hall_once(say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    data = tmp_path / "deep" / "hall"
    assert say("init", "--data", data)[0] == 0
    modes = [p for p in [data, *data.rglob("*")] if stat.S_IMODE(p.stat().st_mode) & 0o077]
    assert modes == []
    for sample in ([], ["--sample", "county"]):
        code, _, err = say("init", "--data", data, *sample)
        assert (code, "not empty" in err) == (1, True)
    assert [p.name for p in data.parent.iterdir()] == ["hall"]
    code, out, _ = say("verify", "--data", data)
    assert re.fullmatch(r"ok 2 events head [0-9a-f]{64}\n", out)
    assert say("clerk", "list", "--data", data)[1] == ""
    text = (data / "hall.toml").read_text("utf-8")
    assert "county" not in text.splitlines()[0]
    assert "# a ticket is called at most so often" in text


def test_two_halls_have_nothing_secret_in_common(say, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("a", "b"):
        assert say("init", "--data", tmp_path / name, "--sample", "county")[0] == 0
    for file in ("hall.key", "ca.key", "ca.pem"):
        assert (tmp_path / "a/keys" / file).read_bytes() != (tmp_path / "b/keys" / file).read_bytes()


def test_a_failed_init_leaves_nothing(say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "journal.db")

    monkeypatch.setattr("hall_server.engine.Engine.create", full)
    code, _, err = say("init", "--data", tmp_path / "hall")
    assert (code, err) == (1, "hall-server: journal.db: No space left on device\n")
    assert list(tmp_path.iterdir()) == []


def test_devices_clerks_and_accounts(say, county: Path) -> None:  # type: ignore[no-untyped-def]
    on = ("--data", county)
    code, out, _ = say("device", "add", *on, "--role", "counter", "--name", "C3", "--counter", "3")
    made = json.loads(out)
    assert (code, set(made)) == (0, {"device", "role", "token"})
    assert len(made["token"]) >= 22
    assert say("device", "add", *on, "--role", "kiosk", "--name", "C3")[2] == (
        "hall-server: C3 is there already; choose another name\n"
    )
    assert [json.loads(line)["name"] for line in say("device", "list", *on)[1].splitlines()] == ["C3"]
    assert say("device", "revoke", *on, "--name", "C3")[0] == 0
    assert say("device", "revoke", *on, "--name", "C3")[0] == 1
    assert say("clerk", "add", *on, "--number", "9901", "--department", "县公安局")[0] == 0
    assert say("clerk", "set-pin", *on, "--clerk", "9901", input="73915846\n")[0] == 0
    assert say("clerk", "set-pin", *on, "--clerk", "9901", input="1\n")[2] == "hall-server: a PIN has 6 to 12 digits\n"
    assert say("clerk", "set-pin", *on, "--clerk", "9901")[2] == "hall-server: no PIN on standard input\n"
    rows = [json.loads(line) for line in say("clerk", "list", *on)[1].splitlines()]
    assert len(rows) == 21
    assert [r["clerk"] for r in rows if r["has_pin"]] == ["9901"]
    assert say("clerk", "disable", *on, "--clerk", "9901")[0] == 0
    assert say("account", "add", *on, "--name", "inspector", "--role", "manager", input="ignored\n")[0] == 0
    assert say("account", "set-password", *on, "--name", "inspector", input="Long-enough pass phrase 7\n")[0] == 0
    assert json.loads(say("account", "list", *on)[1])["has_password"] is True
    assert say("account", "disable", *on, "--name", "inspector")[0] == 0
    content = b"".join(p.read_bytes() for p in county.rglob("*") if p.is_file())
    assert b"73915846" not in content
    assert b"pass phrase" not in content
    assert made["token"].encode() not in content


def test_due(say, county: Path) -> None:  # type: ignore[no-untyped-def]
    def due(*arguments: str) -> object:
        code, out, _ = say("due", "--data", county, *arguments)
        assert (code, out.count("\n")) == (0, 1)
        return json.loads(out)

    assert due("--start", "2026-09-30", "--days", "5") == {
        "due": "2026-10-13",
        "due_at": "2026-10-13T16:30:00.000+08:00",
        "provisional": False,
    }
    assert due("--start", "2026-12-28", "--days", "5")["provisional"] is True  # type: ignore[index]
    open_pause = due("--start", "2026-11-09", "--days", "5", "--pause", "2026-11-11/")
    assert open_pause == {"due": None, "due_at": None, "provisional": False}
    assert due("--start", "2026-03-02", "--days", "5", "--unit", "day")["due"] == "2026-03-09"  # type: ignore[index]
    two = due(
        "--start", "2026-03-02", "--days", "5", "--pause", "2026-03-03/2026-03-05", "--pause", "2026-03-09/2026-03-11"
    )
    assert two["due"] == "2026-03-13"  # type: ignore[index]
    joined = due("--start", "2026-03-02", "--days", "5", "--pause", "2026-03-03/2026-03-05", "2026-03-09/2026-03-11")
    assert joined == two
    code, _, err = say("due", "--data", county, "--start", "2026-01-01", "--days", "-1")
    assert (code, "-1 days" in err) == (1, True)


def test_import_and_export(say, county: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    sample = ROOT / "assets" / "sample" / "county"
    assert say("import", "--data", county, *sample.glob("*.csv"))[:2] == (0, "nothing to change\n")
    bad = tmp_path / "services.csv"
    as_shipped = (sample / "services.csv").read_text("utf-8")
    line, row = next((n, r) for n, r in enumerate(as_shipped.splitlines(), 1) if r.startswith("S001,"))
    worse = row.replace("committed,20,6,working_day,no,", "committed,20,60,working_day,perhaps,", 1)
    bad.write_text(as_shipped.replace(row, worse), "utf-8")
    code, out, err = say("import", "--data", county, bad)
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        f"services.csv, line {line}, column 10 (fee): 'perhaps' is none of yes no",
        f"services.csv, line {line}, column 8 (promised_days): promised 60 is more than the statutory 20",
        "hall-server: nothing was taken: 2 mistakes",
    ]
    good = tmp_path / "good.csv"
    good.write_text(as_shipped.replace(row, row.replace("committed,20,6,", "committed,20,7,", 1)), "utf-8")
    assert say("import", "--data", county, good)[1] == "taken over\n"
    assert say("export", "--data", county, "--to", tmp_path / "out")[0] == 0
    assert (tmp_path / "out" / "services.csv").read_text("utf-8") == good.read_text("utf-8")
    assert (tmp_path / "out" / "lines.csv").read_text("utf-8") == (sample / "lines.csv").read_text("utf-8")
    assert say("import", "--data", county, *(tmp_path / "out").iterdir())[1] == "nothing to change\n"
    assert say("export", "--data", county, "--kind", "lines")[1] == (sample / "lines.csv").read_text("utf-8")
    assert say("export", "--data", county)[0] == 2
    assert say("import", "--data", county, tmp_path / "missing.csv")[2].endswith(
        "missing.csv: No such file or directory\n"
    )


def test_a_duty_a_counter_lacks_is_a_finding_of_the_import(say, county: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A4c: one of the six fields missing gives a finding in the import report, and the import is taken all the same."""
    assert say("export", "--data", county, "--to", tmp_path / "out")[0] == 0
    rows = (tmp_path / "out" / "counters.csv").read_text("utf-8")
    assert "0000-0000003,0312" in rows
    poor = tmp_path / "counters.csv"
    poor.write_text(rows.replace("0000-0000003,0312", ",").replace("0000-0000007,", ","), "utf-8")
    code, out, err = say("import", "--data", county, poor)
    assert (code, out) == (0, "taken over\n")
    assert err.splitlines() == [
        "finding: counter 3: no telephone; its screen shows a dash",
        "finding: counter 3: no first contact post; its screen shows a dash",
        "finding: counter 7: no telephone; its screen shows a dash",
    ]
    assert say("import", "--data", county, tmp_path / "out" / "counters.csv") == (0, "taken over\n", "")


def test_settings_may_be_imported(say, county: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    new = tmp_path / "hall.toml"
    new.write_text((county / "hall.toml").read_text("utf-8").replace("calls_max = 3 ", "calls_max = 9 "), "utf-8")
    assert say("import", "--data", county, new)[1] == "taken over\n"
    assert "calls_max = 9 " in (county / "hall.toml").read_text("utf-8")
    new.write_text("[queue]\ncalls_max = 99\n", "utf-8")
    code, _, err = say("import", "--data", county, new)
    assert (code, "line 2: queue.calls_max" in err) == (1, True)


def test_verify_finds_what_was_changed(say, county: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    import apsw

    say("device", "add", "--data", county, "--role", "kiosk", "--name", "K1")
    assert say("anchor", "--data", county, "--to", tmp_path / "a.json")[0] == 0
    assert say("verify", "--data", county, "--anchor", tmp_path / "a.json")[0] == 0
    db = apsw.Connection(str(county / "journal.db"))
    triggers = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    kept = [r[0] for r in db.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
    for trigger in triggers:
        db.execute(f"DROP TRIGGER {trigger}")
    (seq,) = next(db.execute("SELECT seq FROM events WHERE type = 'device_paired'"))
    db.execute("UPDATE events SET data = replace(data, 'K1', 'K2') WHERE seq = ?", (seq,))
    for sql in kept:
        db.execute(sql)
    db.close()
    code, _, err = say("verify", "--data", county)
    assert (code, err.startswith(f"broken at seq {seq}: ")) == (1, True)


def test_verify_compares_the_stored_state_with_the_events(say, county: Path) -> None:  # type: ignore[no-untyped-def]
    from hall_server.core.hall import decode, encode
    from hall_server.engine import code_version
    from hall_server.journal import snapshot
    from hall_server.journal.reader import Reader

    with Reader(county / "journal.db") as reader:
        seq, payload = snapshot.latest(county / "snapshots", reader, code_version=code_version()) or (0, b"")
        head = reader.hash_at(seq) or ""
    hall = decode(payload)
    hall.counters["3"].department = "elsewhere"
    snapshot.write(county / "snapshots", seq=seq, head_hash=head, payload=encode(hall), code_version=code_version())
    code, _, err = say("verify", "--data", county)
    assert (code, err) == (1, f"broken at seq {seq}: the stored state is not what the events say\n")


def test_backup_and_restore(say, county: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    say("device", "add", "--data", county, "--role", "kiosk", "--name", "K1")
    code, made, _ = say("backup", "--data", county, "--to", tmp_path / "b.tar")
    assert code == 0
    assert say("restore", "--from", tmp_path / "b.tar", "--data", tmp_path / "again")[:2] == (0, made)
    assert say("verify", "--data", tmp_path / "again")[1] == made
    assert "K1" in say("device", "list", "--data", tmp_path / "again")[1]
    assert say("restore", "--from", tmp_path / "b.tar", "--data", tmp_path / "again")[0] == 1
    data = bytearray((tmp_path / "b.tar").read_bytes())
    at = data.index(b"device_paired")
    data[at] ^= 1
    (tmp_path / "c.tar").write_bytes(data)
    code, _, err = say("restore", "--from", tmp_path / "c.tar", "--data", tmp_path / "bad")
    assert (code, len(err.splitlines())) == (1, 1)
    assert not (tmp_path / "bad").exists()


def test_report(say, county: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for format in ("json", "csv", "xlsx", "pdf"):
        to = tmp_path / f"r.{format}"
        assert say("report", "--data", county, "--month", "2026-11", "--format", format, "--to", to)[0] == 0
        assert to.stat().st_size > 0
    assert json.loads((tmp_path / "r.json").read_bytes())["month"] == "2026-11"
    events = say("verify", "--data", county)[1].split()[1]
    assert say("report", "rebuild", "--data", county)[1] == f"report.db made again from {events} events\n"
    assert say("report", "--data", county)[0] == 2


def test_a_fault_of_ours_is_one_line_and_a_log_line_without_secrets(
    say, county: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    async def broken(office: object, *, clerk: str, pin: str) -> None:
        raise ZeroDivisionError("of course")

    monkeypatch.setitem(__import__("hall_server.office", fromlist=["x"]).OPERATIONS, "clerk_set_pin", broken)
    code, _, err = say("clerk", "set-pin", "--data", county, "--clerk", "0301", input="73915846\n")
    assert code == 1
    log, line = err.splitlines()
    assert json.loads(log)["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert line.startswith("hall-server: a fault of this program (ZeroDivisionError")
    assert "73915846" not in err


def test_logs_are_json_without_tokens(say, county: Path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    import logging

    say("--log-level", "info", "device", "list", "--data", county)
    logging.getLogger("x").info("GET /t/%s by %s", "a" * 24, "Bearer abc")
    import structlog

    structlog.get_logger("y").warning("page", path="/t/" + "b" * 24)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert lines[0]["event"] == "GET /t/… by Bearer …"
    assert lines[1]["path"] == "/t/…"
    say("device", "list", "--data", county)
    assert logging.getLogger().level == logging.WARNING
    say("device", "list", "--data", county, "--log-level", "debug")
    assert logging.getLogger().level == logging.DEBUG
    say("device", "list", "--data", county)


def test_many_commands_at_once_all_get_their_turn(county: Path) -> None:
    code = "from hall_server.cli import main; main()"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, "device", "add", "--data", county, "--role", "kiosk", "--name", f"K{n}"],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for n in range(4)
    ]
    answers = [json.loads(p.communicate(timeout=60)[0]) for p in running]
    assert len({a["device"] for a in answers}) == 4
    assert all(p.returncode == 0 for p in running)

"""`hall-server verify`: is the journal what was written, and is the hall what the journal says?"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..journal.rows import Row


def add_to(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command."""
    from .access import add_data

    made = commands.add_parser("verify", help="check the whole journal, also while the server runs", parents=parents)
    add_data(made)
    made.add_argument("--anchor", type=Path, metavar="FILE", help="a note made by `hall-server anchor`")
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the outcome."""
    from ..journal import anchor, verify
    from .access import require_hall

    require_hall(args.data)
    note = None
    if args.anchor is not None:
        note = anchor.read(args.anchor, public_key=anchor.public_key(args.data / "keys"))
    outcome = verify.verify(args.data / "journal.db", note, replays_to(args.data))
    print(outcome.line, file=sys.stdout if outcome.ok else sys.stderr)
    return 0 if outcome.ok else 1


def replays_to(data: Path) -> Callable[[Iterator[Row]], tuple[int, str] | None]:
    """A replay of every event that is compared with the newest state the server kept on the way."""
    from ..core.hall import Hall, as_values, decode
    from ..engine import apply_row
    from ..journal import snapshot

    # Looked at before the rows are: what a running server keeps meanwhile is about rows that are read then.
    kept, known = stored_state(data), snapshot.last_known(data / "snapshots")

    def replay(rows: Iterator[Row]) -> tuple[int, str] | None:
        hall = Hall()
        for row in rows:
            try:
                apply_row(hall, row)
            except Exception as error:
                return row.seq, f"{row.type} cannot be replayed ({type(error).__name__}: {error})"
            if kept is not None and row.seq == kept[0] and as_values(decode(kept[1])) != as_values(hall):
                return row.seq, "the stored state is not what the events say"
        if known > hall.seq:
            return hall.seq + 1, f"the journal ends here, but the stored state knows {known} rows"
        return None

    return replay


def stored_state(data: Path) -> tuple[int, bytes] | None:
    """The newest state the server kept that belongs to this journal; None also when the file cannot be opened, which
    the walk over the rows names."""
    import apsw

    from ..engine import code_version
    from ..journal import snapshot
    from ..journal.reader import Reader
    from ..journal.schema import JournalDamaged, StorageFailed

    try:
        with Reader(data / "journal.db") as reader:
            return snapshot.latest(data / "snapshots", reader, code_version=code_version())
    except (JournalDamaged, StorageFailed, apsw.Error):
        return None

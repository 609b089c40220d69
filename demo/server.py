"""The hall's server with the demo's page: `python -m demo.server DATA PORT`. The same run as `hall-server run`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from hall_server.cli.failure import explained
from hall_server.cli.logs import configure
from hall_server.cli.run import Address, loop_factory, serve

from .page import demo_routes
from .plan import Runtime


def main() -> int:
    """Serves until SIGTERM; the exit code of the server."""
    data, port = Path(sys.argv[1]), int(sys.argv[2])
    configure("info")
    arguments = argparse.Namespace(
        data=data, listen=Address("127.0.0.1", port), public=None, no_announce=True, insecure_http=True
    )
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            return runner.run(serve(arguments, extra=demo_routes(Runtime.beside(data), port=port)))
    except Exception as error:
        print(f"hall-server: {explained(error)}", file=sys.stderr)  # noqa: T201 - the one plain line
        return 1


if __name__ == "__main__":
    sys.exit(main())

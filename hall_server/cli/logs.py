"""Logs: one JSON object a line on standard error, secrets taken out."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any, Final

# structlog draws in colours with `rich` where it finds it: 90 ms and 5 MB of every start that JSON lines never need.
_rich = sys.modules.get("rich")
sys.modules["rich"] = None  # type: ignore[assignment]
import structlog  # noqa: E402

if _rich is None:
    del sys.modules["rich"]
else:
    sys.modules["rich"] = _rich

LEVELS: Final = ("debug", "info", "warning", "error", "critical")
_FAULTS: Final = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=30)
"""Where a fault of ours came from, as data: without the values of variables, which may be secret."""
_PAGE: Final = re.compile(r"(/t/)[A-Za-z0-9_-]{20,}")
_BEARER: Final = re.compile(r"(?i)(bearer\s+)\S+")


def configure(level: str) -> None:
    """Log from `level` on. Standard logging and structlog come out alike."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_FAULTS),
        without_secrets,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_secrets,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def without_secrets(logger: Any, method: str, entry: Any) -> Any:
    """The token of a visitor's page, and of a bearer header, never reach a log."""
    for key, value in entry.items():
        if isinstance(value, str):
            entry[key] = _BEARER.sub(r"\1…", _PAGE.sub(r"\1…", value))
    return entry

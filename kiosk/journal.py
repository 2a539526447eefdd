"""The kiosk's log of events: JSON lines in a file, never on the terminal it draws on."""

import traceback
from pathlib import Path
from typing import Any

import structlog

FRAMES = 8


def write_log_to(path: Path) -> None:
    """Every later event of this process is appended to the file."""
    file = path.open("a", encoding="utf-8", buffering=1)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file),
    )


def crash_site(error: BaseException) -> dict[str, Any]:
    """Kind and place of a bug, not its values: those may be a person's."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    where = [f"{Path(each.filename).name}:{each.lineno}" for each in frames]
    return {"kind": type(error).__name__, "where": where}

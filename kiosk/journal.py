"""The kiosk's log of events: JSON lines in a file, never on the terminal it draws on."""

from pathlib import Path

import structlog


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

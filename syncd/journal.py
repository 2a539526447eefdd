"""The daemon's own log: one JSON line per event on standard error, for the journal.

No names, no keys.
"""

import sys

import structlog

from syncd.kit import Log


def open_journal() -> Log:
    """A logger for one process."""
    log: Log = structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    )
    return log

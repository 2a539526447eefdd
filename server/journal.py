"""Where log lines go: JSON, one per event, on standard error."""

import logging
import sys

import structlog
from structlog.typing import Processor


def log_as_json() -> None:
    """Set up this process; what libraries say comes in the same form, from warnings upward."""
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    render = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, render],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=render)
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING)

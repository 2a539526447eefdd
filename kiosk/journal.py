"""The kiosk's log of events: JSON lines in a file, never on the terminal it draws on.

All it has to say is that it crashed, so what writes the lines is loaded when there is one: it is a
fourteenth of a start.
"""

import traceback
from pathlib import Path
from typing import Any

FRAMES = 8


class Journal:
    """A file that is appended to; made at once, so that a crash is not when it turns out closed.

    Raises:
        OSError: It cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.open("a").close()

    def crashed(self, error: BaseException) -> None:
        """Write where a bug ended the program."""
        import structlog  # noqa: PLC0415 - see above

        with self._path.open("a", encoding="utf-8") as file:
            log = structlog.wrap_logger(
                structlog.WriteLogger(file),
                processors=[
                    structlog.processors.add_log_level,
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                    structlog.processors.JSONRenderer(),
                ],
            )
            log.error("kiosk_crashed", **crash_site(error))


def untold(_: BaseException) -> None:
    """Where no file is kept, nobody is told."""


def crash_site(error: BaseException) -> dict[str, Any]:
    """Kind and place of a bug, not its values: those may be a person's."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    where = [f"{Path(each.filename).name}:{each.lineno}" for each in frames]
    return {"kind": type(error).__name__, "where": where}

"""What a server is told when it starts: where it lives, and how much it takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.card.proof import AGENT_PORT

MEBIBYTE = 1024 * 1024


def _system_now_ms() -> int:
    return time.time_ns() // 1_000_000


PICTURES = "pictures"
"""Folder of a server's home with what was drawn of runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of PROTOCOL 2.7, of this machine's memory and of its time.

    ``bytes_in_flight`` is for uploads of machines; what anybody may send has ``strangers_bytes``,
    and of them one address ``stranger_bytes``. ``processor_*``: how long the uploads of one machine
    may keep a processor, at once and in the long run. All a machine may store in a day is verified
    in less than two seconds, and stored and judged in about as many.
    """

    deadline_s: float = 30.0
    bytes_in_flight: int = 64 * MEBIBYTE
    strangers_bytes: int = 32 * MEBIBYTE
    stranger_bytes: int = 4 * MEBIBYTE
    waiting_at_most: int = 2_000
    day_events: int = 2_000
    day_bytes: int = 16 * MEBIBYTE
    season_bytes: int = 64 * MEBIBYTE
    evidence_bytes: int = 64 * MEBIBYTE
    pending_enrolments: int = 8_192
    inbox_pages_a_minute: int = 600
    processor_burst_s: float = 30.0
    processor_s_a_minute: float = 6.0

    retry_after_s: int = 2
    beacon_every_ms: int = 300_000
    beacon_fresh_ms: int = 600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """``home`` holds keys, trust document and, unless ``database`` is given, the SQLite file.

    ``workers`` processes verify uploads; with none, threads of the server do. ``card_port`` is
    where `jiepin card-agent` listens on the computers of staff; ``organiser`` the authority that
    runs the season this year (主辦單位), for the foot of pages.
    """

    home: Path
    database: str | None = None
    workers: int = 0
    card_port: int = AGENT_PORT
    organiser: str = ""
    limits: Limits = Limits()
    now_ms: Callable[[], int] = _system_now_ms

    @property
    def database_url(self) -> str:
        """Where the database is."""
        return self.database or f"sqlite:///{self.home / 'server.db'}"

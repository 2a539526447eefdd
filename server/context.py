"""The parts of a running server, handed to every handler by the application."""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from server.beacons import BeaconMemory
from server.config import ServerConfig
from server.deltas import Deltas
from server.directory import Directory
from server.ingest import Ingest
from server.judging import Judge
from server.key_changes import Watch
from server.keys import ServerKeys
from server.metrics import Metrics
from server.published import Published
from server.shares import Shares
from server.store.database import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Made by `server.application.create_app`."""

    config: ServerConfig
    keys: ServerKeys
    store: Store
    directory: Directory
    watch: Watch
    beacons: BeaconMemory
    deltas: Deltas
    ingest: Ingest
    judge: Judge
    metrics: Metrics
    published: Published
    strangers: Shares

    @property
    def now_ms(self) -> Callable[[], int]:
        """The server's clock."""
        return self.config.now_ms


CONTEXT: web.AppKey[Context] = web.AppKey("context", Context)

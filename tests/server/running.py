"""A running server as tests hold it: clock in hand, requests by name, answers verified."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, Table, select

from core.sealing import key_id
from core.signature import SignatureType
from core.wire.ack import Ack
from core.wire.batch import MEDIA_TYPE
from core.wire.beacon import Beacon, beacon_id
from core.wire.canon import FILE_LIMITS, decode
from core.wire.document import open_document, split_document
from core.wire.event import Frame, decode_frame
from core.wire.identity import Certificate
from server.application import create_app
from server.config import ServerConfig
from server.context import CONTEXT, Context
from server.store import identities
from server.store.database import open_store
from server.store.migrate import migrate
from server.store.tables import event
from tests.fakes.centre import Centre
from tests.fakes.device import Device, Officer

T = TypeVar("T")


class Clock:
    """The server's clock, in milliseconds; it moves when told."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer to an upload: a verified ack, or a code without one."""

    status: int
    ack: Ack | None
    code: str
    retry_after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One running server."""

    client: TestClient
    context: Context
    clock: Clock
    centre: Centre

    async def enrol(self, *members: Device | Officer) -> None:
        """Make machines and officers known, as if the desk had granted them."""

        def add(connection: Connection) -> None:
            for member in members:
                body, _ = split_document(member.certificate)
                certificate = open_document(
                    SignatureType.CERTIFICATE,
                    member.certificate,
                    Certificate,
                    self.context.keys.enrol,
                )
                assert body
                identities.add_certificate(
                    connection, member.certificate, certificate, self.clock.now_ms
                )

        await self.context.store.write(add)

    async def upload(self, device: Device, data: bytes, **headers: str) -> Answered:
        """Post a batch."""
        return await self.post(f"/v1/log/{device.id.hex()}", data, **headers)

    async def post(self, path: str, data: bytes, **headers: str) -> Answered:
        """Post bytes to a path that takes batches."""
        headers = {"Content-Type": MEDIA_TYPE, **headers}
        async with self.client.post(path, data=data, headers=headers) as response:
            body = await response.read()
            retry = response.headers.get("Retry-After")
            if response.content_type == "application/json":
                code = (await response.json())["code"]
                return Answered(status=response.status, ack=None, code=code, retry_after=retry)
        receipt = self.centre.receipt
        ack = open_document(SignatureType.ACK, body, Ack, {receipt.id: receipt.public})
        return Answered(status=response.status, ack=ack, code=ack.code, retry_after=retry)

    async def send(self, device: Device, first: int = 1, last: int | None = None) -> Ack:
        """Post entries that must be taken."""
        answered = await self.upload(device, device.batch(first, last))
        assert (answered.status, answered.code) == (200, "ok")
        assert answered.ack is not None
        return answered.ack

    async def beacon(self, dev: bytes, nonce: bytes = bytes(16)) -> tuple[Beacon, bytes]:
        """A verified beacon and its id."""
        query = {"dev": dev.hex(), "nonce": nonce.hex()}
        async with self.client.get("/v1/beacon", params=query) as response:
            assert response.status == 200
            signed = await response.read()
        keys = {self.centre.beacon.id: self.centre.beacon.public}
        beacon = open_document(SignatureType.BEACON, signed, Beacon, keys)
        return beacon, beacon_id(split_document(signed)[0])

    async def inbox(self, device: Device, after: int = 0) -> tuple[Frame, ...]:
        """What the server has for a machine."""
        _, beacon = await self.beacon(device.id)
        statement = device.statement(beacon, after=after)
        async with self.client.post(f"/v1/inbox/{device.id.hex()}", data=statement) as response:
            assert response.status == 200
            body = await response.read()
        return tuple(decode_frame(each) for each in decode(body, FILE_LIMITS))

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        """Every row of a table, in the order of its key."""
        return await self.context.store.read(lambda connection: read_rows(connection, table))

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Read in one transaction."""
        return await self.context.store.read(work)

    async def log_of(self, device: Device) -> list[bytes]:
        """Hashes of a machine's entries in the log, by ``seq``."""
        rows = [row for row in await self.rows(event) if row["dev"] == device.id]
        return [row["eh"] for row in sorted(rows, key=lambda row: row["seq"])]


def read_rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    """Every row of a table, in the order of its key."""
    rows = connection.execute(select(table).order_by(*table.primary_key)).mappings()
    return [dict(row) for row in rows]


@asynccontextmanager
async def start(config: ServerConfig, now_ms: int, centre: Centre) -> AsyncIterator[Running]:
    """Migrate and serve until the block ends."""
    clock = Clock(now_ms)
    store = open_store(config.database_url)
    await asyncio.to_thread(migrate, store)
    store.close()
    app = create_app(replace(config, now_ms=clock))
    http = TestServer(app)
    await http.start_server(auto_decompress=False)  # as `jiepin server run` does
    async with TestClient(http) as client:
        yield Running(client=client, context=app[CONTEXT], clock=clock, centre=centre)


def known_key(device: Device) -> dict[bytes, bytes]:
    """The machine's public key, as documents are opened with."""
    return {key_id(device.key.public): device.key.public}

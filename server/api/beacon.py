"""``GET /v1/beacon``: the server's signed time, and whether there is news (PROTOCOL 2.5)."""

from aiohttp import web
from sqlalchemy import Connection, select

from core.signature import SignatureType
from core.wire.batch import EVENTS_AT_MOST, WIRE_BYTES
from core.wire.beacon import PROTOCOL_VERSION, Beacon, Slot, beacon_id
from core.wire.document import sign_document, split_document
from server import inbox
from server.api.answers import binary, hex_parameter
from server.context import CONTEXT, Context
from server.store import references, settings
from server.store.tables import device, head

routes = web.RouteTableDef()
NOBODY = (1, 0, bytes(32))


@routes.get("/v1/beacon")
async def give_beacon(request: web.Request) -> web.Response:
    """A beacon for any 16 bytes that ask; only machines and the desk can use it for more."""
    context = request.app[CONTEXT]
    dev = hex_parameter(request.query.get("dev", ""), 16)
    nonce = hex_parameter(request.query.get("nonce", ""), 16)
    beacon, enrolled = await context.store.read(
        lambda connection: compose_beacon(connection, context, dev, nonce)
    )
    signed = sign_document(SignatureType.BEACON, beacon, context.keys.beacon)
    if enrolled or dev in context.keys.enrol:
        body, _ = split_document(signed)
        context.beacons.remember(dev, beacon_id(body), beacon.t)
    context.metrics.beacons.inc()
    return binary(signed)


def compose_beacon(
    connection: Connection, context: Context, dev: bytes, nonce: bytes
) -> tuple[Beacon, bool]:
    """The beacon, and whether a machine of ours asks."""
    row = connection.execute(
        select(head.c.inc, head.c.seq, head.c.hash, head.c.durable)
        .join(device, (device.c.dev == head.c.dev) & (device.c.inc == head.c.inc))
        .where(device.c.dev == dev)
    ).one_or_none()
    version, prefix = references.stamp(connection)
    beacon = Beacon(
        dev=dev,
        t=context.now_ms(),
        epoch=context.ingest.epoch,
        nonce=nonce,
        trust_v=context.keys.trust.v,
        snap_v=version,
        snap_h=prefix,
        rev_v=settings.read_number(connection, settings.REVOCATIONS_VERSION),
        cursor=NOBODY if row is None else (row.inc, row.seq, row.hash),
        inbox=0 if row is None else inbox.newest(connection, dev),
        durable=0 if row is None else row.durable,
        slot=Slot(
            after_ms=context.ingest.pace_ms(), max_events=EVENTS_AT_MOST, max_bytes=WIRE_BYTES
        ),
        next_ms=context.config.limits.beacon_every_ms,
        min_proto=PROTOCOL_VERSION,
    )
    return beacon, row is not None

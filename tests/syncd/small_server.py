"""A server in a hundred lines for tests of the client: right by default, wrong on demand."""

import hashlib
import secrets
from dataclasses import dataclass, field

from aiohttp import web

from core.sealing import key_id
from core.signature import SignatureType
from core.wire.ack import Ack, Pace
from core.wire.batch import MEDIA_TYPE, decode_batch
from core.wire.beacon import Beacon, HeadStatement, Slot, beacon_id
from core.wire.canon import encode, from_wire, to_wire
from core.wire.chain import Broken, Head, follow
from core.wire.delta import encode_delta
from core.wire.document import open_document, sign_document, split_document
from core.wire.errand import Errand, ErrandAnswer, Progress
from core.wire.event import Event, Frame, Who, encode_frame, payload_hash, sign_event
from core.wire.fault import WireError
from core.wire.identity import (
    Certificate,
    EnrolmentForm,
    SigningRequest,
    certificate_hash,
)
from core.wire.incident import Incident
from core.wire.kind import BODIES
from core.wire.reference import Snapshot, snapshot_hash
from tests.syncd.centre import NOON_MS, Centre


@dataclass
class SmallServer:
    """One machine's server. ``mischief`` answers instead of a route, once per entry in it."""

    centre: Centre
    certificate: bytes = b""
    epoch: bytes = b"epoch--1"
    log: list = field(default_factory=list)
    items_verdict: int = 1
    durable: int = 0
    inbox: list = field(default_factory=list)
    files: dict = field(default_factory=dict)
    known: dict = field(default_factory=dict)
    earlier_trust: dict = field(default_factory=dict)
    snapshot: bytes | None = None
    forms: dict = field(default_factory=dict)
    grants: dict = field(default_factory=dict)
    refused: set = field(default_factory=set)
    evidence: list = field(default_factory=list)
    beacons: set = field(default_factory=set)
    mischief: dict = field(default_factory=dict)
    endless: set = field(default_factory=set)
    shown: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    beacon_changes: dict = field(default_factory=dict)
    ack_changes: dict = field(default_factory=dict)
    now: object = lambda: NOON_MS
    revoked: bool = False
    break_at: int | None = None
    bodies: list = field(default_factory=list)
    errands: list = field(default_factory=list)
    errand_answers: list = field(default_factory=list)
    incidents: list = field(default_factory=list)
    pace_ms: int = 0

    def app(self):
        """The aiohttp application."""
        app = web.Application(client_max_size=8 * 1024 * 1024, middlewares=[self._mischief])
        app.add_routes(
            [
                web.get("/v1/beacon", self._beacon),
                web.post("/v1/log/{dev}", self._log),
                web.post("/v1/evidence/{dev}", self._evidence),
                web.post("/v1/inbox/{dev}", self._inbox),
                web.post("/v1/errand/{dev}", self._errand),
                web.post("/v1/incident/{dev}", self._incident),
                web.get("/v1/trust", self._trust),
                web.get("/v1/snapshot", self._snapshot),
                web.get("/v1/file/{sha256}", self._file),
                web.get("/v1/delta/{older}/{newer}", self._delta),
                web.post("/v1/enrol", self._enrol),
                web.get("/v1/enrol/{id}", self._answer),
                web.post("/v1/certificates", self._certificates),
            ]
        )
        return app

    def misbehave(self, route, *answers):
        """The next answers of a route.

        A status, a page, a `web.Response`, or a function of the real one.
        """
        self.mischief.setdefault(route, []).extend(answers)

    def publish(self, files, signed):
        """New reference files."""
        self.files = {hashlib.sha256(data).digest(): data for data in files.values()}
        self.known |= self.files
        self.snapshot = signed

    def tell(self, kind, body, payload=None, key=None, **changes):
        """One more entry in the machine's inbox."""
        device, root = self.device, self.root
        event = Event(
            **{
                "v": 1,
                "dev": device.id,
                "inc": 1,
                "seq": len(self.inbox) + 1,
                "prev": self.inbox[-1].hash if self.inbox else root.hash,
                "kind": kind,
                "t": self.now(),
                "m": self.now(),
                "boot": self.epoch,
                "bcn": None,
                "ref": (0, bytes(8)),
                "who": Who(role="server", id=None),
                "body": body,
                "ph": None if payload is None else payload_hash(payload),
            }
            | changes
        )
        signer = key or self.centre.receipt
        if kind in BODIES:
            frame = sign_event(event, signer, payload)
        else:  # a newer server knows it
            data = to_wire(event)
            frame = Frame(event=data, signature=signer.sign(SignatureType.EVENT, data))
        self.inbox.append(frame)
        return frame

    @property
    def device(self):
        return from_wire(split_document(self.certificate)[0], Certificate)

    @property
    def root(self):
        return Head(inc=1, seq=0, hash=certificate_hash(self.certificate))

    @property
    def head(self):
        return self.log[-1].head if self.log else self.root

    @web.middleware
    async def _mischief(self, request, handler):
        route = request.path.split("/")[2]
        self.asked.append(route)
        body = await request.read()
        if route == "log":
            self.bodies.append(body)
        if route in self.endless:
            return await _without_end(request)
        planned = self.mischief.get(route)
        answer = planned.pop(0) if planned else None
        match answer:
            case None:
                return await handler(request)
            case int():
                return web.Response(status=answer)
            case str():
                return web.Response(text=answer, content_type="text/html")
            case web.Response():
                return answer
            case _:
                return answer(await handler(request))

    async def _beacon(self, request):
        known = bool(self.certificate)
        message = Beacon(
            **{
                "dev": bytes.fromhex(request.query["dev"]),
                "t": self.now(),
                "epoch": self.epoch,
                "nonce": bytes.fromhex(request.query["nonce"]),
                "trust_v": self.centre.version,
                **self._snapshot_stamp(),
                "rev_v": 1,
                "cursor": (1, self.head.seq, self.head.hash) if known else (1, 0, bytes(32)),
                "inbox": len(self.inbox),
                "durable": self.durable,
                "slot": Slot(after_ms=self.pace_ms, max_events=200, max_bytes=1024 * 1024),
                "next_ms": 300_000,
                "min_proto": 1,
            }
            | self.beacon_changes
        )
        signed = sign_document(SignatureType.BEACON, message, self.centre.beacon)
        self.beacons.add(beacon_id(split_document(signed)[0]))
        return web.Response(body=signed)

    def _snapshot_stamp(self):
        try:
            body, _ = split_document(self.snapshot or b"")
        except WireError:
            return {"snap_v": 0, "snap_h": bytes(8)}
        version = from_wire(body, Snapshot).v
        return {"snap_v": version, "snap_h": snapshot_hash(self.snapshot)}

    async def _log(self, request):
        assert request.content_type == MEDIA_TYPE
        batch = decode_batch(await request.read())
        assert batch.signed_by(self.device.key)
        return self._acknowledge(batch)

    def _acknowledge(self, batch):
        status, code, failed, items = self._append(batch)
        message = Ack(
            **{
                "dev": self.device.id,
                "nonce": batch.header.nonce,
                "t": self.now(),
                "code": code,
                "failed": failed,
                "epoch": self.epoch,
                "inc": 1,
                "through": self.head.seq,
                "head": self.head.hash,
                "items": items,
                "durable_through": self.durable,
                "next": Pace(after_ms=self.pace_ms, max_events=200),
            }
            | self.ack_changes
        )
        signed = sign_document(SignatureType.ACK, message, self.centre.receipt)
        return web.Response(body=signed, status=status)

    def _append(self, batch):
        header = batch.header
        if self.revoked:
            return 410, "revoked", None, ()
        if header.first > self.head.seq + 1:
            return 409, "gap", None, ()
        before = self.log[header.first - 2].head if header.first > 1 else self.root
        if before.hash != header.prev:
            return 409, "fork", None, ()
        known = len(self.log) - header.first + 1
        links, broken = follow(batch.open_frames(), self.device.key, self.device.id, before)
        for mine, theirs in zip(self.log[header.first - 1 :], links, strict=False):
            if mine.hash != theirs.hash:
                return 409, "fork", None, ()
        if self.break_at is not None and header.first <= self.break_at <= header.last:
            broken = Broken(index=self.break_at - header.first, code="schema")
            links = links[: broken.index]
        fresh = links[known:]
        self.log += fresh
        items = tuple((link.event.seq, link.event.seq + 100, self.items_verdict) for link in fresh)
        if broken is not None:
            return 422, broken.code, broken.index, items
        return 200, "ok", None, items

    async def _evidence(self, request):
        batch = decode_batch(await request.read())
        self.evidence += batch.frames
        return web.json_response({"code": "kept"}, status=202)

    async def _inbox(self, request):
        keys = {key_id(self.device.key): self.device.key}
        statement = open_document(SignatureType.HEAD, await request.read(), HeadStatement, keys)
        assert statement.purpose == "inbox"
        if statement.beacon not in self.beacons:
            return web.json_response({"code": "beacon_unknown"}, status=404)
        frames = self.inbox[statement.after : statement.after + 3]
        return web.Response(body=encode([encode_frame(each) for each in frames]))

    async def _errand(self, request):
        """Answers as laid out, one after the other; the last one for ever."""
        data = await request.read()
        asked = from_wire(split_document(data)[0], Errand)
        public = from_wire(split_document(self.certificate)[0], Certificate).key
        open_document(SignatureType.ERRAND, data, Errand, {key_id(public): public})
        if asked.beacon not in self.beacons:
            return web.json_response({"code": "beacon_unknown"}, status=404)
        self.errands.append(asked)
        several = len(self.errand_answers) > 1
        changed = self.errand_answers.pop(0) if several else self.errand_answers[0]
        right = {
            "id": asked.id,
            "progress": Progress.QUEUED,
            "detail": "",
            "url": "",
            "channels": ("mail",),
        }
        return web.Response(body=to_wire(ErrandAnswer(**(right | changed))))

    async def _incident(self, request):
        data = await request.read()
        told = from_wire(split_document(data)[0], Incident)
        public = from_wire(split_document(self.certificate)[0], Certificate).key
        open_document(SignatureType.INCIDENT, data, Incident, {key_id(public): public})
        if told.beacon not in self.beacons:
            return web.json_response({"code": "beacon_unknown"}, status=404)
        self.incidents.append(told)
        return web.json_response({"number": told.number}, status=202)

    async def _trust(self, request):
        wanted = int(request.query.get("v", self.centre.version))
        if wanted in self.earlier_trust:
            return web.Response(body=self.earlier_trust[wanted])
        return web.Response(body=self.centre.signed_trust)

    def succeed(self, centre):
        """The next trust; the one before stays to be had."""
        self.earlier_trust[self.centre.version] = self.centre.signed_trust
        self.centre = centre

    async def _snapshot(self, _request):
        if self.snapshot is None:
            return web.json_response({"code": "nothing_published"}, status=404)
        return web.Response(body=self.snapshot)

    async def _file(self, request):
        data = self.files.get(bytes.fromhex(request.match_info["sha256"]))
        if data is None:
            return web.json_response({"code": "file_unknown"}, status=404)
        return web.Response(body=data)

    async def _delta(self, request):
        older, newer = (
            self.known.get(bytes.fromhex(request.match_info[name])) for name in ("older", "newer")
        )
        if older is None or newer is None:
            return web.json_response({"code": "file_unknown"}, status=404)
        return web.Response(body=encode_delta(older, newer))

    async def _enrol(self, request):
        data = await request.read()
        try:
            form = from_wire(data, EnrolmentForm)
        except WireError as error:
            return web.json_response({"code": error.code}, status=400)
        name = secrets.token_hex(16)
        self.forms[name] = from_wire(split_document(form.request)[0], SigningRequest)
        return web.json_response({"id": name}, status=202)

    async def _answer(self, request):
        name = request.match_info["id"]
        if name in self.refused:
            return web.json_response({"code": "refused"}, status=403)
        if name not in self.forms:
            return web.json_response({"code": "request_unknown"}, status=404)
        if name not in self.grants:
            return web.json_response({"code": "pending"}, status=202)
        return web.Response(body=to_wire(self.grants[name]))

    async def _certificates(self, request):
        self.shown.append(await request.read())
        return web.json_response({"added": 0})

    def grant_all(self):
        """The desk's work."""
        for name, request in self.forms.items():
            self.grants[name] = self.centre.grant(request)


async def _without_end(request):
    """An answer that never ends."""
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(bytes(64 * 1024))
    except ConnectionError:
        return response

"""A second kiosk, written from docs/protocol.md, docs/vectors and the RFCs they name.

It has none of the product's modules (`test_second_client.py` looks). No disk, no screen, no timer:
whoever holds it says when to speak. What the server says is believed as chapter 6 has it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.interop.codes import Receipt
from tests.interop.enrolment import Applicant, Granted, obtain
from tests.interop.inbox import follow, receipts_in
from tests.interop.line import BATCH_TYPE, Line, Refusal
from tests.interop.log import Entry, Log, nonce_of
from tests.interop.published import Reference, Trust, patched
from tests.interop.ttc import FILE_BYTES, ZERO_8, Refused, digest, open_document, read, split, write

ACK_STATUSES = (200, 409, 410, 422)
ANSWERS_KEPT = 12
STOPPED = ("forked", "self_rollback", "revoked")
STOPS = {"fork": "forked", "revoked": "revoked"}


@dataclass(kw_only=True)
class SecondClient:
    """One machine: what it was given, what it wrote, and what the server is known to hold."""

    line: Line
    trust: Trust
    applicant: Applicant
    clock: Callable[[], tuple[int, int]]
    random: Callable[[int], bytes]
    reference: Reference = field(default_factory=Reference)
    granted: Granted | None = None
    first_root: bytes = b""
    log: Log | None = None
    former: list[Log] = field(default_factory=list)
    epoch: bytes | None = None
    cursor: int = 0
    state: str = "unenrolled"
    verdicts: dict[int, int] = field(default_factory=dict)
    durable: int = 0
    places: dict[int, int] = field(default_factory=dict)
    answers: list[bytes] = field(default_factory=list)
    inbox: list[Entry] = field(default_factory=list)

    async def enrol(self, code: str) -> None:
        """Ask with the letter's code until the desk has answered, and open the log."""
        self.granted = await obtain(self.line, self.applicant, code, self.trust, self.random)
        said, self.first_root = self.granted.said, self.granted.root
        self.log = Log(
            key=self.applicant.key,
            dev=said["id"],
            inc=said["inc"],
            root=self.granted.root,
            boot=self.random(8),
            clock=self.clock,
            random=self.random,
        )
        self.state = "offline"
        self.log.add("boot", {"software": "second/1", "unclean": False})

    async def show_certificates(self) -> int:
        """Show the server who this is; how many certificates were new to it."""
        body = write([self.granted.document])
        return json.loads((await self.line.post("/v1/certificates", body)).content())["added"]

    async def hear(self) -> dict[str, Any]:
        """A beacon, committed to the log; its cursor is believed like an answer's.

        Raises:
            Refused: It is not for this machine, or under no key of this trust or the next.
        """
        try:
            document, said = await self._beacon()
        except Refused:
            if not await self._renew_trust():
                raise
            document, said = await self._beacon()
        digested = digest("tt/beacon/1", split(document)[0])
        self.log.beacon = (digested[:8], self.clock()[1])
        self._heard("beacon", said, digested)
        return said

    def carried(self, document: bytes, nonce: bytes) -> dict[str, Any]:
        """A beacon that came on a stick: old already, so it is committed under another kind."""
        said = self._opened(document, nonce)
        self._heard("beacon.carried", said, digest("tt/beacon/1", split(document)[0]))
        return said

    async def _beacon(self) -> tuple[bytes, dict[str, Any]]:
        nonce = self.random(16)
        answer = await self.line.get("/v1/beacon", dev=self.log.dev.hex(), nonce=nonce.hex())
        return answer.body, self._opened(answer.content(), nonce)

    def _opened(self, document: bytes, nonce: bytes) -> dict[str, Any]:
        said = open_document("tt/beacon/1", document, self.trust.said["beacon"])
        if (said["dev"], said["nonce"]) != (self.log.dev, nonce):
            raise Refused("another beacon than was asked for")
        return said

    def _heard(self, kind: str, said: dict[str, Any], digested: bytes) -> None:
        self._believe(said["epoch"], *said["cursor"])
        self._commit(kind, {"digest": digested, "t": said["t"]})

    async def _renew_trust(self) -> bool:
        """Take every document after the one in force; whether there was any."""
        before = self.trust.version
        while True:
            answer = await self.line.get("/v1/trust", v=str(self.trust.version + 1))
            if answer.status == 404:
                return self.trust.version > before
            self.trust.take(answer.content())

    async def refresh(self, beacon: dict[str, Any]) -> list[str]:
        """Trust and lists the beacon calls news; returns by which ways files came."""
        if self.trust.version < beacon["trust_v"]:
            await self._renew_trust()
        if (beacon["snap_v"], beacon["snap_h"]) in {self.reference.used, (0, ZERO_8)}:
            return []
        document = (await self.line.get("/v1/snapshot")).content()
        said = self.reference.read_next(document, self.trust, beacon)
        fetched, ways = {}, []
        for name, listed in sorted(said["files"].items()):
            if self.reference.said["files"].get(name) != listed:
                fetched[name], way = await self._fetch(name, *listed[1:])
                ways.append(f"{way} {name}")
        self.reference.take(document, said, fetched)
        self.log.reference = self.reference.used
        return ways

    async def _fetch(self, name: str, size: int, digested: bytes) -> tuple[bytes, str]:
        older = self.reference.said["files"].get(name)
        if older is not None:
            path = f"/v1/delta/{older[2].hex()}/{digested.hex()}"
            answer = await self.line.get(path)
            if answer.status == 200:
                return patched(self.reference.files[name], answer.body, size), "delta"
        return (await self.line.get(f"/v1/file/{digested.hex()}")).content(), "file"

    async def upload(self, most: int = 200) -> dict[str, Any]:
        """The next batch after the server's head, and its answer."""
        return await self.post(self.log.batch(self.cursor + 1, self.epoch, most))

    async def post(self, batch: bytes) -> dict[str, Any]:
        """Post a batch; a signed answer is verified and believed.

        Raises:
            Refusal: A code came back instead.
        """
        answer = await self.line.post(f"/v1/log/{self.log.dev.hex()}", batch, BATCH_TYPE)
        if answer.code is not None or answer.status not in ACK_STATUSES:
            raise Refusal(answer.status, answer.code)
        return self.believe_answer(answer.body, nonce_of(batch))

    def believe_answer(self, document: bytes, nonce: bytes | None = None) -> dict[str, Any]:
        """What a signed answer says; one from a stick answers batches that are long gone.

        Raises:
            Refused: It is not the server's, or answers something else.
        """
        said = open_document("tt/ack/1", document, self.trust.said["receipt"])
        if said["dev"] != self.log.dev or nonce not in {None, said["nonce"]}:
            raise Refused("an answer to something else")
        if said["code"] in STOPS:
            self.state = STOPS[said["code"]]
            return said
        self._believe(said["epoch"], said["inc"], said["through"], said["head"])
        self.answers = [*self.answers, document][-ANSWERS_KEPT:]
        self.durable = said["durable_through"]
        for seq, index, verdict in said["items"]:
            self.verdicts[seq], self.places[seq] = verdict, index
        return said

    def _believe(self, epoch: bytes, inc: int, seq: int, head: bytes) -> None:
        """Where the server's head is decides where to go on, or that this log has to stop."""
        if self.state in STOPPED:
            return
        known = inc == self.log.inc and seq <= self.log.last
        if seq == 0 or inc < self.log.inc:
            known, seq, head = True, 0, self.log.root  # nothing of this log is there yet
        if not known:
            self.state = "self_rollback"
        elif self.log.hash_at(seq) != head:
            self.state = "forked"
        else:
            self.cursor, self.state = seq, "current"
            if self.epoch not in {None, epoch}:
                self.log.add("server.epoch", {"epoch": epoch})
                if self.answers:
                    self.log.add("server.said", {"answers": self.answers})
            self.epoch = epoch

    async def give_evidence(self) -> str:
        """The whole log of a stopped machine, for people to judge."""
        batch = self.log.batch(1, self.epoch)
        path = f"/v1/evidence/{self.log.dev.hex()}"
        answer = await self.line.post(path, batch, BATCH_TYPE)
        return json.loads(answer.accepted())["code"]

    async def look_into_inbox(self, beacon: dict[str, Any]) -> list[Entry]:
        """Every entry of the inbox that is new, verified, kept, and committed as seen."""
        new: list[Entry] = []
        while page := await self._page(new):
            new += page
        self.keep_notices(new)
        if len(self.inbox) < beacon["inbox"]:
            raise Refused("the inbox is shorter than the beacon says")
        return new

    def keep_notices(self, new: list[Entry]) -> None:
        """Keep verified entries of the inbox, and say so in the own log."""
        self.inbox += new
        if new:
            self._commit("inbox.seen", {"seq": len(self.inbox), "head": self.inbox[-1].hash})

    def _commit(self, kind: str, body: dict[str, Any]) -> None:
        """What the machine writes by itself, as long as its log may grow."""
        if self.state not in STOPPED:
            self.log.add(kind, body)

    async def _page(self, new: list[Entry]) -> list[Entry]:
        after = len(self.inbox) + len(new)
        statement = {
            "dev": self.log.dev,
            "inc": self.log.inc,
            "seq": self.log.last,
            "head": self.log.hash_at(self.log.last),
            "beacon": self.log.beacon[0],
            "purpose": "inbox",
            "after": after,
        }
        document = self.log.key.document("tt/head/1", statement)
        answer = await self.line.post(f"/v1/inbox/{self.log.dev.hex()}", document)
        return self.followed(read(answer.content(), FILE_BYTES), new)

    def followed(self, frames: list[bytes], new: Sequence[Entry] = ()) -> list[Entry]:
        """Verified entries of the inbox behind those that are kept, and behind ``new``.

        Raises:
            Refused: They do not continue it, or are not the server's.
        """
        here = [*self.inbox, *new]
        head = (len(here), here[-1].hash if here else self.first_root)
        return follow(frames, self.trust.said["receipt"], self.log.dev, head)

    def receipts(self) -> list[Receipt]:
        """The server's receipts that came by the inbox, each held against the own logs."""
        logs = {each.inc: each for each in (*self.former, self.log)}
        return receipts_in(self.inbox, logs, self.trust.said["receipt"])

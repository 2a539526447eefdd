"""Known mistakes. The oracle has to see each of them, else it is blind."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.wire.admission import FORK, GAP, OK, Decision
from core.wire.answer import Step
from core.wire.exchange import Exchange
from core.wire.standing import Standing
from core.wire.talk import Acked, BeaconReceived, Effect, Heard, Instant, MarkDelivered
from tests.simulation.centre import Centre, Kept, Log, Reply
from tests.simulation.craft import Badge, Opened, Record
from tests.simulation.machine import Activity, Machine


@dataclass(slots=True)
class PruningMachine(Machine):
    """Deletes what was acknowledged: a restored server never gets it back."""

    pruned: int = 0

    def _do(self, effect: Effect) -> Heard | None:
        if isinstance(effect, MarkDelivered):
            self.pruned = max(self.pruned, effect.through)
        return Machine._do(self, effect)  # noqa: SLF001 - it is one

    def _send(self, what: Activity, first: int, limit: int) -> Heard | None:
        return Machine._send(self, what, max(first, self.pruned + 1), limit)  # noqa: SLF001


@dataclass(slots=True)
class EagerMachine(Machine):
    """Says 已存妥 before the commit."""

    def act(self) -> Record | None:
        """Promise first, then write."""
        if self.disk.shown is not None and not self.disk.shown.may_write:
            return None
        before = list(self.disk.log)
        record = Machine.act(self)
        if record is not None and self.death and self.rng.random() < self.death:
            self.disk.log = before  # the commit came too late
            self.start()
        return record


@dataclass(slots=True)
class ModestMachine(Machine):
    """Shows a restored centre its newest certificate only."""

    @property
    def badges(self) -> tuple[Badge, ...]:
        """The one in service."""
        return (self.disk.badge,)


@dataclass(slots=True)
class SilentMachine(Machine):
    """Keeps to itself what the centre had confirmed before it was restored."""

    def _repeat_answers(self) -> None:
        """The class of what is sent again gets worse."""


class TrustingExchange(Exchange):
    """Believes its own cursor, not the server's head."""

    @staticmethod
    def step(state: Standing, event: Heard, at: Instant) -> Step:
        """The server is taken to hold what it once acknowledged."""
        if isinstance(event, BeaconReceived | Acked) and event.server.seq < state.cursor:
            known = replace(event.server, seq=state.cursor, ours=event.server.hash)
            event = replace(event, server=known)
        return Exchange.step(state, event, at)


class TrustingCentre(Centre):
    """Lets the client say where its batch belongs: gaps are appended over."""

    def decide(self, log: Log, opened: Opened) -> Decision:
        """Take whatever comes from wherever."""
        decision = Centre.decide(self, log, opened)
        if decision.code != GAP:
            return decision
        return Decision(code=OK, fresh=range(len(opened.records)))


class BlindCentre(Centre):
    """Compares no hashes: an overlap is a no-op whatever it says."""

    def decide(self, log: Log, opened: Opened) -> Decision:
        """A fork is taken for an overlap."""
        decision = Centre.decide(self, log, opened)
        if decision.code != FORK:
            return decision
        start = len(log.entries) + 1 - opened.header.first
        return Decision(code=OK, fresh=range(max(0, start), len(opened.records)))


class ChoosingCentre(Centre):
    """Settles forks by itself: the branch that has a receipt wins, and the longer one of two."""

    def decide(self, log: Log, opened: Opened) -> Decision:
        """Overwrite the log if the offered branch is as good."""
        decision = Centre.decide(self, log, opened)
        if decision.code != FORK or log.retired:
            return decision
        first = opened.header.first - 1
        known = self.receipts & {each.link.hash for each in opened.records}
        if known or len(opened.records) > len(log.entries) - first:
            del log.entries[first:]
            return Decision(code=OK, fresh=range(len(opened.records)))
        return Decision(code=GAP)


@dataclass(slots=True)
class HastyCentre(Centre):
    """Acknowledges before the commit."""

    unsaved: list[tuple[Log, int]] = field(default_factory=list)

    def take(self, dev: bytes, data: bytes, now: int) -> Reply:
        """What was taken before is committed by now; this will be, later."""
        self.unsaved.clear()
        return Centre.take(self, dev, data, now)

    def store(self, log: Log, decision: Decision, opened: Opened, fresh: Sequence[Kept]) -> None:
        """In memory only."""
        Centre.store(self, log, decision, opened, fresh)
        self.unsaved.append((log, len(fresh)))

    def crash(self) -> None:
        """What was not committed is gone."""
        for log, count in self.unsaved:
            if count:
                del log.entries[-count:]
        self.unsaved.clear()


@dataclass(slots=True)
class QuietCentre(Centre):
    """Drops what it calls a fork instead of keeping both branches."""

    def take(self, dev: bytes, data: bytes, now: int) -> Reply:
        """No evidence of a fork."""
        before = set(self.evidence)
        reply = Centre.take(self, dev, data, now)
        self.evidence = before
        return reply

    def keep(self, dev: bytes, data: bytes) -> Reply:
        """Taken and thrown away."""
        before = set(self.evidence)
        reply = Centre.keep(self, dev, data)
        self.evidence = before
        return reply


class HeedlessCentre(Centre):
    """Looks at what was carried once, when it arrives, whatever certificate comes later."""

    def kept(self, record: Record, now: int) -> Kept:
        """What could not be read then never counts."""
        kept = Centre.kept(self, record, now)
        known = kept.carried is not None and kept.carried[1] in self.logs
        return kept if known else replace(kept, carried=None)


@dataclass(frozen=True, slots=True)
class Variant:
    """What a world is made of, and what is wrong with it."""

    mistake: str
    centre: type[Centre] = Centre
    machine: type[Machine] = Machine
    exchange: type[Exchange] = Exchange


VARIANTS = {
    "prunes": Variant("the client deletes what was acknowledged", machine=PruningMachine),
    "promises": Variant("the client says 已存妥 before its commit", machine=EagerMachine),
    "withholds": Variant("the client keeps its older certificates", machine=ModestMachine),
    "keeps": Variant("the client keeps the server's earlier answers", machine=SilentMachine),
    "believes": Variant("the client believes its own cursor", exchange=TrustingExchange),
    "trusts": Variant("the server believes the client's cursor", centre=TrustingCentre),
    "overlooks": Variant("the server compares no hashes", centre=BlindCentre),
    "chooses": Variant("the server picks the branch with the receipt", centre=ChoosingCentre),
    "hurries": Variant("the server acknowledges before its commit", centre=HastyCentre),
    "forgets": Variant("the server reads what was carried once", centre=HeedlessCentre),
    "drops": Variant("the server keeps one branch of a fork", centre=QuietCentre),
}

"""An entry of an older incarnation goes on in the current one (PROTOCOL 2.12)."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import msgspec

from core.sealing import SigningKey
from core.wire.canon import typed
from core.wire.chain import Head, Link
from core.wire.event import SALT_BYTES, SYSTEM
from core.wire.fault import WireError
from core.wire.kind import ANSWERS_AT_MOST, Epoch, Replay, Said
from core.wire.refile import REPLAY, refile
from core.wire.talk import BATCH
from syncd.kit import Clock, Log
from syncd.store.database import Store
from syncd.store.ledger import Entry

SAID = "server.said"
BEGINNING = Head(inc=1, seq=0, hash=bytes(32))  # of a server that knows of nothing


class Carrier:
    """Re-files entries into the log that is being written; in a transaction of the caller's."""

    def __init__(self, store: Store, clock: Clock, key: SigningKey, log: Log) -> None:
        """``key`` is that of the current incarnation."""
        self._store, self._clock, self._key, self._log = store, clock, key, log

    def write(self, kind: str, body: msgspec.Struct, payload: bytes | None = None) -> Link:
        """Append an entry of the machine's own."""
        entry = Entry(kind=kind, body=body, who=SYSTEM, payload=payload)
        return self._store.ledger.append(entry, self._clock(), self._key)

    def carry(self, link: Link) -> bool:
        """Whether the entry could be carried; one too large stays where it is."""
        try:
            self.write(REPLAY, *refile(link, secrets.token_bytes(SALT_BYTES)))
        except WireError as error:
            self._log.warning("entry_not_carried", seq=link.event.seq, code=error.code)
            return False
        return True


def renew_epoch(store: Store, epoch: bytes, carrier: Carrier) -> None:
    """The server speaks of a new life: it may have lost what it had confirmed.

    The present log is sent again from the server's head; of earlier incarnations nobody else
    would, so they are carried into it. What it had answered says since when it had held all this.
    In the caller's transaction: the new epoch counts as seen
    once this is committed.
    """
    inc = carrier.write("server.epoch", Epoch(epoch=epoch)).event.inc
    carry_all(missing_of_older(store, inc, BEGINNING), carrier.carry)
    _repeat_answers(store, carrier)
    store.link_state.write(replace(store.link_state.read(), epoch=epoch))


def _repeat_answers(store: Store, carrier: Carrier) -> None:
    """Write down what the server had said, as far as this log does not hold it."""
    here = {
        each for link in store.ledger.of_kind(SAID) for each in typed(link.event.body, Said).answers
    }
    answers = [each for each in store.answers.all() if each not in here]
    for start in range(0, len(answers), ANSWERS_AT_MOST):
        carrier.write(SAID, Said(answers=tuple(answers[start : start + ANSWERS_AT_MOST])))


def links_after(store: Store, inc: int, seq: int) -> Iterator[Link]:
    """The entries of one incarnation behind ``seq``."""
    while links := store.ledger.links(seq + 1, BATCH, inc):
        yield from links
        seq = links[-1].event.seq


def missing_of_older(store: Store, current: int, server: Head) -> tuple[Link, ...]:
    """Entries of older incarnations that a restored server lacks and that were not carried yet.

    ``server`` is the newest head it knows of this machine, of an incarnation before ``current``.
    """
    carried = {
        typed(link.event.body, Replay).hash
        for link in links_after(store, current, 0)
        if link.event.kind == REPLAY
    }
    return tuple(
        link
        for inc in range(server.inc, current)
        for link in links_after(store, inc, _shared(store, inc, server))
        if _name(link) not in carried
    )


def _shared(store: Store, inc: int, server: Head) -> int:
    """Up to where the server tells the same story of this incarnation."""
    if inc != server.inc or server.seq == 0:
        return 0
    ours = store.ledger.links(server.seq, 1, inc)
    return server.seq if ours and ours[0].hash == server.hash else 0


def _name(link: Link) -> bytes:
    carried = link.event.kind == REPLAY
    return typed(link.event.body, Replay).hash if carried else link.hash


def carry_all(links: Iterable[Link], carry: Callable[[Link], bool]) -> int:
    """How many had to stay."""
    return sum(not carry(link) for link in links)

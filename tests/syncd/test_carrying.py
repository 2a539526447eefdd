"""What a restored server forgot is brought back by the machine (PROTOCOL 2.12)."""

from dataclasses import replace

import pytest

from core.wire.ack import Ack, Pace
from core.wire.canon import to_wire, typed
from core.wire.chain import Head
from core.wire.client import ClientState
from core.wire.identity import certificate_hash
from core.wire.kind import Replay
from core.wire.refile import REPLAY
from core.wire.standing import Standing
from core.wire.talk import MINUTE_MS, Chore
from syncd.carrying import Carrier, carry_all, missing_of_older
from syncd.chores.certificates import is_forgotten, present_certificates
from syncd.kit import ChoreError, Kit
from syncd.logbook import Logbook
from syncd.store.link_state import LinkState
from tests.syncd.centre import Centre
from tests.syncd.machine import LOG_KEY, TestClock, append, identity_of


class Quiet:
    """A log that keeps what it was told."""

    def __init__(self):
        self.told = []

    def info(self, event, **fields):
        self.told.append((event, fields))

    warning = info


class Line:
    """Takes certificates, or answers with a refusal."""

    def __init__(self, refusal=None):
        self.shown, self.refusal = [], refusal

    async def present(self, certificates):
        self.shown += certificates
        return self.refusal


def first_certificate():
    """As the machine was enrolled with."""
    return identity_of(Centre()).certificate


def begin_anew(store):
    """The same machine in its second incarnation."""
    identity = store.identity.read()
    renewed = Centre().certificate(LOG_KEY.public, inc=2)
    with store.transaction():
        store.identity.write(replace(identity, inc=2, certificate=renewed))
    return store.identity.read()


@pytest.fixture
def renewed(store):
    """Five entries of the first incarnation, two of the second."""
    old = [append(store) for _ in range(5)]
    identity = begin_anew(store)
    new = [append(store) for _ in range(2)]
    return identity, old, new


def carry(store, server):
    log = Quiet()
    with store.transaction():
        missing = missing_of_older(store, 2, server)
        left = carry_all(missing, Carrier(store, TestClock(), LOG_KEY, log).carry)
    assert left == 0
    return [link.hash for link in missing]


def test_what_lies_behind_the_servers_head_is_carried_once(store, renewed):
    _, old, _ = renewed
    server = Head(inc=1, seq=3, hash=old[2].hash)

    first, again = carry(store, server), carry(store, server)

    assert first == [old[3].hash, old[4].hash]
    assert again == []
    replays = [each for each in store.ledger.links(1, 10) if each.event.kind == REPLAY]
    assert [typed(each.event.body, Replay).seq for each in replays] == [4, 5]


@pytest.mark.parametrize(
    ("seq", "head"),
    [(3, b"x" * 32), (0, bytes(32)), (9, b"h" * 32)],
    ids=["another", "nothing", "more"],
)
def test_a_server_that_tells_another_story_gets_all_of_it(store, renewed, seq, head):
    _, old, _ = renewed

    assert carry(store, Head(inc=1, seq=seq, hash=head)) == [each.hash for each in old]


def test_a_machine_is_forgotten_when_the_server_lacks_its_certificate(store):
    identity = store.identity.read()
    known = certificate_hash(identity.certificate)

    verdicts = [
        is_forgotten(identity, Head(inc=1, seq=0, hash=known)),
        is_forgotten(identity, Head(inc=1, seq=7, hash=b"h" * 32)),
        is_forgotten(identity, Head(inc=1, seq=0, hash=bytes(32))),
        is_forgotten(replace(identity, inc=2), Head(inc=1, seq=7, hash=b"h" * 32)),
    ]

    assert verdicts == [False, False, True, True]


def test_a_new_epoch_brings_all_of_older_incarnations_back_once(store, renewed):
    """Restored between our last word and the renewal, the server lacks what it had confirmed."""
    _, old, _ = renewed
    logbook = Logbook(Kit(store=store, client=Line(), key=LOG_KEY, clock=TestClock()))

    logbook.epoch(b"epoch--2", Quiet())
    logbook.epoch(b"epoch--3", Quiet())

    entries = [each.event for each in store.ledger.links(3, 20)]
    kinds = [each.kind for each in entries]
    assert kinds == ["server.epoch", *[REPLAY] * 5, "server.epoch"]
    assert [typed(each.body, Replay).hash for each in entries[1:6]] == [each.hash for each in old]
    assert store.link_state.read().epoch == b"epoch--3"


def test_a_new_epoch_counts_as_seen_once_it_is_written_down(store):
    logbook = Logbook(Kit(store=store, client=Line(), key=LOG_KEY, clock=TestClock()))
    logbook.state(Standing(stop=None, epoch=b"epoch--1"), 0)

    logbook.state(Standing(stop=None, epoch=b"epoch--2"), 0)

    assert store.link_state.read().epoch == b"epoch--1"


async def test_a_stopped_machine_shows_its_certificate_and_writes_nothing(store, renewed):
    identity, old, _ = renewed
    store.link_state.write(LinkState(client=ClientState.FORKED))
    line = Line()
    kit = Kit(store=store, client=line, key=LOG_KEY, clock=TestClock())

    await present_certificates(kit, identity, Head(inc=1, seq=3, hash=old[2].hash), Quiet())

    assert line.shown == [first_certificate(), identity.certificate]
    assert len(store.ledger.links(1, 20)) == 2


async def test_certificates_are_shown_and_a_refusal_is_an_unfinished_chore(store, renewed):
    identity, old, _ = renewed
    server = Head(inc=1, seq=5, hash=old[4].hash)
    line = Line()
    kit = Kit(store=store, client=line, key=LOG_KEY, clock=TestClock())

    await present_certificates(kit, identity, server, Quiet())

    assert line.shown == [first_certificate(), identity.certificate]
    line.refusal = type("Refusal", (), {"status": 404})()
    with pytest.raises(ChoreError, match="certificates_404"):
        await present_certificates(kit, identity, server, Quiet())


async def test_a_daemon_shows_its_certificates_once_to_each_life_of_the_server(daemon, server):
    await daemon.turn()
    await daemon.turn()
    once = len(server.shown)
    server.epoch = b"epoch--2"
    await daemon.pass_ms(10 * MINUTE_MS)

    assert (once, len(server.shown)) == (1, 2)
    assert Chore.CERTIFICATES not in daemon.talk.standing.wanted


def said(store):
    """Every answer that is written down, by entry."""
    return [each.event.body["answers"] for each in store.ledger.of_kind("server.said")]


async def test_a_restored_server_is_told_what_it_had_said(daemon, server, store):
    append(store)
    await daemon.pass_ms(10 * MINUTE_MS)
    kept = store.answers.all()
    server.epoch = b"epoch--2"
    await daemon.pass_ms(10 * MINUTE_MS)
    server.epoch = b"epoch--3"
    await daemon.pass_ms(10 * MINUTE_MS)

    told = [each for answers in said(store) for each in answers]

    assert kept
    assert told[: len(kept)] == list(kept)
    assert len(told) == len(set(told)), "nothing is said twice"


def answer(store, through, t_ms, **changes):
    """An answer about the log as it is."""
    head = store.ledger.hash_at(through) or bytes(32)
    ack = Ack(
        **{
            "dev": store.identity.read().device,
            "nonce": bytes(16),
            "t": t_ms,
            "code": "ok",
            "failed": None,
            "epoch": b"epoch--1",
            "inc": 1,
            "through": through,
            "head": head,
            "items": (),
            "durable_through": 0,
            "next": Pace(after_ms=0, max_events=200),
        }
        | changes
    )
    document = to_wire(ack)
    with store.transaction():
        store.answers.keep(ack, document)
    return document


def test_only_answers_that_say_more_of_our_own_log_are_kept(store):
    for _ in range(3):
        append(store)

    first = answer(store, 1, 0)
    answer(store, 1, 90_000)
    answer(store, 2, 90_000, head=b"x" * 32)
    last = answer(store, 3, 90_000)
    answer(store, 2, 180_000)

    assert store.answers.all() == (first, last)


def test_of_one_minute_the_last_answer_says_it_all(store):
    for _ in range(3):
        append(store)

    answer(store, 1, 60_000)
    last = answer(store, 2, 119_999)
    later = answer(store, 3, 120_000)

    assert store.answers.all() == (last, later)

"""PROTOCOL 2.7: what each state makes of each event, cell by cell."""

import pytest
from msgspec.structs import replace

from core.wire.answer import BLOCKS
from core.wire.client import TABLE, Activity, ClientState
from core.wire.exchange import Exchange
from core.wire.standing import Block, Standing
from core.wire.talk import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    Acked,
    BeaconReceived,
    Chore,
    ChoreDone,
    DeadlineMoved,
    Enrolled,
    EvidenceStored,
    Instant,
    LinkCameUp,
    LogGrew,
    NothingCame,
    Refused,
    RevocationProved,
    SendNow,
    ServerHead,
    Status,
    Ticked,
    Wanted,
)

NOW = 10 * DAY_MS
EPOCH = b"epoch--1"
AGREES = ServerHead(inc=1, seq=5, hash=bytes([5]) * 32, ours=bytes([5]) * 32)
WHOLE = ServerHead(inc=1, seq=8, hash=bytes([8]) * 32, ours=bytes([8]) * 32)
DIFFERS = ServerHead(inc=1, seq=5, hash=bytes([5]) * 32, ours=bytes([6]) * 32)
AHEAD = ServerHead(inc=1, seq=9, hash=bytes([9]) * 32, ours=None)

CURRENT = Standing(
    stop=None,
    written=5,
    cursor=5,
    compared=True,
    epoch=EPOCH,
    beacon_at=NOW - MINUTE_MS,
    beacon_due=NOW + 4 * MINUTE_MS,
    committed_at=NOW - MINUTE_MS,
    outage=False,
)
PENDING = replace(CURRENT, written=8, upload_at=NOW + MINUTE_MS)
UNANSWERED = replace(CURRENT, beacon_at=NOW - 2 * HOUR_MS, retry_at=NOW + MINUTE_MS)
STANDINGS = {
    ClientState.UNENROLLED: Standing(),
    ClientState.CURRENT: CURRENT,
    ClientState.SENDING: replace(PENDING, activity=Activity.UPLOAD, resend=(6, 200)),
    ClientState.WAITING: PENDING,
    ClientState.OFFLINE: UNANSWERED,
    ClientState.STALE: replace(UNANSWERED, beacon_at=NOW - 4 * DAY_MS),
    ClientState.CLOSED: replace(CURRENT, closed=True, deadline=NOW - HOUR_MS),
    ClientState.FORKED: replace(CURRENT, stop=ClientState.FORKED, evidence=5),
    ClientState.SELF_ROLLBACK: replace(CURRENT, stop=ClientState.SELF_ROLLBACK, evidence=5),
    ClientState.REVOKED: replace(CURRENT, stop=ClientState.REVOKED),
}


def beacon(server):
    return BeaconReceived(
        server=server, epoch=EPOCH, after_ms=0, max_events=200, next_ms=MINUTE_MS, min_proto=1
    )


def ack(server, status=Status.STORED, code="ok"):
    return Acked(
        status=status,
        code=code,
        server=server,
        epoch=EPOCH,
        durable=0,
        after_ms=0,
        max_events=200,
        sent=3,
    )


B, U, C, E = Activity.BEACON, Activity.UPLOAD, Activity.CHORE, Activity.EVIDENCE
_ = None
# name: (what is under way, or as the standing has it; the event; how much later)
EVENTS = {
    "ticked": (_, Ticked(), 0),
    "an hour later": (_, Ticked(), HOUR_MS),
    "four days later": (_, Ticked(), 4 * DAY_MS),
    "log grew": (_, LogGrew(8), 0),
    "link up": (_, LinkCameUp(), 0),
    "send now": (_, SendNow(), 0),
    "chore wanted": (_, Wanted(frozenset({Chore.INBOX})), 0),
    "D passed": (_, DeadlineMoved(NOW), 0),
    "D moved ahead": (_, DeadlineMoved(NOW + DAY_MS), 0),
    "no D": (_, DeadlineMoved(None), 0),
    "enrolled anew": (_, Enrolled(2, 0, None), 0),
    "revocation proved": (_, RevocationProved(), 0),
    "beacon agrees": (B, beacon(AGREES), 0),
    "beacon differs": (B, beacon(DIFFERS), 0),
    "beacon is ahead": (B, beacon(AHEAD), 0),
    "beacon unasked": (_, beacon(DIFFERS), 0),
    "beacon refused": (B, Refused(503), 0),
    "no beacon": (B, NothingCame(), 0),
    "acked whole": (U, ack(WHOLE), 0),
    "acked a fork": (U, ack(AGREES, Status.CONFLICT, "fork"), 0),
    "acked elsewhere": (U, ack(DIFFERS), 0),
    "acked beyond": (U, ack(AHEAD), 0),
    "acked revoked": (U, ack(AGREES, Status.REVOKED, "revoked"), 0),
    "acked malformed": (U, ack(AGREES, Status.MALFORMED, "kind"), 0),
    "upload refused": (U, Refused(403, None, 3), 0),
    "upload unanswered": (U, NothingCame(), 0),
    "chore done": (C, ChoreDone(Chore.INBOX), 0),
    "evidence kept": (E, EvidenceStored(9), 0),
    "evidence refused": (E, Refused(503, None, 3), 0),
}
SHORT = {
    "un": ClientState.UNENROLLED,
    "cu": ClientState.CURRENT,
    "se": ClientState.SENDING,
    "wa": ClientState.WAITING,
    "of": ClientState.OFFLINE,
    "st": ClientState.STALE,
    "cl": ClientState.CLOSED,
    "fo": ClientState.FORKED,
    "ro": ClientState.SELF_ROLLBACK,
    "re": ClientState.REVOKED,
}
# Rows are events, columns the states before; each cell names the state after.
CELLS = """
                     un cu se wa of st cl fo ro re
ticked               un cu se wa of st cl fo ro re
an hour later        un of se of of st of fo ro re
four days later      un st se st st st st fo ro re
log grew             un se se wa of st se fo ro re
link up              un cu se wa of st cl fo ro re
send now             un cu se wa of st cl fo ro re
chore wanted         un cu se wa of st cl fo ro re
D passed             un cl se wa of st cl fo ro re
D moved ahead        un cu se wa of st cu fo ro re
no D                 un cu se wa of st cu fo ro re
enrolled anew        of of of of of of of of of of
revocation proved    un re re re re re re re re re
beacon agrees        un cu wa wa wa wa cl fo ro re
beacon differs       un fo fo fo fo fo fo fo ro re
beacon is ahead      un ro ro ro ro ro ro fo ro re
beacon unasked       un cu se wa of st cl fo ro re
beacon refused       un wa wa wa of st wa fo ro re
no beacon            un wa wa wa of st wa fo ro re
acked whole          un cu cu cu of st cl fo ro re
acked a fork         un fo fo fo fo fo fo fo ro re
acked elsewhere      un fo fo fo fo fo fo fo ro re
acked beyond         un ro ro ro ro ro ro fo ro re
acked revoked        un re re re re re re re re re
acked malformed      un cu wa wa of st cl fo ro re
upload refused       un cu wa wa of st cl fo ro re
upload unanswered    un wa wa wa of st wa fo ro re
chore done           un cu wa wa of st cl fo ro re
evidence kept        un cu wa wa of st cl fo ro re
evidence refused     un wa wa wa of st wa fo ro re
"""
TITLES, *LINES = CELLS.strip("\n").splitlines()
WIDTH = TITLES.index("un")
ROWS = {line[:WIDTH].strip(): line[WIDTH:].split() for line in LINES}


@pytest.mark.parametrize("name", EVENTS)
def test_each_state_makes_of_each_event_what_the_cell_says(name):
    under_way, event, later = EVENTS[name]
    at = Instant(NOW + later, 1 << 31)

    for short, expected in zip(TITLES.split(), ROWS[name], strict=True):
        state = STANDINGS[SHORT[short]]
        state = state if under_way is None else replace(state, activity=under_way)
        reached = Exchange.step(state, event, at).standing.client_state(at.ms)

        assert reached is SHORT[expected], f"{name} in {SHORT[short]}"


def test_the_standings_are_in_the_states_they_are_named_after():
    assert {each: made.client_state(NOW) for each, made in STANDINGS.items()} == {
        each: each for each in TABLE
    }


def test_no_cell_leaves_the_table():
    assert set(ROWS) == set(EVENTS)
    for cells in ROWS.values():
        for short, expected in zip(TITLES.split(), cells, strict=True):
            before, after = SHORT[short], SHORT[expected]
            assert after is before or after in TABLE[before].leads_to, (before, after)


@pytest.mark.parametrize("state", TABLE)
def test_what_a_state_may_not_do_on_the_network_it_never_starts(state):
    kinds = {B: "AskBeacon", U: "SendBatch", C: "Perform", E: "SendEvidence"}
    allowed = {kinds[each] for each in TABLE[state].network}
    wishes = replace(
        STANDINGS[state],
        activity=Activity.IDLE,
        written=8,
        evidence=0,
        beacon_due=0,
        upload_at=0,
        retry_at=None,
        wanted=frozenset(Chore),
    )

    step = Exchange.step(wishes, Ticked(), Instant(NOW, 0))

    assert {type(each).__name__ for each in step.effects} <= allowed
    assert bool(step.effects) == bool(allowed)


@pytest.mark.parametrize(
    ("chore", "blocked"), [(Chore.CERTIFICATES, False), (Chore.INBOX, True), (Chore.TRUST, True)]
)
def test_a_machine_the_server_did_not_know_tries_again_once_its_certificates_are_there(
    chore, blocked
):
    unknown = Block(BLOCKS[Status.UNKNOWN], NOW + HOUR_MS)
    busy = replace(PENDING, activity=C, wanted=frozenset({chore}), blocked=unknown)

    after = Exchange.step(busy, ChoreDone(chore), Instant(NOW, 0)).standing

    assert (after.blocked == unknown) is blocked
    assert after.wanted == frozenset()

"""What the log proves of when an entry was made (PROTOCOL 2.10)."""

import pytest

from core.sealing import SigningKey
from core.season.deadline import Timeliness, timeliness
from core.signature import SignatureType
from core.wire.ack import Ack, Pace
from core.wire.document import sign_document
from core.wire.event import decode_frame
from core.wire.kind import BeaconSeen, ClockStep, Said
from server.lists import read_season
from server.season.dossier import contents, find_dossier
from server.season.evidence import ROUND_TRIP_MS, read_evidence
from server.season.freeze import plan_freeze
from server.season.run import read_rules
from server.season.sift import Reason
from server.season.witness import Way, leave_witness, read_sightings
from server.store import trusts
from server.store.events import BEACON_AHEAD_MS
from tests.server.season.country import HOUR_MS, SUBMIT_MS, Site
from tests.server.test_refiling import begin, renewed

DRAIN_MS = 48 * HOUR_MS
WISHES = ("144601",)


def evidence_of(country, link):
    return country.read(lambda connection: read_evidence(connection, [link.hash], SUBMIT_MS))[
        link.hash
    ]


def contents_of(country, link):
    """The pack that people get."""

    def work(connection):
        return contents(find_dossier(connection, link.hash, read_season(connection)))

    return country.read(work)


def judged(country, link):
    return timeliness(evidence_of(country, link), SUBMIT_MS, DRAIN_MS)


def test_an_entry_that_arrived_before_the_deadline_is_on_time(country):
    site = Site(country, "134601")
    applied = site.applied(1, "134601", WISHES)

    country.receive(site.device, at_ms=SUBMIT_MS)

    assert judged(country, applied.link) is Timeliness.ON_TIME


def test_a_beacon_from_after_the_deadline_proves_that_an_entry_is_late(country):
    site = Site(country, "134601")
    country.beacon(site.device, SUBMIT_MS + 1)
    applied = site.applied(1, "134601", WISHES)

    country.receive(site.device, at_ms=SUBMIT_MS + HOUR_MS)

    found = evidence_of(country, applied.link)
    assert found.not_before == SUBMIT_MS + 1
    assert judged(country, applied.link) is Timeliness.LATE


@pytest.mark.parametrize(("ahead", "expected"), [(0, Timeliness.LATE), (1, Timeliness.DOUBTFUL)])
def test_a_beacon_that_was_here_before_it_can_have_been_given_proves_nothing(
    country, ahead, expected
):
    """It would have rejected a teacher without a question."""
    site = Site(country, "134601")
    arrived_ms = SUBMIT_MS + HOUR_MS
    country.beacon(site.device, arrived_ms + BEACON_AHEAD_MS + ahead)
    applied = site.applied(1, "134601", WISHES)

    country.receive(site.device, at_ms=arrived_ms)

    found = evidence_of(country, applied.link)
    assert found.not_before == (0 if ahead else arrived_ms), "never later than it was here"
    assert judged(country, applied.link) is expected


@pytest.mark.parametrize("place", ["before", "behind"])
def test_who_invents_one_beacon_is_believed_none(country, place):
    """Neither late nor sealed: people look at the machine."""
    site = Site(country, "134601")
    country.beacon(site.device, SUBMIT_MS - HOUR_MS)
    if place == "before":
        lie = country.beacon(site.device, SUBMIT_MS + 50 * HOUR_MS)
    applied = site.applied(1, "134601", WISHES)
    country.close(site.device)
    country.beacon(site.device, SUBMIT_MS + 5 * HOUR_MS)
    if place == "behind":
        lie = country.beacon(site.device, SUBMIT_MS + 50 * HOUR_MS)

    country.receive(site.device, at_ms=SUBMIT_MS + 6 * HOUR_MS)

    found = evidence_of(country, applied.link)
    assert (found.not_before, found.enclosed, found.estimate) == (0, False, None)
    assert judged(country, applied.link) is Timeliness.DOUBTFUL
    pack = contents_of(country, applied.link)
    assert pack["beacon_invented"] == lie.event.seq
    assert pack["beacons_before"], "people see what it claimed"


def test_a_head_that_somebody_knew_shows_a_beacon_before_it_as_invented(country):
    site = Site(country, "134601")
    country.beacon(site.device, SUBMIT_MS + 5 * HOUR_MS)
    applied = site.applied(1, "134601", WISHES)
    witness(country, applied.link.hash[:10], SUBMIT_MS + HOUR_MS)

    country.receive(site.device, at_ms=SUBMIT_MS + 6 * HOUR_MS)

    assert evidence_of(country, applied.link).not_before == 0
    assert judged(country, applied.link) is Timeliness.DOUBTFUL


def test_an_invented_beacon_wins_no_conflict(country):
    """Step 2 of the rule asks which version is proved to be the later one."""
    here, there = Site(country, "134601"), Site(country, "134601")
    one = here.approved(1, "134601", WISHES)
    country.receive(here.device)
    country.beacon(there.device, SUBMIT_MS + 50 * HOUR_MS)
    there.device.register(one.teacher, there.officer)
    two = country.apply(there.device, one.teacher, ("144602",))
    country.decide(there.device, there.officer, two)
    country.receive(there.device)

    found = country.read(lambda connection: plan_freeze(connection, read_rules()))

    (entry,) = found.entries
    assert entry.reason is Reason.CONFLICT_FIRST_RECEIVED
    assert entry.revision == one.link.hash


def test_an_entry_between_beacons_before_the_closing_is_sealed(country):
    site = Site(country, "134601")
    country.beacon(site.device, SUBMIT_MS - HOUR_MS)
    applied = site.applied(1, "134601", WISHES)
    country.close(site.device)
    country.beacon(site.device, SUBMIT_MS + 5 * HOUR_MS)

    country.receive(site.device, at_ms=SUBMIT_MS + 6 * HOUR_MS)

    found = evidence_of(country, applied.link)
    assert found.enclosed
    assert found.closed_after
    assert found.error >= ROUND_TRIP_MS
    assert judged(country, applied.link) is Timeliness.SEALED


@pytest.mark.parametrize(
    ("told", "expected"), [(True, Timeliness.DOUBTFUL), (False, Timeliness.SEALED)]
)
def test_behind_a_code_that_was_told_nothing_is_sealed_whatever_the_clocks_say(
    country, told, expected
):
    """DESIGN D14: who writes the boot clock as well closes the log a second time."""
    site = Site(country, "134601")
    country.beacon(site.device, SUBMIT_MS - HOUR_MS)
    honest = site.applied(1, "134601", WISHES)
    closed = country.close(site.device)
    added = site.applied(2, "134601", WISHES)
    country.close(site.device)
    country.beacon(site.device, SUBMIT_MS + 5 * HOUR_MS)
    if told:
        witness(country, closed.hash[:10], SUBMIT_MS + HOUR_MS)

    country.receive(site.device, at_ms=SUBMIT_MS + 6 * HOUR_MS)

    assert judged(country, honest.link) is Timeliness.SEALED
    assert judged(country, added.link) is expected


def test_a_log_that_comes_without_the_code_that_was_told_is_not_sealed(country):
    """DESIGN D14: who writes the whole log anew leaves out the head that somebody knows."""
    site, other = Site(country, "134601"), Site(country, "134601")
    country.beacon(site.device, SUBMIT_MS - HOUR_MS)
    honest = site.device.branch(len(site.device.links))
    told = country.close(honest)
    witness(country, told.hash[:10], SUBMIT_MS + HOUR_MS, device=site.device)
    applied = site.applied(1, "134601", WISHES)
    for device in (site.device, other.device):
        if device is other.device:
            country.beacon(device, SUBMIT_MS - HOUR_MS)
            elsewhere = other.applied(2, "134601", WISHES)
        country.close(device)
        country.beacon(device, SUBMIT_MS + 5 * HOUR_MS)

    country.receive(site.device, other.device, at_ms=SUBMIT_MS + 6 * HOUR_MS)

    assert judged(country, applied.link) is Timeliness.DOUBTFUL
    assert contents_of(country, applied.link)["code_missing"] == SUBMIT_MS + HOUR_MS
    assert judged(country, elsewhere.link) is Timeliness.SEALED, "nobody spoke of that machine"


def test_a_code_that_is_to_come_with_the_next_upload_takes_nothing_away(country):
    """Officers sign on after the close, and the last head of theirs is told as well."""
    site = Site(country, "134601")
    country.beacon(site.device, SUBMIT_MS - HOUR_MS)
    applied = site.applied(1, "134601", WISHES)
    country.close(site.device)
    country.beacon(site.device, SUBMIT_MS + 5 * HOUR_MS)
    country.receive(site.device, at_ms=SUBMIT_MS + 6 * HOUR_MS)
    later = country.decide(site.device, site.officer, applied)
    witness(country, later.hash[:10], SUBMIT_MS + 7 * HOUR_MS, device=site.device)

    before = judged(country, applied.link)
    country.receive(site.device, at_ms=SUBMIT_MS + 8 * HOUR_MS)

    assert (before, judged(country, applied.link)) == (Timeliness.SEALED, Timeliness.SEALED)


def test_without_a_beacon_behind_it_or_the_closing_it_is_doubtful(country):
    open_end = Site(country, "134601")
    country.beacon(open_end.device, SUBMIT_MS - HOUR_MS)
    first = open_end.applied(1, "134601", WISHES)
    country.close(open_end.device)
    not_closed = Site(country, "134602")
    country.beacon(not_closed.device, SUBMIT_MS - HOUR_MS)
    second = not_closed.applied(2, "134602", WISHES)
    country.beacon(not_closed.device, SUBMIT_MS + HOUR_MS)

    country.receive(open_end.device, not_closed.device, at_ms=SUBMIT_MS + 2 * HOUR_MS)

    assert judged(country, first.link) is Timeliness.DOUBTFUL
    assert judged(country, second.link) is Timeliness.DOUBTFUL


def test_a_reboot_between_beacon_and_entry_leaves_no_estimate(country):
    site = Site(country, "134601")
    country.beacon(site.device, SUBMIT_MS - HOUR_MS)
    site.device.boot = bytes(8)
    applied = site.applied(1, "134601", WISHES)

    country.receive(site.device, at_ms=SUBMIT_MS + HOUR_MS)

    assert evidence_of(country, applied.link).estimate is None


def test_an_entry_from_elsewhere_that_names_it_shows_it_existed(country):
    here, there = Site(country, "134601"), Site(country, "134601")
    applied = here.applied(1, "134601", WISHES)
    there.device.register(applied.teacher, there.officer)
    country.apply(there.device, applied.teacher, WISHES, version=2, parents=(applied.link.hash,))

    country.receive(there.device, at_ms=SUBMIT_MS - HOUR_MS)
    country.receive(here.device, at_ms=SUBMIT_MS + HOUR_MS)

    assert evidence_of(country, applied.link).not_after == SUBMIT_MS - HOUR_MS
    assert judged(country, applied.link) is Timeliness.ON_TIME


def test_beacons_that_a_renewed_machine_brought_bound_what_stood_behind_them(country, centre):
    """PROTOCOL 2.12: an entry carried later belongs to the chain it always stood in."""
    site = Site(country, "134601")
    early = site.applied(1, "134601", WISHES)
    country.receive(site.device)
    sent = len(site.device.links)
    beacon = country.beacon(site.device, SUBMIT_MS + 1)
    late = country.apply(site.device, early.teacher, ("144602",), version=2)
    country.close(site.device)
    country.beacon(site.device, SUBMIT_MS + HOUR_MS)
    later = renewed(site.device, centre, "self_rollback")
    country.certify(later.certificate)
    begin(later, *site.device.links[sent:])

    country.receive(later, at_ms=SUBMIT_MS + 2 * HOUR_MS)

    found = evidence_of(country, late.link)
    assert (found.not_before, found.enclosed, found.estimate) == (SUBMIT_MS + 1, False, None)
    assert judged(country, late.link) is Timeliness.LATE
    assert beacon.frame.event in {
        decode_frame(each).event for each in contents_of(country, late.link)["frames"]
    }


def test_another_machines_beacons_prove_nothing(country):
    here, there = Site(country, "134601"), Site(country, "134602")
    country.beacon(there.device, SUBMIT_MS + HOUR_MS)
    applied = here.applied(1, "134601", WISHES)

    country.receive(here.device, there.device, at_ms=SUBMIT_MS + 2 * HOUR_MS)

    assert evidence_of(country, applied.link).not_before == 0


def test_a_beacon_from_a_stick_bounds_from_below_and_helps_no_estimate(country):
    """ADR 0015: it was hours old when it was seen, and would put a late entry before D."""
    site = Site(country, "134601")
    seen = BeaconSeen(digest=bytes(32), t=SUBMIT_MS - HOUR_MS)
    site.device.add("beacon.carried", seen)
    applied = site.applied(1, "134601", WISHES)
    country.close(site.device)
    country.beacon(site.device, SUBMIT_MS + 5 * HOUR_MS)

    country.receive(site.device, at_ms=SUBMIT_MS + 6 * HOUR_MS)

    found = evidence_of(country, applied.link)
    assert (found.not_before, found.estimate, found.enclosed) == (seen.t, None, False)
    assert judged(country, applied.link) is Timeliness.DOUBTFUL


def test_a_beacon_from_a_stick_can_prove_that_an_entry_is_late(country):
    site = Site(country, "134601")
    site.device.add("beacon.carried", BeaconSeen(digest=bytes(32), t=SUBMIT_MS + 1))
    applied = site.applied(1, "134601", WISHES)

    country.receive(site.device, at_ms=SUBMIT_MS + HOUR_MS)

    assert judged(country, applied.link) is Timeliness.LATE


def witness(country, beginning, t_ms, *, device=None):
    with country.store.writing() as connection:
        return leave_witness(
            connection,
            beginning,
            Way.PHONE,
            device_id=device.id if device else None,
            key=country.centre.receipt,
            now_ms=t_ms,
            login="host1",
            reason="人事來電",
        )


@pytest.mark.parametrize("size", [10, 16, 32])
def test_a_witnessed_head_bounds_everything_before_it_and_nothing_after(country, size):
    """PROTOCOL 2.10, 封箱碼: heard before the deadline, uploaded long after it."""
    site = Site(country, "134601")
    first = site.applied(1, "134601", WISHES)
    closed = country.close(site.device)
    after = site.applied(2, "134601", WISHES)
    witness(country, closed.hash[:size], SUBMIT_MS - 60_000)

    country.receive(site.device, at_ms=SUBMIT_MS + 10 * HOUR_MS)

    assert evidence_of(country, first.link).not_after == SUBMIT_MS - 60_000
    assert judged(country, first.link) is Timeliness.ON_TIME
    assert evidence_of(country, after.link).not_after == SUBMIT_MS + 10 * HOUR_MS
    assert judged(country, after.link) is Timeliness.DOUBTFUL


def test_a_code_entered_after_the_upload_bounds_as_well_and_the_first_time_counts(country):
    site = Site(country, "134601")
    applied = site.applied(1, "134601", WISHES)
    country.receive(site.device, at_ms=SUBMIT_MS + 10 * HOUR_MS)

    assert witness(country, applied.link.hash[:10], SUBMIT_MS + 1).fresh
    again = witness(country, applied.link.hash[:10], SUBMIT_MS + 2)

    assert (again.fresh, again.t_ms) == (False, SUBMIT_MS + 1)
    assert evidence_of(country, applied.link).not_after == SUBMIT_MS + 1


def test_the_head_of_another_machine_bounds_nothing_here(country):
    here, there = Site(country, "134601"), Site(country, "134601")
    applied = here.applied(1, "134601", WISHES)
    other = there.applied(2, "134601", WISHES)
    witness(country, other.link.hash[:10], SUBMIT_MS - HOUR_MS, device=here.device)

    country.receive(here.device, there.device, at_ms=SUBMIT_MS + HOUR_MS)

    assert judged(country, applied.link) is Timeliness.DOUBTFUL
    assert judged(country, other.link) is Timeliness.ON_TIME
    seen = country.read(read_sightings)
    assert [each.elsewhere for each in seen] == [True]


def test_a_mention_of_a_later_entry_bounds_the_earlier_ones_of_its_chain(country):
    here, there = Site(country, "134601"), Site(country, "134601")
    first = here.applied(1, "134601", WISHES)
    second = here.applied(2, "134601", WISHES)
    there.device.register(second.teacher, there.officer)
    country.apply(there.device, second.teacher, WISHES, version=2, parents=(second.link.hash,))

    country.receive(there.device, at_ms=SUBMIT_MS - HOUR_MS)
    country.receive(here.device, at_ms=SUBMIT_MS + HOUR_MS)

    assert evidence_of(country, first.link).not_after == SUBMIT_MS - HOUR_MS


def rebooted(country, *, wall_before=0, wall_after=0, step=False):
    """An entry in a second life of the machine, between two beacons."""
    site = Site(country, "134601")
    applied_t = SUBMIT_MS - HOUR_MS
    site.device.add(
        "beacon",
        BeaconSeen(digest=bytes(32), t=SUBMIT_MS - 2 * HOUR_MS),
        t=SUBMIT_MS - 2 * HOUR_MS + wall_before,
    )
    site.device.boot = bytes(8)
    if step:
        site.device.add("clock.step", ClockStep(delta_ms=1))
    site.device.now_ms = applied_t + wall_before
    applied = site.applied(1, "134601", WISHES)
    country.close(site.device)
    site.device.add(
        "beacon",
        BeaconSeen(digest=bytes(32), t=SUBMIT_MS + HOUR_MS),
        t=SUBMIT_MS + HOUR_MS + wall_after,
    )
    country.receive(site.device, at_ms=SUBMIT_MS + 2 * HOUR_MS)
    return applied.link


def test_across_a_reboot_the_wall_clock_counts_if_both_beacons_find_it_right(country):
    link = rebooted(country, wall_before=7_000, wall_after=67_000)

    found = evidence_of(country, link)

    assert abs(found.estimate - (SUBMIT_MS - HOUR_MS)) <= found.error
    assert found.error == ROUND_TRIP_MS + 60_000
    assert judged(country, link) is Timeliness.SEALED


@pytest.mark.parametrize(
    "how", [{"wall_after": 120_001}, {"wall_before": -120_001}, {"step": True}]
)
def test_a_wall_clock_that_moved_estimates_nothing(country, how):
    link = rebooted(country, **how)

    assert evidence_of(country, link).estimate is None
    assert judged(country, link) is Timeliness.DOUBTFUL


def test_a_carried_beacon_bounds_from_below_and_estimates_nothing(country):
    """ADR 0015: on a stick it was of unknown age when it was seen."""
    site = Site(country, "134601")
    site.device.add("beacon.carried", BeaconSeen(digest=bytes(32), t=SUBMIT_MS - 5 * HOUR_MS))
    applied = site.applied(1, "134601", WISHES)
    country.close(site.device)
    site.device.add("beacon.carried", BeaconSeen(digest=bytes(32), t=SUBMIT_MS + HOUR_MS))
    late = site.applied(2, "134601", WISHES)

    country.receive(site.device, at_ms=SUBMIT_MS + 2 * HOUR_MS)

    found = evidence_of(country, applied.link)
    assert found.not_before == SUBMIT_MS - 5 * HOUR_MS
    assert (found.estimate, found.enclosed) == (None, False)
    assert judged(country, applied.link) is Timeliness.DOUBTFUL
    assert judged(country, late.link) is Timeliness.LATE


def answered(country, site, t_ms, key=None):
    """What the server had said of everything the machine has written so far."""
    head = site.device.head
    ack = Ack(
        dev=site.device.id,
        nonce=bytes(16),
        t=t_ms,
        code="ok",
        failed=None,
        epoch=b"before--",
        inc=1,
        through=head.seq,
        head=head.hash,
        items=(),
        durable_through=0,
        next=Pace(after_ms=0, max_events=200),
    )
    with country.store.writing() as connection:
        trusts.keep(connection, {1: country.centre.signed_trust})
    return sign_document(SignatureType.ACK, ack, key or country.centre.receipt)


def test_what_we_had_confirmed_before_a_restore_stays_on_time(country):
    """Sent again after the deadline: our own answer, which the machine kept, is a witness."""
    site = Site(country, "134601")
    applied = site.applied(1, "134601", WISHES)
    answer = answered(country, site, SUBMIT_MS)
    later = site.applied(2, "134601", WISHES)
    site.device.add("server.said", Said(answers=(b"nonsense", answer)))

    country.receive(site.device, at_ms=SUBMIT_MS + HOUR_MS)

    assert evidence_of(country, applied.link).not_after == SUBMIT_MS
    assert judged(country, applied.link) is Timeliness.ON_TIME
    assert judged(country, later.link) is Timeliness.DOUBTFUL, "it came after that answer"


def test_an_answer_that_we_did_not_sign_witnesses_nothing(country):
    site = Site(country, "134601")
    applied = site.applied(1, "134601", WISHES)
    answer = answered(country, site, SUBMIT_MS, key=SigningKey(b"f" * 32))
    site.device.add("server.said", Said(answers=(answer,)))

    country.receive(site.device, at_ms=SUBMIT_MS + HOUR_MS)

    assert judged(country, applied.link) is Timeliness.DOUBTFUL

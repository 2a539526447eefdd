"""What the log proves of when an entry was made (PROTOCOL 2.10)."""

from core.season.deadline import Timeliness, timeliness
from core.wire.kind import BeaconSeen
from server.season.evidence import ROUND_TRIP_MS, read_evidence
from tests.server.season.country import HOUR_MS, SUBMIT_MS, Site

DRAIN_MS = 48 * HOUR_MS
WISHES = ("144601",)


def evidence_of(country, link):
    return country.read(lambda connection: read_evidence(connection, [link.hash], SUBMIT_MS))[
        link.hash
    ]


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

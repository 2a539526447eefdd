"""What a school decided on a lost machine, in a disputed log, or by a dismissed officer.

PROTOCOL 2.9 and 2.12: class D, two officers of the centre decide, and that is an event.
"""

from dataclasses import replace
from itertools import permutations

import pytest

from core.sealing import SigningKey
from core.season.deadline import Timeliness
from core.season.ruling import Ruling
from core.wire.ack import Verdict
from core.wire.canon import from_wire
from core.wire.event import Event, decode_frame
from core.wire.kind import Renewal
from core.wire.refile import refile
from server.console.record import read_record
from server.lists import read_season
from server.season.committee import Matter, read_docket
from server.season.dossier import contents, find_dossier
from server.season.sift import Reason
from server.store.tables import application, decision, inbox, verdict
from server.terminal import RefusedError
from server.views.check import check_views
from tests.server.running import read_rows
from tests.server.season.country import FREEZE_MS, HOUR_MS, SUBMIT_MS, Site
from tests.server.season.test_rulings import make, plan, rule

EAST = ("144601", "144602")
REPORTED_MS = SUBMIT_MS - 30 * HOUR_MS
ARRIVED_MS = REPORTED_MS + HOUR_MS


def lost(country, beacon_ms=None):
    """An approval that came from a machine after it was reported lost."""
    site, found = Site(country, "134601"), Site(country, "134601")
    case = site.applied(1, "134601", EAST)
    country.receive(site.device, at_ms=REPORTED_MS - HOUR_MS)
    if beacon_ms is not None:
        country.beacon(found.device, beacon_ms)
    decided = country.decide(found.device, site.officer, case)
    country.receive(found.device, at_ms=ARRIVED_MS)
    country.revoke(found.device.id, t_ms=REPORTED_MS)
    return found.device, decided


def carried(country):
    """An approval that a machine's next incarnation carried over from a log told in two ways."""
    site, other = Site(country, "134601"), Site(country, "134601")
    case = site.applied(1, "134601", EAST)
    country.receive(site.device)
    clone = other.device.branch(0)
    other.device.add_boot()
    country.receive(other.device)
    decided = country.decide(clone, site.officer, case)
    later = clone.branch(0)
    later.key, later.inc = SigningKey(country.random.randbytes(32)), 2
    later.certificate, _ = country.centre.certify(
        later.key, id=clone.id, schools=clone.schools, inc=2
    )
    country.certify(later.certificate)
    began = Renewal(inc=1, seq=clone.head.seq, head=clone.head.hash, reason="forked")
    later.add("device.renew", began)
    body, payload = refile(decided, later.salt())
    later.add("replay", body, payload=payload)
    country.receive(later)
    return later, decided


def dismissed(country):
    """An approval of an officer that came after she was dismissed."""
    site = Site(country, "134601")
    case = site.applied(1, "134601", EAST)
    country.receive(site.device, at_ms=REPORTED_MS - HOUR_MS)
    country.beacon(site.device, REPORTED_MS - HOUR_MS)
    decided = country.decide(site.device, site.officer, case)
    country.receive(site.device, at_ms=ARRIVED_MS)
    country.revoke(site.officer.id, t_ms=REPORTED_MS)
    return site.device, decided


DOUBTS = {"device_revoked": lost, "replayed": carried, "officer_revoked": dismissed}


@pytest.fixture(params=DOUBTS)
def doubt(request):
    """The code of one of the reasons to ask people."""
    return request.param


@pytest.fixture
def doubted(country, doubt):
    """The machine that is told, and the decision; another application is plainly in."""
    plain = Site(country, "134602")
    plain.approved(2, "134602", EAST)
    country.receive(plain.device)
    return DOUBTS[doubt](country)


def judged(country, link):
    """Verdict and code, and whether the decision counts."""
    with country.store.reading() as connection:
        said = {row["eh"]: row for row in read_rows(connection, verdict)}[link.hash]
        valid = {row["eh"]: row["valid"] for row in read_rows(connection, decision)}[link.hash]
    return Verdict(said["verdict"]), said["code"], valid


def reviews(country, link):
    with country.store.reading() as connection:
        rows = read_rows(connection, application)
    return [row["review"] for row in rows if row["app"] == link.event.body["app"]]


def told(country, device):
    """Entry and word of every notice that this machine got of its entries."""
    with country.store.reading() as connection:
        rows = read_rows(connection, inbox)
    rows = [row for row in rows if (row["dev"], row["kind"]) == (device.id, "inbox.verdict")]
    bodies = [
        from_wire(decode_frame(row["frame"]).event, Event).body
        for row in sorted(rows, key=lambda row: row["seq"])
    ]
    return [(body["inc"], body["seq"], body["hash"], body["code"]) for body in bodies]


def test_two_officers_are_asked_with_the_evidence(country, doubted, doubt):
    _, decided = doubted

    def look(connection):
        season = read_season(connection)
        return read_docket(connection, season, None), find_dossier(connection, decided.hash, season)

    docket, found = country.read(look)

    assert judged(country, decided) == (Verdict.REVIEW, doubt, False)
    (case,) = docket.of(Matter.DOUBTFUL)
    assert (case.entry, case.decision, case.ruling) == (decided.hash, True, None)
    assert docket.open == 1
    assert (found.timeliness, found.code) == (Timeliness.DOUBTFUL, doubt)
    pack = contents(found)
    since = [pack["code"], pack["device_revoked"], pack["officer_revoked"]]
    assert since == [
        doubt,
        REPORTED_MS if doubt == "device_revoked" else None,
        REPORTED_MS if doubt == "officer_revoked" else None,
    ]
    assert decode_frame(pack["frames"][0]).hash == decided.hash


def test_it_stands_on_the_page_of_its_application(country, doubted, doubt):
    _, decided = doubted

    record = country.read(lambda connection: read_record(connection, decided.event.body["app"]))

    assert [(each.row.eh, each.row.code) for each in record.decisions] == [(decided.hash, doubt)]
    assert decided.hash in {each.eh for each in record.entries}


def test_until_then_nothing_is_frozen(country, doubted):
    _, decided = doubted

    with pytest.raises(RefusedError) as caught:
        make(country)

    assert caught.value.code == "undecided"
    assert [(each.entry, each.kind) for each in plan(country).undecided] == [
        (decided.hash, "decision")
    ]


def test_what_two_officers_accept_counts_and_is_told(country, doubted, doubt):
    device, decided = doubted
    others = Site(country, "134601")

    rule(country, decided.hash, "host1")
    first = judged(country, decided)
    rule(country, decided.hash, "host2")

    assert first == (Verdict.REVIEW, doubt, False), "one is not enough"
    assert judged(country, decided) == (Verdict.VALID, doubt, True)
    assert reviews(country, decided) == ["approved"]
    assert len(plan(country).included) == 2
    assert told(country, device) == []
    with country.store.reading() as connection:
        kinds = {row["dev"]: row["kind"] for row in read_rows(connection, inbox)}
    assert kinds[others.device.id] == "inbox.review", "another machine of the school learns of it"
    assert check_views(country.store).equal
    make(country)


def test_what_two_officers_reject_has_no_effect_and_its_machine_is_told(country, doubted):
    device, decided = doubted

    rule(country, decided.hash, "host1", Ruling.REJECT)
    rule(country, decided.hash, "host2", Ruling.REJECT)

    assert judged(country, decided) == (Verdict.REJECTED, "ruled_out", False)
    assert reviews(country, decided) == ["waiting"]
    at = decided.event.inc, decided.event.seq, decided.hash
    assert told(country, device) == [(*at, "ruled_out")]
    found = plan(country)
    assert not found.blocked
    assert [each.reason for each in found.left_out] == [Reason.REVIEW_LATE]
    assert check_views(country.store).equal


def test_who_changes_their_mind_opens_the_case_again(country, doubted, doubt):
    device, decided = doubted
    at = decided.event.inc, decided.event.seq, decided.hash
    for login in ("host1", "host2"):
        rule(country, decided.hash, login, Ruling.REJECT)

    rule(country, decided.hash, "host1")
    open_again = judged(country, decided)
    rule(country, decided.hash, "host2")

    assert open_again == (Verdict.REVIEW, doubt, False)
    assert judged(country, decided) == (Verdict.VALID, doubt, True)
    assert told(country, device) == [(*at, "ruled_out"), (*at, None)]
    assert check_views(country.store).equal


def test_of_what_would_not_count_anyway_nobody_is_asked(country):
    """Who found the machine cannot sign as its officer."""
    site = Site(country, "134601")
    case = site.applied(1, "134601", EAST)
    country.receive(site.device, at_ms=REPORTED_MS - HOUR_MS)
    decided = country.decide(site.device, site.officer, case)
    country.receive(site.device, at_ms=ARRIVED_MS)
    forger = replace(site.officer, key=SigningKey(bytes(range(32))))
    forged = country.decide(site.device, forger, case)
    country.receive(site.device, at_ms=ARRIVED_MS)

    country.revoke(site.device.id, t_ms=REPORTED_MS)

    assert judged(country, decided) == (Verdict.REVIEW, "device_revoked", False)
    assert judged(country, forged) == (Verdict.REJECTED, "cosignature", False)
    assert [each.entry for each in plan(country).undecided] == [decided.hash]


@pytest.mark.parametrize(
    ("beacon_ms", "arrived_ms", "expected"),
    [
        (REPORTED_MS - HOUR_MS, REPORTED_MS, (Verdict.VALID, None, True)),
        (REPORTED_MS - HOUR_MS, REPORTED_MS + 1, (Verdict.REVIEW, "officer_revoked", False)),
        (REPORTED_MS, REPORTED_MS + 1, (Verdict.REVIEW, "officer_revoked", False)),
        (REPORTED_MS + 1, REPORTED_MS + 1, (Verdict.REJECTED, "officer_revoked", False)),
        (REPORTED_MS + HOUR_MS, REPORTED_MS + 1, (Verdict.REVIEW, "officer_revoked", False)),
    ],
)
def test_a_dismissal_is_a_deadline(country, beacon_ms, arrived_ms, expected):
    """PROTOCOL 2.9, last sentence: classes A, D, D and B; an invented beacon makes no B."""
    site = Site(country, "134601")
    case = site.applied(1, "134601", EAST)
    country.receive(site.device, at_ms=REPORTED_MS - 2 * HOUR_MS)
    country.beacon(site.device, beacon_ms)
    decided = country.decide(site.device, site.officer, case)
    country.receive(site.device, at_ms=arrived_ms)

    country.revoke(site.officer.id, t_ms=REPORTED_MS)

    assert judged(country, decided) == expected
    asked = [decided.hash] if expected[0] is Verdict.REVIEW else []
    assert [each.entry for each in plan(country).undecided] == asked
    for login in ("host1", "host2"):
        rule(country, decided.hash, login, Ruling.REJECT if expected[2] else Ruling.ACCEPT)
    certain = expected[0] is not Verdict.REVIEW
    assert (judged(country, decided) == expected) is certain, "no vote undoes what is certain"


def test_who_has_a_lost_machine_takes_nothing_off_the_list_by_a_beacon(country):
    _, decided = lost(country, beacon_ms=FREEZE_MS)

    assert [each.entry for each in plan(country).undecided] == [decided.hash]


def steps_of(country):
    """What may come in any order: the version, the decision on it, the list, both officers."""
    home, away = Site(country, "134601"), Site(country, "134601")
    case = home.applied(1, "134601", EAST)
    country.beacon(away.device, REPORTED_MS)
    decided = country.decide(away.device, away.officer, case)
    return decided, {
        "version": lambda: country.receive(home.device, at_ms=ARRIVED_MS),
        "decision": lambda: country.receive(away.device, at_ms=ARRIVED_MS),
        "list": lambda: country.revoke(away.officer.id, t_ms=REPORTED_MS),
        "officers": lambda: [rule(country, decided.hash, each) for each in ("host1", "host2")],
    }


@pytest.mark.parametrize(
    "order", permutations(["version", "decision", "list", "officers"]), ids=" then ".join
)
def test_in_any_order_the_ruling_is_honoured(country, order):
    decided, steps = steps_of(country)

    for step in order:
        steps[step]()

    assert judged(country, decided) == (Verdict.VALID, "officer_revoked", True)
    assert reviews(country, decided) == ["approved"]
    assert len(plan(country).included) == 1
    assert check_views(country.store).equal

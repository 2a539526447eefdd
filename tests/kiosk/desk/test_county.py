"""The county's review as the server tells it: shown while it holds, and said when it does not."""

import hashlib

import msgspec
import pytest

from core.season.county import CountyVerdict, Hold
from core.wire.canon import to_wire
from core.wire.event import Event, Who, payload_hash, sign_event
from core.wire.kind import CountyNotice, CountyReviewed
from core.wire.payload import CopyPayload, CountyPayload, LineChanged, PointsAwarded
from kiosk.session.gesture import TaskOpened
from kiosk.session.page import Task
from kiosk.session.progress import Audit, audit
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.points import kinds_of_points
from kiosk.text.status import applied_rows, points_heading
from tests.kiosk.desk.test_applications import SERVER, fill_in, notice, send
from tests.kiosk.desk.test_cases import approve
from tests.kiosk.machine import AMY, ready

ZH = LANGUAGES["zh"]
POINTS = PointsAwarded(
    reason_a=400, reason_b=0, service=1200, appraisal=850, awards=0, training=0, special=0
)


@pytest.fixture
def machine(tmp_path):
    """A teacher has sent a version and the school passed it."""
    machine = ready(tmp_path)
    machine.first_use(AMY)
    fill_in(machine)
    send(machine)
    machine.end()
    row = machine.officer_signs_in().page.rows[0]
    approve(machine, row, reason_a="4", appraisal="8.5")
    machine.end()
    return machine


def reviewed(machine, verdict="passed", *, earlier=(), at_ms=1000, **changed):
    """The centre's entry in the machine's inbox; its hash."""
    decision = machine.store.ledger.newest("officer.approve")
    passed = verdict == "passed"
    content = CountyPayload(
        salt=b"s" * 16,
        login="pingtung",
        county="01",
        points=POINTS if passed else None,
        changes=(LineChanged(line="service", reason="兼任未滿一年"),) if passed else (),
        seen=(),
        reasons=() if passed else ("證件不實",),
        remark="",
    )
    payload = to_wire(content)
    body = CountyReviewed(
        app=decision.event.body["app"],
        claim=changed.get("claim", decision.event.body["claim"]),
        decisions=changed.get("decisions", (decision.hash,)),
        earlier=earlier,
        verdict=verdict,
        number=changed.get("number", "01000007"),
        officer=b"o" * 16,
    )
    entry = Event(
        v=1,
        dev=SERVER.id,
        inc=1,
        seq=2,
        prev=hashlib.sha256(b"before").digest(),
        kind="centre.review",
        t=at_ms,
        m=at_ms,
        boot=b"epoch--1",
        bcn=None,
        ref=(0, bytes(8)),
        who=Who(role="server", id=None),
        body=msgspec.to_builtins(body, builtin_types=(bytes,)),
        ph=payload_hash(payload),
    )
    frame = sign_event(entry, SERVER, payload)
    copy = CopyPayload(salt=b"c" * 16, event=frame.event, payload=changed.get("payload", payload))
    told = CountyNotice(app=body.app, review=frame.hash, verdict=verdict)
    notice(machine, "inbox.county", told, to_wire(copy))
    return frame.hash


def status(machine):
    """The teacher looks at her status page."""
    machine.sign_in(AMY)
    return machine.tell(TaskOpened, task=Task.STATUS).record


def test_the_countys_figures_number_and_reasons_are_shown_while_they_hold(machine):
    reviewed(machine)

    record = status(machine)

    station = machine.session.station
    kinds = kinds_of_points(record, station, ZH)
    assert (record.reviewed.verdict, record.number) == (CountyVerdict.PASSED, "01000007")
    assert record.points.service == 1200
    assert record.decision.points.service == 1400
    assert audit(record) is Audit.COUNTY_PASSED
    assert points_heading(record, ZH) == ZH.points_county
    assert applied_rows(record, station, ZH)[0] == (ZH.label_computer_number, "01000007")
    assert any(ZH.county_changed("兼任未滿一年") in each.sentences for each in kinds)


def test_the_newer_review_counts_and_the_number_stays(machine):
    first = reviewed(machine)
    reviewed(machine, "refused", earlier=(first,), at_ms=2000)

    record = status(machine)

    assert (record.reviewed.verdict, record.number) == (CountyVerdict.REFUSED, "01000007")
    assert record.reviewed.reasons == ("證件不實",)
    assert audit(record) is Audit.COUNTY_REFUSED
    assert record.points.service == 1400


@pytest.mark.parametrize(
    ("changed", "hold"),
    [
        ({"claim": b"x" * 32}, Hold.OTHER_CLAIM),
        ({"decisions": (b"x" * 32,)}, Hold.OTHER_DECISION),
    ],
)
def test_a_review_of_something_else_is_not_in_force_and_the_schools_figures_stand(
    machine, changed, hold
):
    reviewed(machine, **changed)

    record = status(machine)

    assert (record.county.hold, record.reviewed) == (hold, None)
    assert record.points.service == 1400
    assert points_heading(record, ZH) == ZH.points_title


@pytest.mark.parametrize("payload", [None, b"\x80", to_wire(POINTS)])
def test_a_notice_without_the_countys_own_words_says_nothing(machine, payload):
    reviewed(machine, payload=payload)

    assert status(machine).county is None


def test_a_changed_content_is_not_what_the_centre_signed(machine):
    forged = CountyPayload(
        salt=b"s" * 16, login="x", county="01", points=POINTS, changes=(), seen=(), reasons=(),
        remark="",
    )  # fmt: skip
    reviewed(machine, payload=to_wire(forged))

    record = status(machine)

    assert (record.county, record.number) == (None, "")

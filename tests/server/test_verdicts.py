"""Business judgement of stored entries: it never stops an entry from being stored (PROTOCOL 1)."""

from dataclasses import replace

import pytest

from core.sealing import SigningKey
from core.wire.ack import Verdict
from core.wire.canon import from_wire
from core.wire.event import SYSTEM, Event, decode_frame
from core.wire.kind import Revision, TeacherPresent
from server.store.tables import application, decision, event, inbox, payload, revision, verdict
from server.views.check import check_views
from tests.fakes.device import SCHOOL, Device, make_officer, make_teacher

ELSEWHERE = "354601"


async def school(server, centre, *, role="kiosk"):
    """A kiosk, its officer, and a registered teacher."""
    device, officer, teacher = Device(centre, role=role), make_officer(centre), make_teacher(1)
    await server.enrol(device, officer)
    device.register(teacher, officer)
    return device, officer, teacher


async def last_verdict(server, device):
    """Verdict and code of the newest entry, and that all of them were stored."""
    ack = await server.send(device)
    rows = {row["eh"]: row for row in await server.rows(verdict)}
    row = rows[device.head.hash]
    assert ack.through == len(device.links)
    assert ack.items[-1][2] == row["verdict"]
    assert check_views(server.context.store).equal
    return Verdict(row["verdict"]), row["code"]


async def told_of(server, device):
    """What a machine was told of its rejected entries, in this order."""
    frames = [decode_frame(row["frame"]) for row in await server.rows(inbox)]
    events = [from_wire(frame.event, Event) for frame in frames]
    return [
        (each.body["hash"], each.body["code"])
        for each in sorted(events, key=lambda each: each.seq)
        if (each.dev, each.kind) == (device.id, "inbox.verdict")
    ]


async def test_a_registered_teachers_version_is_valid_and_in_force(server, centre):
    device, _, teacher = await school(server, centre)
    version = device.revise(teacher, wishes=5)

    assert await last_verdict(server, device) == (Verdict.VALID, None)
    (row,) = await server.rows(application)
    assert (row["state"], row["revision"], row["review"]) == ("current", version.hash, "waiting")
    assert (row["name"], row["school"], row["wish_count"]) == (teacher.name, SCHOOL, 5)


async def test_an_approval_binds_the_claim_and_carries_the_points(server, centre):
    device, officer, teacher = await school(server, centre)
    version = device.revise(teacher)
    approval = device.decide(officer, version)

    assert await last_verdict(server, device) == (Verdict.VALID, None)
    (row,) = await server.rows(application)
    assert (row["review"], row["decision"]) == ("approved", approval.hash)
    assert (row["points_a"], row["points_b"]) == (2150, 1150)


async def test_new_wishes_keep_the_review_and_a_new_claim_voids_it(server, centre):
    """DESIGN D13."""
    device, officer, teacher = await school(server, centre)
    claim = device.claim(teacher)
    first = device.revise(teacher, claim=claim)
    device.decide(officer, first)
    second = device.revise(teacher, claim=claim, parents=(first.hash,), version=2, wishes=9)
    await server.send(device)
    kept = (await server.rows(application))[0]

    device.revise(teacher, parents=(second.hash,), version=3)
    await server.send(device)
    voided = (await server.rows(application))[0]

    assert (kept["version"], kept["review"], kept["wish_count"]) == (2, "approved", 9)
    assert (voided["version"], voided["review"], voided["points_a"]) == (3, "waiting", None)


async def test_a_return_replaces_the_approval_it_names(server, centre):
    device, officer, teacher = await school(server, centre)
    version = device.revise(teacher)
    approval = device.decide(officer, version)
    device.decide(officer, version, approve=False, earlier=(approval.hash,))

    assert await last_verdict(server, device) == (Verdict.VALID, None)
    assert (await server.rows(application))[0]["review"] == "returned"


async def test_two_points_for_one_claim_settle_nothing(server, centre):
    device, officer, teacher = await school(server, centre)
    version = device.revise(teacher)
    device.decide(officer, version)
    device.decide(officer, version, approve=False)
    await server.send(device)

    (row,) = await server.rows(application)

    assert (row["review"], row["decision"], row["points_a"]) == ("contradictory", None, None)


async def test_a_withdrawal_is_a_version_like_the_others(server, centre):
    device, _, teacher = await school(server, centre)
    version = device.revise(teacher)
    device.withdraw(teacher, version.hash)

    assert await last_verdict(server, device) == (Verdict.VALID, None)
    (row,) = await server.rows(application)
    assert (row["state"], row["version"], row["school"]) == ("withdrawn", 2, None)


async def test_where_she_is_not_registered_a_withdrawal_is_reviewed_until_she_is(server, centre):
    device, _, teacher = await school(server, centre)
    version = device.revise(teacher)
    await server.send(device)
    other, officer = Device(centre, ELSEWHERE), make_officer(centre, ELSEWHERE)
    await server.enrol(other, officer)
    taken_back = other.withdraw(teacher, version.hash)

    before = await last_verdict(server, other)
    other.register(teacher, officer, school=ELSEWHERE)
    await server.send(other)

    rows = {row["eh"]: row for row in await server.rows(verdict)}
    assert before == (Verdict.REVIEW, "scope")
    assert rows[taken_back.hash]["verdict"] == Verdict.VALID
    assert check_views(server.context.store).equal


async def test_two_versions_made_apart_are_a_conflict_until_a_third_names_both(server, centre):
    device, _, teacher = await school(server, centre)
    first, second = device.revise(teacher), device.revise(teacher)
    await server.send(device)
    torn = (await server.rows(application))[0]

    device.revise(teacher, kind="app.resolve", parents=(first.hash, second.hash), version=2)
    await server.send(device)
    whole = (await server.rows(application))[0]

    assert (torn["state"], torn["revision"]) == ("conflict", None)
    assert torn["heads"] == b"".join(sorted((first.hash, second.hash)))
    assert (whole["state"], whole["revision"]) == ("current", device.head.hash)


def unregistered(device, _, __):
    device.revise(make_teacher(2))


def wrong_hash(device, _, teacher, **version):
    made = device.revise(teacher, **version)
    device.links.pop()
    body = Revision(
        **made.event.body | {"parents": version.get("parents", ()), "wishes": bytes(32)}
    )
    device.add("app.revise", body, who=teacher.who, payload=made.frame.payload)


def not_a_teacher(device, _, teacher):
    link = device.revise(teacher)
    device.links.pop()
    body = Revision(**link.event.body | {"parents": ()})
    device.add("app.revise", body, who=SYSTEM, payload=link.frame.payload)


def other_school(device, _, teacher):
    device.revise(teacher, claim=device.claim(teacher, school=ELSEWHERE))


def other_person(device, _, teacher):
    claim = device.claim(teacher, national_id=make_teacher(9).national_id)
    device.revise(teacher, claim=claim)


def not_an_application(device, _, teacher):
    link = device.revise(teacher)
    device.links.pop()
    body = Revision(**link.event.body | {"parents": ()})
    device.add("app.revise", body, who=teacher.who, payload=b"\x81\xa4salt\xc4\x10" + bytes(16))


def forged_approval(device, officer, teacher):
    device.decide(officer, device.revise(teacher), signed_by=SigningKey(bytes(32)))


def approval_of_another_claim(device, officer, teacher):
    device.decide(officer, device.revise(teacher), claim=bytes(32))


def approval_by_a_stranger(device, _, teacher):
    device.decide(make_officer(device.centre), device.revise(teacher))


def approval_of_the_unknown(device, officer, teacher):
    unsent = device.revise(teacher)
    device.links.pop()
    device.decide(officer, unsent)


def registered_elsewhere(device, officer, _):
    device.register(make_teacher(3), officer, school=ELSEWHERE)


def registered_by_a_stranger(device, _, __):
    device.register(make_teacher(3), make_officer(device.centre))


def seen_but_unregistered(device, _, __):
    body = TeacherPresent(
        teacher=make_teacher(4).pseudonym, card=bytes(32), witness=None, citizen=False
    )
    device.add("teacher.present", body)


def seen_by_a_stranger(device, _, teacher):
    body = TeacherPresent(
        teacher=teacher.pseudonym, card=bytes(32), witness=bytes(16), citizen=False
    )
    device.add("teacher.present", body)


REJECTED, REVIEW = Verdict.REJECTED, Verdict.REVIEW


@pytest.mark.parametrize(
    ("act", "level", "code"),
    [
        (unregistered, REVIEW, "teacher_unregistered"),
        (wrong_hash, REJECTED, "part_hash"),
        (not_a_teacher, REJECTED, "role"),
        (not_an_application, REJECTED, "payload_shape"),
        (other_school, REVIEW, "scope"),
        (other_person, REVIEW, "roster_differs"),
        (forged_approval, REJECTED, "cosignature"),
        (approval_of_another_claim, REJECTED, "decision_differs"),
        (approval_by_a_stranger, REVIEW, "officer_unknown"),
        (approval_of_the_unknown, REVIEW, "revision_unknown"),
        (registered_elsewhere, REJECTED, "scope"),
        (registered_by_a_stranger, REVIEW, "officer_unknown"),
        (seen_but_unregistered, REVIEW, "teacher_unregistered"),
        (seen_by_a_stranger, REVIEW, "officer_unknown"),
    ],
)
async def test_each_fault_has_its_verdict_and_every_entry_is_stored(
    server, centre, act, level, code
):
    device, officer, teacher = await school(server, centre)
    device.centre = centre

    act(device, officer, teacher)

    assert await last_verdict(server, device) == (level, code)
    told = await told_of(server, device)
    assert told == ([(device.head.hash, code)] if level is REJECTED else [])


async def test_a_rejected_version_has_no_effect(server, centre):
    device, _, teacher = await school(server, centre)
    good = device.revise(teacher)
    wrong_hash(device, None, teacher, parents=(good.hash,), version=2)
    await server.send(device)

    (row,) = await server.rows(application)

    assert (row["revision"], row["state"]) == (good.hash, "current")
    assert [r["valid"] for r in await server.rows(revision)].count(False) == 1


async def test_a_forged_approval_does_not_approve(server, centre):
    """PROTOCOL I8, and the threat of a machine that invents approvals."""
    device, officer, teacher = await school(server, centre)
    forged_approval(device, officer, teacher)
    await server.send(device)

    (row,) = await server.rows(application)

    assert (row["review"], row["points_a"]) == ("waiting", None)
    assert [r["valid"] for r in await server.rows(decision)] == [False]


async def test_a_flagged_version_is_in_force_and_says_why(server, centre):
    device, _, __ = await school(server, centre)
    unregistered(device, None, None)
    await server.send(device)

    (row,) = await server.rows(application)

    assert (row["state"], row["flag"]) == ("current", "teacher_unregistered")


async def test_a_missing_payload_is_stored_and_reviewed(server, centre):
    device, _, teacher = await school(server, centre)
    version = device.revise(teacher)
    bare = replace(version.frame, payload=None)

    answered = await server.upload(device, device.batch(frames=[device.links[0].frame, bare]))

    assert (answered.status, answered.ack.items[-1][2]) == (200, REVIEW)
    assert [row["code"] for row in await server.rows(verdict) if row["code"]] == ["payload_missing"]
    assert len(await server.rows(event)) == 2
    assert version.hash not in {row["eh"] for row in await server.rows(payload)}


async def test_a_countys_machine_serves_every_school(server, centre):
    device, _, __ = await school(server, centre, role="county")
    officer, teacher = make_officer(centre, ELSEWHERE), make_teacher(5, ELSEWHERE)
    await server.enrol(officer)
    device.register(teacher, officer)
    device.revise(teacher)

    assert await last_verdict(server, device) == (Verdict.VALID, None)


async def test_a_teacher_registered_later_elsewhere_makes_the_version_valid(server, centre):
    device, officer, _ = await school(server, centre)
    other, teacher = Device(centre), make_teacher(6)
    await server.enrol(other)
    version = device.revise(teacher)
    decided = device.decide(officer, version)
    await server.send(device)
    other.register(teacher, officer)

    await server.send(other)

    rows = {row["eh"]: row for row in await server.rows(verdict)}
    assert rows[version.hash]["verdict"] == Verdict.VALID
    assert rows[decided.hash]["verdict"] == Verdict.VALID
    assert check_views(server.context.store).equal

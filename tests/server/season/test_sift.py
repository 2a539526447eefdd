"""Which version counts: every reason to leave an application out, every rule for conflicts."""

from dataclasses import replace
from itertools import permutations

import pytest

from core.season.deadline import Evidence, Timeliness
from core.season.merge import DecisionFact, VersionFact
from core.season.ruling import ConflictRule, Ruling
from core.wire.ack import Verdict
from server.season.sift import IN_TIME, Reason, Reviewed, Version, sift
from server.season.text import REASONS
from tests.server.season.country import POINTS

APP = b"A" * 16
OTHER_POINTS = type(POINTS)(
    reason_a=0, reason_b=0, service=0, appraisal=0, awards=0, training=0, special=0
)


def h(name):
    return name.encode().ljust(32, b".")


def version(  # noqa: PLR0913 - the fields of a version
    name,
    *,
    number=1,
    parents=(),
    claim="claim",
    verdict=Verdict.VALID,
    time=Timeliness.ON_TIME,
    nb=0,
    na=100,
    index=1,
    ruling=None,
    teacher="amy",
):
    return Version(
        fact=VersionFact(
            hash=h(name),
            app=APP,
            version=number,
            parents=tuple(map(h, parents)),
            claim=None if claim is None else h(claim),
            wishes=None if claim is None else h("wishes"),
            device=b"D" * 16,
            inc=1,
            seq=index,
            claimed_ms=0,
        ),
        teacher=teacher.encode(),
        verdict=verdict,
        timeliness=time,
        evidence=Evidence(not_before=nb, not_after=na),
        log_index=index,
        ruling=ruling,
    )


def decision(  # noqa: PLR0913 - the fields of a decision
    name,
    *,
    revision="one",
    claim="claim",
    verdict="approved",
    points=POINTS,
    earlier=(),
    time=Timeliness.ON_TIME,
    ruling=None,
):
    return Reviewed(
        fact=DecisionFact(
            hash=h(name),
            app=APP,
            revision=h(revision),
            claim=h(claim),
            earlier=tuple(map(h, earlier)),
            approved=verdict == "approved",
            officer=b"O" * 16,
            claimed_ms=0,
        ),
        timeliness=time,
        verdict=verdict,
        points=points if verdict == "approved" else None,
        evidence=Evidence(not_before=0, not_after=100),
        ruling=ruling,
    )


def outcome(versions, decisions=()):
    """Name of the chosen version and decision, and the reason; the same in every order."""
    found = {
        (
            choice.revision.hash.rstrip(b".").decode() if choice.revision else None,
            choice.decision.fact.hash.rstrip(b".").decode() if choice.decision else None,
            choice.reason,
        )
        for some in permutations(versions)
        for choice in [sift(APP, list(some), list(decisions)[::-1])]
    }
    assert len(found) == 1
    return found.pop()


YES = decision("yes")


@pytest.mark.parametrize(
    ("versions", "decisions", "expected"),
    [
        ([], [YES], (None, None, Reason.NO_VERSION)),
        ([version("one", verdict=Verdict.REJECTED)], [YES], (None, None, Reason.REJECTED)),
        ([version("one", time=Timeliness.LATE)], [YES], (None, None, Reason.LATE)),
        ([version("one", time=Timeliness.DOUBTFUL)], [YES], (None, None, Reason.DOUBTFUL)),
        ([version("one", claim=None)], [], ("one", None, Reason.WITHDRAWN)),
        ([version("one", verdict=Verdict.REVIEW)], [YES], ("one", None, Reason.FLAGGED)),
        ([version("one", claim=None, verdict=Verdict.REVIEW)], [], ("one", None, Reason.FLAGGED)),
        ([version("one")], [], ("one", None, Reason.NOT_REVIEWED)),
        (
            [version("one")],
            [decision("yes", time=Timeliness.LATE)],
            ("one", None, Reason.REVIEW_LATE),
        ),
        ([version("one")], [decision("no", verdict="returned")], ("one", None, Reason.RETURNED)),
        (
            [version("one")],
            [decision("no", verdict="ineligible")],
            ("one", None, Reason.INELIGIBLE),
        ),
        (
            [version("one")],
            [YES, decision("no", verdict="returned")],
            ("one", None, Reason.CONTRADICTORY),
        ),
        (
            [version("one")],
            [YES, decision("also", points=OTHER_POINTS)],
            ("one", None, Reason.CONTRADICTORY),
        ),
        (
            [version("one"), version("two", claim="other")],
            [],
            (None, None, Reason.CONFLICT_UNAPPROVED),
        ),
    ],
)
def test_whatever_is_left_out_has_a_reason(versions, decisions, expected):
    assert outcome(versions, decisions) == expected


def test_an_approved_version_goes_in_without_remark():
    assert outcome([version("one")], [YES]) == ("one", "yes", None)


def test_two_equal_approvals_are_one():
    chosen = outcome([version("one")], [YES, decision("also")])

    assert chosen == ("one", "also", None)


def test_a_later_decision_replaces_the_one_it_names():
    returned = decision("no", verdict="returned", earlier=["yes"])

    assert outcome([version("one")], [YES, returned]) == ("one", None, Reason.RETURNED)


def test_a_return_after_the_officers_deadline_changes_nothing():
    late = decision("no", verdict="returned", earlier=["yes"], time=Timeliness.LATE)

    assert outcome([version("one")], [YES, late]) == ("one", "yes", None)


def test_other_wishes_keep_the_review_and_another_claim_loses_it():
    wishes = version("two", number=2, parents=["one"])
    claim = version("two", number=2, parents=["one"], claim="other")

    assert outcome([version("one"), wishes], [YES]) == ("two", "yes", None)
    assert outcome([version("one"), claim], [YES]) == ("two", None, Reason.NOT_REVIEWED)


@pytest.mark.parametrize(
    ("time", "reason"),
    [(Timeliness.LATE, Reason.NEWER_LATE), (Timeliness.DOUBTFUL, Reason.NEWER_DOUBTFUL)],
)
def test_what_came_too_late_leaves_the_version_before_in_force(time, reason):
    newer = version("two", number=2, parents=["one"], time=time)

    assert outcome([version("one"), newer], [YES]) == ("one", "yes", reason)


def test_a_withdrawal_that_came_too_late_has_no_effect():
    newer = version("two", number=2, parents=["one"], claim=None, time=Timeliness.LATE)

    assert outcome([version("one"), newer], [YES]) == ("one", "yes", Reason.NEWER_LATE)


def test_a_sealed_version_goes_in_and_is_listed():
    assert outcome([version("one", time=Timeliness.SEALED)], [YES]) == ("one", "yes", Reason.SEALED)


def test_a_version_that_builds_on_a_rejected_one_still_replaces_what_was_before():
    versions = [
        version("one"),
        version("two", number=2, parents=["one"], verdict=Verdict.REJECTED),
        version("three", number=3, parents=["two"]),
    ]

    assert outcome(versions, [YES]) == ("three", "yes", None)


def test_a_version_may_name_a_parent_that_never_arrived():
    assert outcome([version("two", number=2, parents=["lost"])], [YES]) == ("two", "yes", None)


def test_rule_1_of_two_heads_only_the_approved_one_counts():
    versions = [version("one"), version("two", claim="other")]

    assert outcome(versions, [YES]) == ("one", "yes", Reason.CONFLICT_APPROVED)


def test_rule_2_of_two_approved_heads_the_provably_later_one_counts():
    versions = [version("one", nb=0, na=50, index=9), version("two", nb=50, na=100, index=1)]
    decisions = [YES, decision("yes2", revision="two")]

    assert outcome(versions, decisions)[::2] == ("two", Reason.CONFLICT_LATER)


def test_rule_3_otherwise_the_one_that_arrived_first_counts_and_is_listed():
    versions = [version("one", nb=0, na=60, index=2), version("two", nb=50, na=100, index=1)]
    decisions = [YES, decision("yes2", revision="two")]

    assert outcome(versions, decisions)[::2] == ("two", Reason.CONFLICT_FIRST_RECEIVED)


def test_rule_3_cannot_be_gained_by_moving_a_clock():
    honest = [version("one", nb=0, na=60, index=1), version("two", nb=50, na=100, index=2)]
    decisions = [YES, decision("yes2", revision="two")]
    moved = [
        replace(each, fact=replace(each.fact, claimed_ms=10**15 if each is honest[1] else 0))
        for each in honest
    ]

    assert outcome(moved, decisions) == outcome(honest, decisions)


def test_taking_an_application_back_needs_no_approval_to_count_in_a_conflict():
    back = version("back", number=2, claim=None, nb=60, na=100, index=2)

    assert outcome([version("one", na=50), back], [YES]) == ("back", None, Reason.WITHDRAWN)
    earlier = [version("one", nb=70, na=90, index=2), replace(back, log_index=3)]
    assert outcome(earlier, [YES])[::2] == ("one", Reason.CONFLICT_FIRST_RECEIVED)


@pytest.mark.parametrize("against", [{"verdict": Verdict.REVIEW}, {"teacher": "bea"}])
def test_a_withdrawal_in_doubt_or_of_another_teacher_stands_against_no_approved_version(against):
    back = version("back", number=2, claim=None, nb=60, na=100, index=2, **against)

    assert outcome([version("one", na=50), back], [YES]) == ("one", "yes", Reason.CONFLICT_APPROVED)


def test_where_nothing_is_approved_a_withdrawal_decides():
    heads = [version("one", na=50), version("back", number=2, claim=None, nb=60)]

    assert outcome(heads) == ("back", None, Reason.WITHDRAWN)


def test_three_heads_follow_the_same_rules():
    versions = [version("one", na=10), version("two", nb=10, na=20), version("three", nb=20)]
    decisions = [YES]

    assert outcome(versions, decisions)[::2] == ("three", Reason.CONFLICT_LATER)


def test_every_reason_has_a_sentence():
    assert set(REASONS) == set(Reason)
    assert {Timeliness.ON_TIME, Timeliness.SEALED} == IN_TIME


@pytest.mark.parametrize(
    ("ruling", "expected"),
    [
        (None, (None, None, Reason.DOUBTFUL)),
        (Ruling.ACCEPT, ("one", "yes", Reason.DOUBTFUL_ACCEPTED)),
        (Ruling.REJECT, (None, None, Reason.DOUBTFUL_REJECTED)),
    ],
)
def test_what_is_doubtful_counts_once_two_officers_accept_it(ruling, expected):
    doubtful = version("one", time=Timeliness.DOUBTFUL, ruling=ruling)

    assert outcome([doubtful], [YES]) == expected
    assert doubtful.undecided == (ruling is None)


def test_a_newer_version_that_officers_rejected_leaves_the_one_before_in_force():
    newer = version(
        "two", number=2, parents=["one"], time=Timeliness.DOUBTFUL, ruling=Ruling.REJECT
    )

    assert outcome([version("one"), newer], [YES]) == ("one", "yes", Reason.NEWER_REJECTED)


def test_no_ruling_makes_a_late_version_count_or_one_on_time_fall():
    late = version("one", time=Timeliness.LATE, ruling=Ruling.ACCEPT)
    fine = version("one", ruling=Ruling.REJECT)

    assert outcome([late], [YES]) == (None, None, Reason.LATE)
    assert outcome([fine], [YES]) == ("one", "yes", None)


def test_a_doubtful_review_counts_once_two_officers_accept_it():
    open_ = decision("yes", time=Timeliness.DOUBTFUL)
    accepted = decision("yes", time=Timeliness.DOUBTFUL, ruling=Ruling.ACCEPT)

    assert open_.undecided
    assert outcome([version("one")], [open_]) == ("one", None, Reason.REVIEW_LATE)
    assert outcome([version("one")], [accepted]) == ("one", "yes", None)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (ConflictRule.THREE_STEPS, Reason.CONFLICT_FIRST_RECEIVED),
        (ConflictRule.TWO_STEPS, Reason.CONFLICT_OPEN),
        (ConflictRule.LEAVE_OUT, Reason.CONFLICT_OPEN),
    ],
)
def test_each_named_rule_ends_where_it_says(rule, reason):
    heads = [version("one", na=60, index=2), version("two", nb=50, na=100, index=1)]
    decisions = [YES, decision("yes2", revision="two")]

    assert sift(APP, heads, decisions, rule).reason is reason


def test_the_second_step_decides_under_both_rules_that_have_it():
    heads = [version("one", na=50, index=1), version("two", nb=50, na=100, index=2)]
    decisions = [YES, decision("yes2", revision="two")]

    for rule in (ConflictRule.THREE_STEPS, ConflictRule.TWO_STEPS):
        assert sift(APP, heads, decisions, rule).reason is Reason.CONFLICT_LATER

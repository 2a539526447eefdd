"""What a set of entries says (PROTOCOL 2.9): order and repetition never matter."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.season.merge import (
    DecisionFact,
    Review,
    VersionFact,
    fact_of,
    fold,
    state_of,
)
from core.wire.event import Who
from tests.core.wire.messages import event

APP, OTHER_APP = b"a" * 16, b"b" * 16
CLAIM, OTHER_CLAIM = b"c" * 32, b"d" * 32
OFFICER = Who(role="officer", id=b"o" * 16)


def version(name, parents=(), claim=CLAIM, app=APP, **changes):
    """A version named by one letter."""
    return VersionFact(
        **{
            "hash": name.encode() * 32,
            "app": app,
            "version": 1,
            "parents": tuple(each.encode() * 32 for each in parents),
            "claim": claim,
            "wishes": None if claim is None else b"w" * 32,
            "device": b"v" * 16,
            "inc": 1,
            "seq": 1,
            "claimed_ms": 1,
        }
        | changes
    )


def decision(name, *, approved=True, earlier=(), claim=CLAIM, app=APP):
    return DecisionFact(
        hash=name.encode() * 32,
        app=app,
        revision=b"1" * 32,
        claim=claim,
        earlier=tuple(each.encode() * 32 for each in earlier),
        approved=approved,
        officer=b"o" * 16,
        claimed_ms=1,
    )


def heads(*facts):
    """Names of the heads of the one application."""
    (state,) = fold(facts).values()
    return "".join(each.hash[:1].decode() for each in state.heads)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([version("1")], "1"),
        ([version("1"), version("2", "1")], "2"),
        ([version("1"), version("2", "1"), version("3", "1")], "23"),
        ([version("1"), version("2", "1"), version("3", "1"), version("4", "23")], "4"),
        ([version("1"), version("2")], "12"),
        ([version("1"), version("1")], "1"),
        ([version("2", "1")], "2"),
        ([version("1"), version("2", "1", claim=None)], "2"),
        ([version("1"), version("3", "2")], "13"),  # until 2 arrives, which names 1
        ([version("1"), version("3", "2"), version("2", "1")], "3"),
    ],
)
def test_heads_are_the_versions_no_other_replaces(facts, expected):
    assert heads(*facts) == expected


def test_one_head_is_in_force_and_two_are_a_conflict():
    alone = state_of(APP, [version("1")], [])
    split = state_of(APP, [version("1"), version("2")], [])
    none = state_of(APP, [], [])

    assert alone.current == version("1")
    assert not alone.in_conflict
    assert split.current is None
    assert split.in_conflict
    assert none.current is None
    assert not none.in_conflict


def test_a_withdrawal_is_a_version_like_the_others():
    taken_back = version("2", "1", claim=None)
    state = state_of(APP, [version("1"), taken_back], [])

    assert state.current == taken_back
    assert state.current.withdrawn
    assert not version("1").withdrawn
    assert state.review_of(state.current) is Review.WAITING


@pytest.mark.parametrize(
    ("decisions", "review"),
    [
        ([], Review.WAITING),
        ([decision("x")], Review.APPROVED),
        ([decision("x"), decision("x")], Review.APPROVED),
        ([decision("x", approved=False)], Review.RETURNED),
        ([decision("x", approved=False), decision("y", earlier="x")], Review.APPROVED),
        ([decision("y", earlier="x")], Review.APPROVED),
        ([decision("x"), decision("y", approved=False)], Review.CONTRADICTORY),
        ([decision("x"), decision("y", approved=False, earlier="x")], Review.RETURNED),
        ([decision("x", claim=OTHER_CLAIM)], Review.WAITING),
    ],
)
def test_a_review_is_what_no_later_decision_replaced(decisions, review):
    state = state_of(APP, [version("1")], decisions)

    assert state.review_of(state.current) is review


def test_a_review_survives_other_wishes_but_not_another_claim():
    """DESIGN D13, PROTOCOL 2.9: a later revision that changes the claim is unapproved."""
    same = version("2", "1", wishes=b"z" * 32)
    other = version("3", "1", claim=OTHER_CLAIM)
    state = state_of(APP, [version("1"), same, other], [decision("x")])

    assert state.review_of(same) is Review.APPROVED
    assert state.review_of(other) is Review.WAITING
    assert state.decisions_on(OTHER_CLAIM) == ()


@pytest.mark.parametrize(
    ("versions", "rejected", "expected"),
    [
        ([version("1")], [version("x", "1")], "1"),
        ([version("1"), version("3", "x")], [version("x", "1")], "3"),
        ([version("1"), version("3", "y")], [version("x", "1"), version("y", "x")], "3"),
        (
            [version("1"), version("2"), version("3", "y")],
            [version("x", "1"), version("z", "2"), version("y", "xz")],
            "3",
        ),
        (
            [version("1"), version("2"), version("3", "yw")],
            [version("x", "1"), version("y", "x"), version("w")],
            "23",
        ),
        ([version("1"), version("3", "x")], [version("x", "y"), version("y", "x1")], "3"),
        ([version("1"), version("3", "1x")], [version("x", "1")], "3"),
        ([version("1"), version("3", "x")], [], "13"),
    ],
)
def test_a_version_that_builds_on_a_rejected_one_replaces_what_that_was_built_on(
    versions, rejected, expected
):
    state = state_of(APP, versions, [], without_effect=rejected)

    assert "".join(each.hash[:1].decode() for each in state.heads) == expected
    assert {each.hash for each in state.versions} == {each.hash for each in versions}


def test_applications_do_not_touch_each_other():
    states = fold([version("1"), version("2", app=OTHER_APP), decision("x", app=OTHER_APP)])

    assert list(states) == [APP, OTHER_APP]
    assert [state.app for state in states.values()] == [APP, OTHER_APP]
    assert states[APP].heads == (version("1"),)
    assert states[OTHER_APP].decisions == (decision("x", app=OTHER_APP),)


def test_a_decision_about_an_application_nobody_sent_is_kept():
    states = fold([decision("x")])

    assert states[APP].heads == ()
    assert states[APP].decisions == (decision("x"),)


NAMES = "123456"


@st.composite
def histories(draw):
    """Versions that name any earlier ones, on two machines, with decisions about them."""
    facts = []
    for number, name in enumerate(NAMES[: draw(st.integers(0, 6))]):
        parents = draw(st.sets(st.sampled_from(NAMES[:number]))) if number else ()
        claim = draw(st.sampled_from([CLAIM, OTHER_CLAIM, None]))
        facts.append(version(name, sorted(parents), claim))
    for number, name in enumerate("uvwxy"[: draw(st.integers(0, 5))]):
        earlier = draw(st.sets(st.sampled_from("uvwxy"[:number]))) if number else ()
        facts.append(
            decision(name, approved=draw(st.booleans()), earlier=sorted(earlier), claim=CLAIM)
        )
    return facts


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_and_repetition_of_arrivals_never_matter(facts, rng):
    """PROTOCOL 4.1, I6."""
    arrived = [*facts, *rng.choices(facts, k=3)] if facts else []
    rng.shuffle(arrived)

    assert fold(arrived) == fold(facts)


@given(histories())
def test_there_is_always_a_head_and_no_head_replaces_another(facts):
    for state in fold(facts).values():
        versions = {each.hash for each in state.versions}
        named = {parent for each in state.versions for parent in each.parents}

        assert {each.hash for each in state.heads} == versions - named
        assert not state.versions or state.heads
        assert state.in_conflict == (len(state.heads) > 1)


@given(histories())
def test_a_resolution_that_names_all_heads_ends_every_conflict(facts):
    """PROTOCOL 2.9: app.resolve names all heads as parents."""
    states = fold(facts)
    if APP not in states:
        return
    parents = tuple(each.hash for each in states[APP].heads)
    resolution = replace(version("9"), parents=parents)

    assert fold([*facts, resolution])[APP].current == resolution


@pytest.mark.parametrize("kind", ["app.revise", "app.resolve"])
def test_an_entry_with_a_version_is_a_version(kind):
    body = {"app": APP, "version": 2, "parents": [b"p" * 32], "claim": CLAIM, "wishes": b"w" * 32}

    fact = fact_of(event(kind=kind, body=body, ph=b"h" * 32, seq=7, inc=2), b"e" * 32)

    assert fact == VersionFact(
        hash=b"e" * 32,
        app=APP,
        version=2,
        parents=(b"p" * 32,),
        claim=CLAIM,
        wishes=b"w" * 32,
        device=b"d" * 16,
        inc=2,
        seq=7,
        claimed_ms=1_780_000_000_000,
    )


def test_an_entry_with_a_withdrawal_is_a_version_without_parts():
    body = {"app": APP, "version": 3, "parents": []}

    fact = fact_of(event(kind="app.withdraw", body=body), b"e" * 32)

    assert fact.withdrawn
    assert (fact.version, fact.wishes) == (3, None)
    assert (fact.hash, fact.app, fact.parents) == (b"e" * 32, APP, ())


@pytest.mark.parametrize(
    ("kind", "approved"), [("officer.approve", True), ("officer.return", False)]
)
def test_an_entry_with_a_decision_is_a_decision(kind, approved):
    body = {"app": APP, "revision": b"r" * 32, "claim": CLAIM, "earlier": [b"1" * 32]}

    fact = fact_of(event(kind=kind, body=body, who=OFFICER), b"e" * 32)

    assert fact == DecisionFact(
        hash=b"e" * 32,
        app=APP,
        revision=b"r" * 32,
        claim=CLAIM,
        earlier=(b"1" * 32,),
        approved=approved,
        officer=b"o" * 16,
        claimed_ms=1_780_000_000_000,
    )


def test_other_entries_say_nothing_about_applications():
    assert fact_of(event(), b"e" * 32) is None


def test_what_has_no_effect_is_no_version_but_still_leads_to_what_is_behind_it():
    first, rejected, third = version("1"), version("2", "1"), version("3", "2")

    state = state_of(first.app, [first, third], [], without_effect=[rejected])
    alone = state_of(first.app, [first], [], without_effect=[rejected])

    assert state.heads == (third,)
    assert rejected not in state.versions
    assert alone.heads == (first,)

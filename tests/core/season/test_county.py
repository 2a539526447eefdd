"""The county's review: which one is the last, when it holds, and the number it gives."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.season.county import (
    CountyFact,
    CountyVerdict,
    Hold,
    county_fact,
    hold_of,
    last_review,
    next_number,
)
from tests.core.wire.samples import CENTRE_LOG

CLAIM, OTHER = b"c" * 32, b"o" * 32
FIRST, SECOND = b"1" * 32, b"2" * 32


def fact(name, earlier=(), t_ms=1, **changed):
    return CountyFact(
        hash=name * 32,
        app=b"a" * 16,
        claim=changed.get("claim", CLAIM),
        decisions=changed.get("decisions", (FIRST,)),
        earlier=tuple(each * 32 for each in earlier),
        verdict=changed.get("verdict", CountyVerdict.PASSED),
        number="13000001",
        t_ms=t_ms,
    )


def test_only_a_review_of_the_centre_says_anything():
    said = [county_fact(link.event, link.hash) for link in CENTRE_LOG.links]

    *none, found = said
    assert none == [None] * len(none)
    assert (found.verdict, found.number) == (CountyVerdict.PASSED, "13000001")
    last = CENTRE_LOG.links[-1]
    assert found.hash == last.hash
    assert found.t_ms == last.event.t
    told = {name: getattr(found, name) for name in ("app", "claim", "decisions", "earlier")}
    assert told == {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in ((name, last.event.body[name]) for name in told)
    }


def test_a_verdict_of_a_later_protocol_says_nothing_here():
    link = CENTRE_LOG.links[-1]
    later = msgspec.structs.replace(link.event, body=link.event.body | {"verdict": "perhaps"})

    assert county_fact(later, link.hash) is None


@given(st.permutations([fact(b"x"), fact(b"y", b"x", 2), fact(b"z", b"y", 3), fact(b"x")]))
def test_the_last_review_is_the_one_no_other_replaces_in_any_order(facts):
    assert last_review(facts).hash == b"z" * 32


def test_before_there_is_a_review_there_is_none_and_of_two_the_later_counts():
    assert last_review([]) is None
    assert last_review([fact(b"x", t_ms=2), fact(b"y", t_ms=1)]).hash == b"x" * 32


@pytest.mark.parametrize(
    ("claim", "decisions", "expected"),
    [
        (CLAIM, [FIRST], Hold.HOLDS),
        (OTHER, [FIRST], Hold.OTHER_CLAIM),
        (None, [], Hold.OTHER_CLAIM),
        (CLAIM, [SECOND], Hold.OTHER_DECISION),
        (CLAIM, [FIRST, SECOND], Hold.OTHER_DECISION),
        (CLAIM, [], Hold.OTHER_DECISION),
    ],
)
def test_a_review_holds_for_the_claim_and_the_decisions_it_was_made_on(claim, decisions, expected):
    assert hold_of(fact(b"x"), claim, decisions) is expected


@given(st.lists(st.integers(1, 40), min_size=1, max_size=40))
def test_numbers_are_never_given_twice(lost):
    given_out = []

    for skip in lost:
        given_out.append(next_number("13", given_out, skip=skip - 1))

    assert len(set(given_out)) == len(given_out)
    assert given_out == sorted(given_out)
    assert {len(each) for each in given_out} == {8}


def test_the_first_number_of_a_county_is_its_code_and_one():
    assert next_number("07", []) == "07000001"
    assert next_number("07", ["07000009"], skip=1000) == "07001010"

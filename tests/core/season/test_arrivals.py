"""The fold under every arrival: partial, repeated, out of order, from many machines (I6, I8)."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.season.merge import DecisionFact, Review, VersionFact, fact_of, fold, state_of
from tests.core.wire.samples import APP, DEVICE_LOG, INBOX_LOG

APPS = (b"a" * 16, b"b" * 16)
CLAIMS = (b"1" * 32, b"2" * 32, b"3" * 32)
NEW = b"\xfe" * 32


def named(number, letter):
    """A hash; hashes do not stand in the order in which the facts were made."""
    return bytes((number * 37 % 251,)) + letter * 31


@st.composite
def histories(draw, size=8):
    """Versions and decisions in the order they were made; they name versions made before."""
    facts = []
    for number in range(draw(st.integers(0, size))):
        app = draw(st.sampled_from(APPS))
        known = [each.hash for each in facts if isinstance(each, VersionFact) and each.app == app]
        decided = [each.hash for each in facts if isinstance(each, DecisionFact)]
        if known and draw(st.integers(0, 2)) == 0:
            facts.append(
                DecisionFact(
                    hash=named(number, b"d"),
                    app=app,
                    revision=draw(st.sampled_from(known)),
                    claim=draw(st.sampled_from(CLAIMS)),
                    earlier=tuple(draw(st.sets(st.sampled_from(decided)))) if decided else (),
                    approved=draw(st.booleans()),
                    officer=b"o" * 16,
                    claimed_ms=draw(st.integers(0, 9)),
                )
            )
            continue
        claim = draw(st.sampled_from((*CLAIMS, None)))
        facts.append(
            VersionFact(
                hash=named(number, b"v"),
                app=app,
                version=draw(st.integers(1, 9)),
                parents=tuple(draw(st.sets(st.sampled_from(known)))) if known else (),
                claim=claim,
                wishes=None if claim is None else draw(st.sampled_from(CLAIMS)),
                device=bytes((draw(st.integers(0, 2)),)) * 16,
                inc=1,
                seq=number + 1,
                claimed_ms=draw(st.integers(0, 9)),
            )
        )
    return facts


def ancestors(state, version):
    """Hashes of all that ``version`` descends from, by walking."""
    by_hash = {each.hash: each for each in state.versions}
    found, ahead = set(), list(version.parents)
    while ahead:
        each = ahead.pop()
        if each not in found:
            found.add(each)
            ahead += by_hash[each].parents if each in by_hash else ()
    return found


def hashes(facts):
    return {each.hash for each in facts}


@given(histories(), st.data())
def test_any_order_and_any_repetition_folds_to_the_same(facts, data):
    again = data.draw(st.lists(st.sampled_from(facts), max_size=5)) if facts else []
    shuffled = data.draw(st.permutations(facts + again))

    assert fold(shuffled) == fold(facts)
    assert list(fold(shuffled)) == sorted(fold(facts))


@given(histories())
def test_no_head_is_an_ancestor_and_every_other_version_is(facts):
    for state in fold(facts).values():
        older = set().union(*(ancestors(state, each) for each in state.versions))

        assert not hashes(state.heads) & older
        assert hashes(state.versions) == older | hashes(state.heads)


@given(histories())
def test_where_there_are_versions_there_is_a_head_and_all_lead_to_one(facts):
    for state in fold(facts).values():
        reached = set().union(*({each.hash} | ancestors(state, each) for each in state.heads))

        assert bool(state.heads) == bool(state.versions)
        assert reached == hashes(state.versions)
        assert (state.current is None) == (len(state.heads) != 1)
        assert state.in_conflict == (len(state.heads) > 1)


@given(histories(), st.data())
def test_a_replaced_version_never_stands_again_whatever_arrives_later(facts, data):
    kept = data.draw(st.sets(st.sampled_from(range(len(facts))))) if facts else set()

    before, after = fold(facts[each] for each in kept), fold(facts)

    for app, state in before.items():
        replaced = hashes(state.versions) - hashes(state.heads)
        assert not replaced & hashes(after[app].heads)


@given(histories())
def test_everything_made_is_kept_and_sorted(facts):
    states = fold(facts).values()

    kept = [each for state in states for each in (*state.versions, *state.decisions)]
    assert sorted(each.hash for each in kept) == sorted(each.hash for each in facts)
    for state in states:
        for group in (state.versions, state.heads, state.decisions):
            assert [each.hash for each in group] == sorted(hashes(group))


@given(histories())
def test_applications_never_touch_each_other(facts):
    together = fold(facts)

    for app, state in together.items():
        assert fold(each for each in facts if each.app == app) == {app: state}


@settings(max_examples=300)
@given(histories(size=12))
def test_no_decision_ever_applies_to_another_claim_or_another_application(facts):
    """PROTOCOL 4.1, I8."""
    for app, state in fold(facts).items():
        for version in state.versions:
            about = [
                each
                for each in facts
                if isinstance(each, DecisionFact) and (each.app, each.claim) == (app, version.claim)
            ]
            replaced = {older for each in about for older in each.earlier}
            standing = {each.approved for each in about if each.hash not in replaced}

            review = state.review_of(version)

            assert (review is Review.WAITING) == (standing == set())
            assert (review is Review.APPROVED) == (standing == {True})
            assert (review is Review.RETURNED) == (standing == {False})
            assert (review is Review.CONTRADICTORY) == (standing == {True, False})


@given(histories(size=12), st.binary(min_size=31, max_size=31))
def test_a_version_with_a_claim_nobody_has_seen_waits(facts, claim):
    for state in fold(facts).values():
        for version in state.versions:
            changed = replace(version, claim=b"\xff" + claim, hash=NEW)
            after = state_of(state.app, (*state.versions, changed), state.decisions)

            assert after.review_of(changed) is Review.WAITING


@given(histories(size=12))
def test_other_wishes_alone_keep_whatever_was_decided(facts):
    for state in fold(facts).values():
        for version in state.versions:
            changed = replace(version, wishes=b"\xff" * 32, hash=NEW)

            assert state.review_of(changed) is state.review_of(version)


@given(histories(size=12))
def test_a_withdrawal_is_never_decided_about(facts):
    for state in fold(facts).values():
        for version in state.versions:
            assert not version.withdrawn or state.review_of(version) is Review.WAITING


def test_a_whole_log_says_what_its_entries_say():
    links = (*DEVICE_LOG.links, *INBOX_LOG.links)

    facts = {
        link.event.kind: fact
        for link in links
        if (fact := fact_of(link.event, link.hash)) is not None
    }
    state = fold(facts.values())[APP]

    assert set(facts) == {
        "app.revise",
        "app.resolve",
        "app.withdraw",
        "officer.approve",
        "officer.return",
    }
    assert state.current == facts["app.resolve"]
    assert len(state.versions) == 3
    # The claim is that of the first version, whose return the approval replaced.
    assert state.review_of(state.current) is Review.APPROVED
    assert state.review_of(facts["app.withdraw"]) is Review.WAITING
    assert facts["officer.approve"].earlier == (facts["officer.return"].hash,)

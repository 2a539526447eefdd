"""A thousand ways to spoil a right placement; the long form is the soak part ``corruptions``."""

from tests.matcher.corruptions import KINDS, TRADE_KINDS
from tests.matcher.spoiling import (
    Tally,
    by_check,
    by_form_alone,
    by_verifier,
    judge_result,
    judge_seed,
    traded_result,
)

SEEDS = range(110)


def test_spoilt_placements_are_refused_with_the_right_reason_and_right_ones_accepted():
    tally, judges = Tally(), {"check": by_check, "verifier": by_verifier()}

    for seed in SEEDS:
        judge_seed(seed, judges, tally)

    assert tally.broken == []
    assert tally.kinds.total() - tally.kinds["right"] >= 1000
    assert tally.kinds.keys() == {"right", *KINDS}


def test_spoilt_what_if_placements_are_refused_and_the_verifier_proves_none_of_them():
    tally, judges = Tally(), {"check": by_check, "verifier": by_verifier()}

    for seed in range(40):
        judge_result(traded_result(seed), seed, judges, tally)

    assert tally.broken == []
    assert tally.kinds.keys() == {"right", *TRADE_KINDS}


def test_a_checker_of_the_form_alone_would_have_been_seen():
    tally = Tally()

    for seed in range(20):
        judge_seed(seed, {"form": by_form_alone}, tally)

    assert any("envy_made" in each or "dropped_ring" in each for each in tally.broken)

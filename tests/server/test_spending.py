"""Whoever takes too much of the processors waits, and nobody else does."""

import pytest

from server.config import Limits
from server.spending import BESIDES_MS, SENDERS_AT_MOST, Budget, Spending

BUDGET = Budget(burst_s=2.0, s_a_minute=6.0)  # a tenth of a processor
ONE, OTHER = b"one", b"other"
NOON_MS = 1_000_000


@pytest.fixture
def spending():
    return Spending(BUDGET)


def spend(spending, sender, spent_ms, now_ms=NOON_MS):
    return spending.book(sender, spent_ms - BESIDES_MS, now_ms)


def test_a_sender_nobody_has_heard_of_is_welcome(spending):
    assert spending.wait_ms(ONE, NOON_MS) == 0


def test_a_burst_is_free_and_whoever_takes_more_waits_until_it_is_paid(spending):
    spend(spending, ONE, 1_999)
    before = spending.wait_ms(ONE, NOON_MS)
    spend(spending, ONE, 301)

    assert before == 0
    assert spending.wait_ms(ONE, NOON_MS) == 3_001
    assert spending.wait_ms(ONE, NOON_MS + 3_000) == 1
    assert spending.wait_ms(ONE, NOON_MS + 3_001) == 0


def test_nobody_waits_for_what_another_took(spending):
    spend(spending, ONE, 60_000)

    assert spending.wait_ms(ONE, NOON_MS) > 0
    assert spending.wait_ms(OTHER, NOON_MS) == 0


def test_an_upload_that_took_nothing_to_verify_costs_what_every_upload_does(spending):
    free = 0
    while not spending.wait_ms(ONE, NOON_MS):
        spending.book(ONE, 0.0, NOON_MS)
        free += 1

    assert free == BUDGET.burst_s * 1000 / BESIDES_MS


def test_nothing_is_saved_beyond_a_burst(spending):
    spend(spending, ONE, 100)
    spend(spending, ONE, 2_100, NOON_MS + 86_400_000)

    assert spending.wait_ms(ONE, NOON_MS + 86_400_000) == 1_001


def test_only_the_upload_that_goes_beyond_is_worth_a_word(spending):
    said = [spend(spending, ONE, 900) for _ in range(5)]

    assert said == [False, False, True, False, False]


def test_a_clock_put_back_gives_nothing_and_keeps_nobody_waiting_for_longer(spending):
    spend(spending, ONE, 2_600)
    hour_ms = 3_600_000

    assert spending.wait_ms(ONE, NOON_MS - hour_ms) == 6_001
    assert spending.wait_ms(ONE, NOON_MS - hour_ms + 6_001) == 0


def test_of_very_many_senders_those_not_heard_of_for_longest_are_forgotten(spending):
    for number in range(SENDERS_AT_MOST + 1):
        spend(spending, number.to_bytes(4, "big"), 9_000)

    assert spending.wait_ms((0).to_bytes(4, "big"), NOON_MS) == 0
    assert spending.wait_ms((1).to_bytes(4, "big"), NOON_MS) > 0


def test_all_a_machine_may_store_in_a_season_is_far_within_a_burst():
    """An entry takes 0.2 ms (ADR 0038), 4 MiB of them in 200 large ones 65 ms."""
    limits = Limits()
    entry_ms, mebibyte_ms = 1.0, 65 / 4  # five times what is measured; as measured

    day_ms = limits.day_events * entry_ms + limits.day_bytes / 2**20 * mebibyte_ms
    season_ms = limits.season_bytes / 2**20 * mebibyte_ms

    assert 10 * day_ms < limits.verifying_burst_s * 1000
    assert 10 * season_ms < limits.verifying_burst_s * 1000

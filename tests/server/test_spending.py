"""Whoever takes too much of the processors waits, and nobody else does."""

import pytest

from server.buckets import HOLDERS_AT_MOST
from server.config import Limits
from server.spending import Budget, Spending

BUDGET = Budget(burst_s=2.0, s_a_minute=6.0)  # a tenth of a processor
ONE, OTHER = b"one", b"other"
NOON_MS = 1_000_000


@pytest.fixture
def spending():
    return Spending(BUDGET)


def test_a_sender_nobody_has_heard_of_is_welcome(spending):
    assert spending.wait_ms(ONE, NOON_MS) == 0


def test_a_burst_is_free_and_whoever_takes_more_waits_until_it_is_paid(spending):
    spending.book(ONE, 1_999, NOON_MS)
    before = spending.wait_ms(ONE, NOON_MS)
    spending.book(ONE, 301, NOON_MS)

    assert before == 0
    assert spending.wait_ms(ONE, NOON_MS) == 3_001
    assert spending.wait_ms(ONE, NOON_MS + 3_000) == 1
    assert spending.wait_ms(ONE, NOON_MS + 3_001) == 0


def test_nobody_waits_for_what_another_took(spending):
    spending.book(ONE, 60_000, NOON_MS)

    assert spending.wait_ms(ONE, NOON_MS) > 0
    assert spending.wait_ms(OTHER, NOON_MS) == 0


def test_nothing_is_saved_beyond_a_burst(spending):
    spending.book(ONE, 100, NOON_MS)
    spending.book(ONE, 2_100, NOON_MS + 86_400_000)

    assert spending.wait_ms(ONE, NOON_MS + 86_400_000) == 1_001


def test_only_the_upload_that_goes_beyond_is_worth_a_word(spending):
    said = [spending.book(ONE, 900, NOON_MS) for _ in range(5)]

    assert said == [False, False, True, False, False]


def test_a_clock_put_back_gives_nothing_and_keeps_nobody_waiting_for_longer(spending):
    spending.book(ONE, 2_600, NOON_MS)
    hour_ms = 3_600_000

    assert spending.wait_ms(ONE, NOON_MS - hour_ms) == 6_001
    assert spending.wait_ms(ONE, NOON_MS - hour_ms + 6_001) == 0


def test_of_very_many_senders_those_not_heard_of_for_longest_are_forgotten(spending):
    for number in range(HOLDERS_AT_MOST + 1):
        spending.book(number.to_bytes(4, "big"), 9_000, NOON_MS)

    assert spending.wait_ms((0).to_bytes(4, "big"), NOON_MS) == 0
    assert spending.wait_ms((1).to_bytes(4, "big"), NOON_MS) > 0


def test_all_a_machine_may_store_in_a_season_is_far_within_a_burst():
    """An entry takes 0.2 ms (ADR 0038), 4 MiB of them in 200 large ones 65 ms."""
    limits = Limits()
    entry_ms, mebibyte_ms = 1.0, 65 / 4  # five times what is measured; as measured

    day_ms = limits.day_events * entry_ms + limits.day_bytes / 2**20 * mebibyte_ms
    season_ms = limits.season_bytes / 2**20 * mebibyte_ms

    assert 10 * day_ms < limits.processor_burst_s * 1000
    assert 10 * season_ms < limits.processor_burst_s * 1000

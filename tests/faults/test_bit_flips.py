"""A turned bit is noticed: at rest by the store, on its way by signatures (PROTOCOL 4.2, I9)."""

import random

from tests.faults.flips import ANSWERS, flip_answers, flip_at_rest, flip_log, flip_uploads


def test_every_turned_bit_of_a_store_at_rest_is_noticed(seed):
    case = flip_at_rest(random.Random(seed), flips=150)  # noqa: S311 - replayable

    assert case.violations == ()
    assert case.counts["checking"] + case.counts["opening"] + case.counts["first page"] == 150


def test_no_entry_goes_missing_unnoticed_by_a_turned_bit_of_the_write_ahead_log(seed):
    """ADR 0012: the engine takes the rest of the file for a commit that was cut short."""
    case = flip_log(random.Random(seed), flips=60)  # noqa: S311 - replayable

    assert case.violations == ()
    assert case.counts["set back"] > 0


def test_no_turned_bit_of_an_answer_reaches_the_store(seed):
    case = flip_answers(random.Random(seed), flips=300)  # noqa: S311 - replayable

    assert case.violations == ()
    assert all(case.counts[route] for route in ANSWERS)


def test_no_turned_bit_of_an_upload_is_kept_as_if_it_had_been_signed(seed):
    case = flip_uploads(random.Random(seed), flips=600)  # noqa: S311 - replayable

    assert case.violations == ()
    assert case.counts["flips"] == 600
    # The packing's own checksum keeps most away; what it lets through the signatures do.
    assert case.counts["403"] > 0

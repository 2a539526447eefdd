"""Programs given to the solver, and what is made of the prices that it gives back."""

from random import Random

import pytest

from matcher.whatif.exact import SCALE, sound_prices
from matcher.whatif.highs import Program, choose, relax

# Any two of the three go together in parts, but not whole.
TRIANGLE = Program(
    worth=[2, 2, 3],
    entries=[[(0, 1), (1, 1)], [(1, 1), (2, 1)], [(2, 1), (0, 1)]],
    room=[1, 1, 1],
)
# The second column takes what the first gives.
GIVEN = Program(worth=[1, 5, 5], entries=[[(0, 1), (1, -1)], [(1, 1)], [(1, 1)]], room=[1, 0])


def test_columns_may_be_taken_in_parts_and_rows_have_the_price_of_one_unit_more():
    relaxed = relax(TRIANGLE)

    assert relaxed.shares == pytest.approx([0.5, 0.5, 0.5])
    assert relaxed.prices == pytest.approx([1.5, 0.5, 1.5])


def test_a_row_with_room_left_costs_nothing_and_only_rows_say_how_much_of_a_column_there_is():
    relaxed = relax(Program(worth=[4], entries=[[(0, 1), (1, 1)]], room=[3, 7]))

    assert relaxed.shares == pytest.approx([3])
    assert relaxed.prices == pytest.approx([4, 0])


def test_a_column_may_give_what_another_takes():
    relaxed = relax(GIVEN)

    assert sum(relaxed.shares) == pytest.approx(2)
    assert relaxed.prices == pytest.approx([6, 5])
    assert len(choose(GIVEN).columns) == 2


def test_whole_columns_are_taken_once_at_most():
    alone = Program(worth=[4], entries=[[(0, 1)]], room=[3])

    assert (choose(alone).columns, choose(alone).is_best) == ([0], True)
    assert (choose(TRIANGLE).columns, choose(TRIANGLE).is_best) == ([2], True)
    assert choose(TRIANGLE, start=[0]).columns == [2]


def test_the_best_of_many_is_told_from_one_that_is_worth_one_less():
    worth = [1_000_000, 1_000_001, 999_999]
    program = Program(worth=worth, entries=[[(0, 1)]] * 3, room=[1])

    assert choose(program, start=[0]).columns == [1]


def test_what_nobody_can_meet_is_not_called_the_best():
    impossible = Program(worth=[1], entries=[[(0, 1)]], room=[-1])

    found = choose(impossible)

    assert (found.columns, found.is_best) == ([], False)


def test_the_solver_says_nothing_of_its_own(capfd):
    large = Program(worth=[1] * 2_000, entries=[[(0, 1)]] * 2_000, room=[1])

    for program in (TRIANGLE, large, Program(worth=[1], entries=[[(0, 1)]], room=[-1])):
        relax(program)
        choose(program)

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("number", range(20))
def test_whatever_the_hints_no_column_is_worth_more_than_it_costs(number):
    rng = Random(f"hints/{number}")  # noqa: S311  # a program is no secret
    people, seats = 5, 3
    program = Program(
        worth=[rng.randint(0, 4) for _ in range(12)],
        entries=[
            [(rng.randrange(people), 1), (people + rng.randrange(seats), rng.choice((1, 1, -1)))]
            for _ in range(12)
        ],
        room=[1] * (people + seats),
    )
    hints = [rng.choice((0.0, 0.4999996, 0.999999, 1.5, 2.0000004)) for _ in program.room]

    prices, surplus = sound_prices(program, hints)

    rest = [
        sum(prices[row] * amount for row, amount in entries) - worth * SCALE
        for entries, worth in zip(program.entries, program.worth, strict=True)
    ]
    nearest = [round(hint * SCALE) for hint in hints]
    assert surplus == rest
    assert min(rest) >= 0
    assert prices[people:] == nearest[people:]
    for person in range(people):
        hers = [rest[n] for n, entries in enumerate(program.entries) if entries[0][0] == person]
        # No higher than needed: some column of hers gives nothing away.
        assert prices[person] == nearest[person] or 0 in hers
        assert prices[person] >= nearest[person]

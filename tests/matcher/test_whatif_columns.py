"""What a program may choose from: every line of bounded length once, and nothing else."""

from collections import Counter
from random import Random

import pytest

from matcher.whatif.columns import RING, capacity, columns_of, uses
from matcher.whatif.lines import draw, lines_of
from matcher.whatif.setting import Setting
from tests.matcher import whatif_cases
from tests.matcher.whatif_brute_force import Definitions

MARKETS = 40


def drawn(number):
    """A market, everything by its definition, and the most moves in a line."""
    rng = Random(f"columns/{number}")  # noqa: S311  # a market is no secret
    document, here = whatif_cases.market(rng, most_teachers=7)
    return Setting(here), Definitions(document), rng.randint(2, 5)


def moves_of(setting, column):
    """Who moves where, as the definitions name them."""
    market = setting.market
    return tuple(
        (market.teachers[teacher].id, place(setting, market.options[teacher][option]))
        for teacher, option in column.steps
    )


def place(setting, position):
    found = setting.market.positions[position]
    return found.school, found.subject


@pytest.mark.parametrize("number", range(MARKETS))
def test_every_ring_that_passes_no_position_twice_is_a_column_once(number):
    setting, definitions, longest = drawn(number)
    wanted = Counter(
        frozenset((name, option[0]) for name, option in moves)
        for kind, _, moves in definitions.lines(longest)
        if kind == "ring" and len({option[0] for _, option in moves}) == len(moves)
    )

    found = [column for column in columns_of(setting, longest) if column.depth == RING]

    assert Counter(frozenset(moves_of(setting, column)) for column in found) == wanted
    for column in found:
        moves = moves_of(setting, column)
        assert column.steps[0][0] == min(teacher for teacher, _ in column.steps)
        for (_, to), (name, _) in zip(moves, (*moves[1:], moves[0]), strict=True):
            assert definitions.home(name) == to  # each takes the seat of the next


@pytest.mark.parametrize("number", range(MARKETS))
def test_every_move_that_a_chain_can_make_at_a_depth_is_a_column_once(number):
    setting, definitions, longest = drawn(number)
    offered = {position for position, count in definitions.seats.items() if count}
    wanted = Counter()
    for depth in range(1, longest + 1):
        moves = [
            (name, option[0])
            for name, options in definitions.options.items()
            for option in options
            if option[0] in offered
        ]
        wanted.update((depth, *move) for move in moves)
        shut = definitions.shut
        # Nobody moves twice in a chain; the program sees to that, not the list.
        offered = {
            definitions.home(name)
            for name, to in moves
            if definitions.home(name) not in shut and (depth > 1 or to not in shut)
        }

    found = [column for column in columns_of(setting, longest) if column.depth != RING]

    told = [(column.depth, *move) for column in found for move in moves_of(setting, column)]
    assert Counter(told) == wanted


def test_columns_become_lines_and_draw_whole_numbers():
    setting, _, _ = drawn(25)
    rings = [column for column in columns_of(setting, 2) if column.depth == RING]
    chains = [column for column in columns_of(setting, 2) if column.depth == 1]
    drawn_of = draw(setting)

    assert rings
    assert chains
    for column in (*rings, *chains):
        (line,) = lines_of(setting, [column])
        assert line.is_ring is (column.depth == RING)
        assert sorted(line.steps) == sorted(column.steps)
        assert type(drawn_of(column)) is int
        assert 0 <= drawn_of(column) < 4096
    assert len({drawn_of(column) for column in (*rings, *chains)}) > 1


@pytest.mark.parametrize("number", range(MARKETS))
def test_a_column_uses_up_its_people_and_a_seat_and_leaves_one_where_a_chain_may_go_on(number):
    setting, definitions, longest = drawn(number)
    seats = {place(setting, n): count for n, count in setting.seats.items()}

    for column in columns_of(setting, longest):
        used, given = [], []
        for row, amount in uses(setting, column, longest):
            (used if amount == 1 else given).append(row)
            assert amount in {1, -1}
        people = [("teacher", teacher, 0) for teacher, _ in column.steps]
        if column.depth == RING:
            assert (used, given) == (people, [])
            continue
        ((teacher, option),) = column.steps
        taken = setting.market.options[teacher][option]
        home = setting.market.home[teacher]
        shut = definitions.shut & (
            {place(setting, home), place(setting, taken)}
            if column.depth == 1
            else {place(setting, home)}
        )
        seat = ("vacancy", taken, 0) if column.depth == 1 else ("left", taken, column.depth - 1)
        goes_on = column.depth < longest and not shut
        assert used == [*people, seat]
        assert given == ([("left", home, column.depth)] if goes_on else [])
        assert [capacity(setting, row) for row in used] == [
            1,
            seats[place(setting, taken)] if column.depth == 1 else 0,
        ]

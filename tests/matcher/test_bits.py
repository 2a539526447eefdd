"""Sets of numbers as integers, against sets."""

from random import Random

from matcher.deciding.bits import as_set, listed, members, turned


def test_members_and_list_of_a_set_are_its_numbers_in_order():
    for seed in range(200):
        rng = Random(seed)  # noqa: S311  # a set is no secret
        numbers = sorted(rng.sample(range(300), rng.choice((0, 1, 2, 24, 25, 200))))
        group = sum(1 << number for number in numbers)

        assert list(members(group)) == numbers
        assert list(listed(group)) == numbers


def test_a_set_is_the_sum_of_its_numbers_however_many_they_are():
    for amount in (0, 1, 2, 63, 64, 65, 300):
        rng = Random(amount)  # noqa: S311
        numbers = rng.sample(range(300), amount)

        group = as_set(numbers, [1 << number for number in range(300)])

        assert group == sum(1 << number for number in numbers)
    assert as_set([], []) == 0


def test_the_columns_of_a_square_say_of_each_row_what_the_rows_say_of_each_column():
    for width in (0, 1, 2, 511, 512, 513, 1030):
        rng = Random(width)  # noqa: S311
        rows = [rng.getrandbits(width) & rng.getrandbits(width) if width else 0] * width
        rows[1::3] = [rng.getrandbits(width) for _ in rows[1::3]]

        columns = turned(rows, width)

        assert len(columns) == width
        for column in rng.sample(range(width), min(width, 40)):
            expected = sum(1 << number for number, row in enumerate(rows) if row >> column & 1)
            assert columns[column] == expected

"""Lists in which one machine does not bury the others."""

from server.season.turns import OF_A_MACHINE, in_turns, piles

LOUD, QUIET = b"loud", b"quiet"


def test_the_first_of_each_machine_stand_before_the_next_of_any():
    flood = [(LOUD, n) for n in range(3 * OF_A_MACHINE)]
    late = [(QUIET, n) for n in range(OF_A_MACHINE + 1)]

    listed = in_turns(flood + late, lambda item: item[0])

    assert listed[:OF_A_MACHINE] == flood[:OF_A_MACHINE]
    assert listed[OF_A_MACHINE : 2 * OF_A_MACHINE] == late[:OF_A_MACHINE]
    assert listed.index(late[-1]) == 3 * OF_A_MACHINE
    assert sorted(listed) == sorted(flood + late)


def test_a_list_in_which_nobody_has_many_stays_as_it_is():
    items = [(n % 3, n) for n in range(3 * OF_A_MACHINE)]

    assert in_turns(items, lambda item: item[0]) == items
    assert in_turns([], lambda item: item) == []


def test_machines_that_stand_there_too_often_are_named_the_largest_first():
    listed = [(QUIET, "KH-1")] * OF_A_MACHINE
    listed += [(LOUD, "KH-2")] * (OF_A_MACHINE + 2) + [(b"third", "KH-3")] * (OF_A_MACHINE + 1)

    found = [(each.dev, each.name, each.count) for each in piles(listed)]

    assert found == [(LOUD, "KH-2", OF_A_MACHINE + 2), (b"third", "KH-3", OF_A_MACHINE + 1)]

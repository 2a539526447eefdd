"""Many rows change in one statement, each by its own key, on either database."""

import pytest
from sqlalchemy import select

from server.store import dialect
from server.store.tables import enrolment

COUNT = 70
BIG = 2**53


def name(number):
    return number.to_bytes(16, "big")


@pytest.fixture
def asked(store):
    """A store with requests for certificates."""
    with store.writing() as connection:
        rows = [
            {
                "id": name(number),
                "subject": "device",
                "form": b"form %d" % number,
                "state": "pending",
                "grant": b"old",
                "asked_ms": 1,
                "decided_ms": None,
            }
            for number in range(COUNT)
        ]
        dialect.insert_many(connection, enrolment, rows)
    return store


def stored(store):
    with store.reading() as connection:
        return {
            int.from_bytes(row.id, "big"): (row.state, row.grant, row.asked_ms, row.decided_ms)
            for row in connection.execute(select(enrolment))
        }


def test_each_row_gets_its_own_values_and_the_others_stay(asked):
    changed = [
        {
            "decided_ms": BIG + number if number % 2 else None,
            "id": name(number),
            "state": f"狀態 {number}",
            "grant": bytes([number]) * number or None,
        }
        for number in range(1, COUNT)
    ]

    with asked.writing() as connection:
        dialect.update_many(connection, enrolment, changed)

    assert stored(asked) == {0: ("pending", b"old", 1, None)} | {
        number: (
            f"狀態 {number}",
            bytes([number]) * number,
            1,
            BIG + number if number % 2 else None,
        )
        for number in range(1, COUNT)
    }


def test_no_rows_change_nothing(asked):
    before = stored(asked)

    with asked.writing() as connection:
        dialect.update_many(connection, enrolment, [])

    assert stored(asked) == before


@pytest.mark.parametrize("wanted", [[], [3], [5, 3, 999], list(range(COUNT))])
def test_rows_are_found_by_a_list_of_any_length(asked, wanted):
    with asked.reading() as connection:
        condition = dialect.is_one_of(enrolment.c.id, "names", connection.dialect.name)
        found = connection.execute(
            select(enrolment.c.id).where(condition), {"names": [name(each) for each in wanted]}
        ).scalars()

        assert sorted(found) == [name(each) for each in sorted(wanted) if each < COUNT]

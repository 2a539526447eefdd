"""Each clause, keyed by article."""

from datetime import date

import pytest

from core.rules.eligibility import Bond, Hardship, ServiceRecord, refusals

ILL, WED = frozenset({Hardship.SERIOUS_ILLNESS}), frozenset({Hardship.MARRIAGE})
DAY = date(2026, 4, 20)


@pytest.mark.parametrize(
    ("article", "record", "codes"),
    [
        ("5-1", ServiceRecord(semesters_served=6), []),
        ("5-1", ServiceRecord(semesters_served=5), ["service_too_short"]),
        ("5-2", ServiceRecord(semesters_served=4, leave_semesters=2), []),
        ("5-2", ServiceRecord(semesters_served=3, leave_semesters=6), ["service_too_short"]),
        ("5-3", ServiceRecord(semesters_served=2, merged_semesters=4), []),
        ("5-4-1", ServiceRecord(semesters_served=0, hardships=ILL), []),
        ("5-4-2", ServiceRecord(semesters_served=4, hardships=WED), []),
        ("5-4-2", ServiceRecord(semesters_served=3, hardships=WED), ["service_too_short"]),
        ("6", ServiceRecord(semesters_served=9, under_procedure=True), ["under_procedure"]),
        (
            "6",
            ServiceRecord(semesters_served=9, bond=Bond.PUBLIC_FUNDED, bond_years_served=5),
            ["bound"],
        ),
        (
            "11",
            ServiceRecord(semesters_served=9, barred_since=date(2016, 4, 21), today=DAY),
            ["barred"],
        ),
        ("11", ServiceRecord(semesters_served=9, barred_since=date(2016, 4, 20), today=DAY), []),
        (
            "11",
            ServiceRecord(
                semesters_served=9, barred_since=date(2016, 2, 29), today=date(2026, 2, 28)
            ),
            ["barred"],
        ),
        (
            "離島 12-1",
            ServiceRecord(semesters_served=9, bond=Bond.OUTLYING_ISLAND, bond_years_served=5),
            ["bound"],
        ),
        (
            "偏遠 5",
            ServiceRecord(
                semesters_served=9,
                bond=Bond.REMOTE_SELECTION,
                bond_years_served=4,
                bond_leave_years=3,
            ),
            [],
        ),
        (
            "偏遠 5",
            ServiceRecord(
                semesters_served=9,
                bond=Bond.REMOTE_SELECTION,
                bond_years_served=0,
                leaves_the_bound_place=False,
            ),
            [],
        ),
        (
            "偏遠 5",
            ServiceRecord(semesters_served=9, bond=Bond.REMOTE_SELECTION, bond_years_served=5),
            ["bound"],
        ),
        ("留停", ServiceRecord(semesters_served=9, on_leave_without_return=True), ["on_leave"]),
    ],
)
def test_each_clause_decides_as_written(article, record, codes):
    assert [refusal.code for refusal in refusals(record)] == codes, article


def test_every_unmet_clause_is_named_with_its_law():
    record = ServiceRecord(semesters_served=0, under_procedure=True, on_leave_without_return=True)

    found = refusals(record)

    assert [each.code for each in found] == ["service_too_short", "under_procedure", "on_leave"]
    assert all(each.cite is not None and each.cite.article for each in found)

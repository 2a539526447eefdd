"""Many lists as one: who is believed, what is new, changed, gone, and what history stays."""

from dataclasses import replace
from datetime import date

import pytest

from core.domain.school import DatedMark, Mark, Stage
from server.imports.fault import Severity
from server.imports.layout import Layout
from server.imports.merge import Listed, closed, graded, plan_schools
from server.imports.part import Marking
from server.imports.row import EVERY_MARK, REMOTE_MARKS
from tests.server.imports.lists import (
    COUNTED,
    DIRECTORY,
    ENTERED,
    REMOTENESS,
    counted,
    listed,
    parts_of,
)

AUGUST_113 = date(2024, 8, 1)
AUGUST_116 = date(2027, 8, 1)


def directory(*rows):
    return parts_of(Layout.DIRECTORY, DIRECTORY, *rows, name="e1.csv")[0]


def statistics(*rows):
    return parts_of(Layout.STATISTICS, COUNTED, *rows, name="basec.csv")[0]


def remoteness(*rows):
    return parts_of(Layout.REMOTENESS, REMOTENESS, *rows, name="remote.csv")[0]


def by_hand(*rows, header=ENTERED):
    return parts_of(Layout.ENTERED, header, *rows, name="hand.csv")[0]


def stored(plan):
    """What would be in the database after this plan."""
    return {
        (each.after.school.stage, each.after.school.id): each.after
        for each in (*plan.new, *plan.changed)
    }


def codes(plan):
    return [(fault.code, fault.file, fault.line) for fault in plan.faults]


def test_three_lists_make_one_school():
    plan = plan_schools(
        [
            *directory(listed("014601")),
            *statistics(counted("014601")),
            *remoteness(counted("014601", grade="特偏", year=113)),
        ],
        {},
    )

    (new,) = plan.new
    school = new.after.school
    assert (school.name, school.short_name, school.township) == ("市立山海國小", "山海", "淡水區")
    assert school.marks == (DatedMark(mark=Mark.SPECIAL_REMOTE, since=AUGUST_113),)
    assert school.delegated
    assert plan.faults == ()


def test_the_same_lists_again_change_nothing():
    parts = [
        *directory(listed("014601"), listed("014602")),
        *statistics(counted("014601"), counted("014602")),
        *remoteness(counted("014601", grade="偏遠", year=113)),
        *by_hand("014601-A,山海國小東分校,新北市,淡水區,國小,原(113/8/1~116/8/1)"),
    ]
    first = plan_schools(parts, {})

    again = plan_schools(parts, stored(first))

    assert (len(first.new), again.new, again.changed, again.unchanged) == (3, (), (), 3)
    assert again.gone == ()


def test_the_order_of_the_files_does_not_matter():
    parts = [
        *directory(listed("014601")),
        *statistics(counted("014601", name="市立山海國民小學")),
        *remoteness(counted("014601", grade="偏遠", year=113)),
    ]

    assert plan_schools(parts, {}) == plan_schools(parts[::-1], {})


def test_the_directory_names_the_school_and_another_name_of_that_year_is_told():
    plan = plan_schools(
        [*directory(listed("014601")), *statistics(counted("014601", name="市立山海實小"))], {}
    )

    assert plan.new[0].after.school.name == "市立山海國小"
    assert codes(plan) == [("name_differs", "basec.csv", 2)]


def test_private_schools_are_left_out_and_counted():
    plan = plan_schools(
        [
            *directory(listed("011601", owner="私立"), listed("014601")),
            *statistics(counted("011601"), counted("011301", name="私立高中附設國小")),
        ],
        {},
    )

    assert [each.after.school.id for each in plan.new] == ["014601"]
    assert plan.private == 2


def test_a_school_without_classes_is_kept_but_not_delegated():
    plan = plan_schools(statistics(counted("014601", classes=0)), {})

    assert [each.after.school.delegated for each in plan.new] == [False]
    assert codes(plan) == [("no_classes", "basec.csv", 2)]


def test_what_staff_said_about_delegation_survives_the_next_import():
    parts = directory(listed("014601"))
    before = stored(plan_schools(parts, {}))
    withdrawn = {
        key: replace(each, school=replace(each.school, delegated=False))
        for key, each in before.items()
    }

    assert plan_schools(parts, withdrawn).unchanged == 1


def test_equal_rows_count_once_and_are_told():
    plan = plan_schools(directory(listed("014601"), listed("014601")), {})

    assert len(plan.new) == 1
    assert codes(plan) == [("row_repeated", "e1.csv", 3)]
    assert plan.faults[0].severity is Severity.NOTE


def test_of_two_rows_with_one_code_and_two_names_neither_is_taken():
    plan = plan_schools(directory(listed("014601"), listed("014601", name="市立海山國小")), {})

    assert plan.new == ()
    assert codes(plan) == [("row_contradicts", "e1.csv", 2), ("row_contradicts", "e1.csv", 3)]
    assert "e1.csv:3" in plan.faults[0].proposal


def test_remoteness_alone_makes_no_school_but_marks_a_known_one():
    parts = remoteness(counted("014601", grade="偏遠"))
    known = stored(plan_schools(directory(listed("014601")), {}))

    alone = plan_schools(parts, {})
    with_stored = plan_schools(parts, known)

    assert (alone.new, codes(alone)) == ((), [("school_unlisted", "remote.csv", 2)])
    assert [each.fields for each in with_stored.changed] == [("marks",)]
    assert with_stored.gone == ()


def test_a_school_that_only_an_older_list_names_is_not_taken():
    plan = plan_schools(
        [*directory(listed("014601")), *remoteness(counted("014699", grade="", year=113))], {}
    )

    assert [each.after.school.id for each in plan.new] == ["014601"]
    assert codes(plan) == [("school_gone", "remote.csv", 2)]


def test_a_stored_school_missing_from_a_whole_list_is_gone_unless_entered_by_hand():
    first = plan_schools(
        [
            *directory(listed("014601"), listed("014602")),
            *by_hand("014601-A,山海國小東分校,新北市,淡水區,國小,"),
        ],
        {},
    )

    plan = plan_schools(directory(listed("014601")), stored(first))

    assert [school.id for school in plan.gone] == ["014602"]
    assert [each.school.delegated for each in closed(plan)] == [False]


def test_what_was_entered_by_hand_keeps_its_name_when_the_list_comes_again():
    listing = directory(listed("014601", name="市立?榔國小"))
    before = stored(plan_schools(listing, {}))
    hand = by_hand("014601,市立槺榔國小,新北市,淡水區,國小,")
    corrected = {**before, **stored(plan_schools(hand, before))}

    plan = plan_schools(listing, corrected)

    assert corrected[Stage.ELEMENTARY, "014601"].entered
    assert (plan.unchanged, plan.changed) == (1, ())


def test_a_school_whose_township_nobody_knows_is_left_out():
    plan = plan_schools(directory(listed("014601", place="某地")), {})

    assert plan.new == ()
    assert [(fault.code, fault.severity) for fault in plan.faults] == [
        ("township_missing", Severity.ROW)
    ]


def test_a_change_says_which_fields_differ_and_keeps_what_was_before():
    before = stored(plan_schools(directory(listed("014601")), {}))

    plan = plan_schools(directory(listed("014601", name="市立新山國小")), before)

    (change,) = plan.changed
    assert change.fields == ("name", "short_name")
    assert change.before.name == "市立山海國小"


@pytest.mark.parametrize(
    ("before", "said", "on", "after"),
    [
        ([], ["remote"], AUGUST_113, [("remote", 2024, None)]),
        ([("remote", 2024, None)], ["remote"], AUGUST_116, [("remote", 2024, None)]),
        ([("remote", 2024, None)], [], AUGUST_116, [("remote", 2024, 2027)]),
        (
            [("remote", 2024, None)],
            ["very_remote"],
            AUGUST_116,
            [("remote", 2024, 2027), ("very_remote", 2027, None)],
        ),
        ([("remote", 2027, None)], ["very_remote"], AUGUST_113, [("remote", 2027, None)]),
        ([("remote", 2024, None)], ["very_remote"], AUGUST_113, [("very_remote", 2024, None)]),
        (
            [("remote", 2024, 2027)],
            ["remote"],
            date(2030, 8, 1),
            [("remote", 2024, 2027), ("remote", 2030, None)],
        ),
    ],
)
def test_remoteness_is_graded_anew_and_its_history_stays(before, said, on, after):
    def dated(rows):
        return tuple(
            DatedMark(
                mark=Mark(mark),
                since=date(since, 8, 1),
                until=date(until, 8, 1) if until else None,
            )
            for mark, since, until in rows
        )

    indigenous = DatedMark(mark=Mark.INDIGENOUS, since=date(2020, 8, 1))
    marking = Marking(
        scope=REMOTE_MARKS,
        marks=tuple(DatedMark(mark=Mark(mark), since=on) for mark in said),
        on=on,
    )

    result = graded((indigenous, *dated(before)), marking)

    assert result == (indigenous, *dated(after))


def test_marks_by_hand_overrule_marks_that_begin_later():
    later = DatedMark(mark=Mark.REMOTE, since=AUGUST_116)
    marking = Marking(scope=EVERY_MARK, marks=(), on=AUGUST_113, by_hand=True)

    assert graded((later,), marking) == ()


def test_one_kind_of_mark_said_by_hand_leaves_the_school_entered():
    plan = plan_schools(by_hand("014601,市立山海國小,新北市,淡水區,國小,矯"), {})

    assert plan.new[0].after == Listed(school=plan.new[0].after.school, entered=True)

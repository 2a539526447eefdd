"""Registers and settings: read strictly, and what a county forbids in them."""

from importlib import resources
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.place import load_counties
from core.domain.subject import load_subjects
from core.rules import tables
from matcher.files.canon import encode
from matcher.files.refusal import RefusedFileError
from matcher.rollcall.exchange import Swap, swaps
from matcher.rollcall.objection import Forbidden, objections
from matcher.rollcall.register import parse_register
from matcher.rollcall.settings import LINES, parse_settings
from tests.matcher import halls
from tests.matcher.halls import applicant, changed, random_register, read, register, seats

RNG = st.randoms(use_true_random=False)
NAMES = ["rollcall-changhua-113.json", "rollcall-keelung-111.json"]
GOOD = register(
    [seats("S0", count=2, onward=1)],
    [
        applicant("A1", "S1", "X", ("Y", "half"), limited_to=["S0"]),
        applicant("A2", "S2", exchange={"school": "S1", "township": "鄉1"}),
    ],
)
REST = changed(GOOD, ("applicants",), [])


def faults(parse, document):
    with pytest.raises(RefusedFileError) as caught:
        parse(encode(document), "f")
    assert {fault.file for fault in caught.value.faults} == {"f"}
    return [(fault.path, fault.code.value) for fault in caught.value.faults]


@pytest.mark.parametrize("name", NAMES)
def test_the_settings_of_a_county_are_read_and_written_and_each_line_has_its_source(name):
    document = halls.settings_file(name)

    found = parse_settings(encode(document), name)

    assert found.document() == document
    assert set(found.sources) == set(LINES)
    assert found.identity().startswith("sha256:")
    assert name == f"rollcall-{found.name}.json"


@pytest.mark.parametrize("name", NAMES)
def test_settings_name_a_county_and_subjects_that_there_are(name):
    document = halls.settings_file(name)
    folder = resources.files(tables)
    counties = load_counties(folder.joinpath("counties.toml").read_text("utf-8"))
    subjects = load_subjects(folder.joinpath("subjects.toml").read_text("utf-8"))
    known = {subject.code for subject in subjects}

    assert document["county"] in {county.code for county in counties}
    assert {
        code for code in document["subjects"] if not code.startswith("special_gifted_")
    } <= known
    assert set(document["exclusive_subjects"]) == {"guidance"}


def test_changhua_calls_as_its_paper_says():
    """F-404, F-442, F-443, F-450, F-451; seeds' own order of the 23 subjects."""
    found = halls.settings_file("rollcall-changhua-113.json")
    subjects = [code for code in found["subjects"] if not code.startswith("special_gifted_")]

    assert [part["name"] for part in found["parts"]] == ["surplus", "county"]
    assert found["parts"][0]["footings"] == ["employed", "half", "below_half", "none"]
    assert found["parts"][0]["seat_left"] == "lapses"
    assert found["parts"][1] == {
        "name": "county",
        "footings": ["employed", "half"],
        "seat_left": "next_round",
    }
    assert len(subjects) == 23
    assert subjects[:3] == ["civics", "english", "special_gifted"]
    assert subjects[-1] == "information_technology"
    place = found["subjects"].index("special_gifted")
    assert found["subjects"][place + 1 : place + 5] == [
        f"special_gifted_{kind}"
        for kind in ("english", "chinese", "mathematics", "physics_chemistry")
    ]
    assert found["absent"] == "last_of_subject"
    assert found["never_both"] == [["surplus", "county"]]
    assert found["subjects_at_most"] == 3
    assert found["tie"] == ["older", "service", "appraisal", "awards", "training"]
    assert found["exchange"] == {"part": "county", "township": True}


def test_keelung_differs_where_its_paper_does():
    """F-554 absence forfeits, F-549 specialities first, F-588 returning before the others."""
    found = halls.settings_file("rollcall-keelung-111.json")
    names = [part["name"] for part in found["parts"]]

    assert found["absent"] == "forfeit"
    assert found["never_both"] == []
    assert found["exchange"] is None
    assert found["subjects"][-1] == "general"
    assert names == ["closing", "experimental", "returning", "first", "second"]
    assert {part["seat_left"] for part in found["parts"]} == {"lapses"}
    assert found["sources"]["tie"]["source"] == "範例"


@settings(max_examples=40, deadline=None)
@given(RNG)
def test_a_register_comes_back_from_its_file_and_has_no_objections(rng):
    document = random_register(rng)

    found = read(document)

    assert found.document() == document
    assert parse_register(found.encode(), "x") == found
    assert objections(found) == ()


def test_a_register_with_everything_in_it_comes_back_too():
    assert read(GOOD).document() == GOOD
    assert read(GOOD).identity() == read(GOOD).identity() != read(REST).identity()


A1 = ("applicants", 0)


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (("format",), "jiepin-rollcall/2", [("$.format", "unknown_value")]),
        (("stage",), "college", [("$.stage", "unknown_value")]),
        (("season",), "", [("$.season", "bad_text")]),
        (("schools", 0, "township"), 1, [("$.schools[0].township", "not_a_text")]),
        (("schools", 4, "id"), "S3", [("$.schools[4].id", "duplicate")]),
        (("seats", 0, "school"), "S9", [("$.seats[0].school", "undeclared_school")]),
        (("seats", 0, "count"), -1, [("$.seats[0].count", "out_of_range")]),
        (("seats", 0, "onward"), 3, [("$.seats[0].onward", "out_of_range")]),
        (("seats", 0, "onward"), -1, [("$.seats[0].onward", "out_of_range")]),
        (("seats", 0, "opens"), "other", [("$.seats[0].opens", "unknown_value")]),
        (("seats", 0, "opens"), "", [("$.seats[0].opens", "bad_text")]),
        (("seats", 0, "refill"), 1, [("$.seats[0].refill", "not_a_truth_value")]),
        ((*A1, "id"), "A2", [("$.applicants[1].id", "duplicate")]),
        ((*A1, "lot"), 2, [("$.applicants[1].lot", "duplicate")]),
        ((*A1, "lot"), 0, [("$.applicants[0].lot", "out_of_range")]),
        ((*A1, "tie"), [], [("$.applicants[0].tie", "tie_length")]),
        ((*A1, "tie"), ["a"], [("$.applicants[0].tie[0]", "not_an_integer")]),
        ((*A1, "points"), 2**53, [("$.applicants[0].points", "out_of_range")]),
        ((*A1, "parts"), ["x"], [("$.applicants[0].parts[0]", "unknown_value")]),
        ((*A1, "parts"), [], [("$.applicants[0].parts", "empty_list")]),
        ((*A1, "applications"), [], [("$.applicants[0].applications", "empty_list")]),
        (
            (*A1, "applications", 1, "subject"),
            "X",
            [("$.applicants[0].applications[1]", "duplicate")],
        ),
        (
            (*A1, "applications", 0, "footing"),
            "some",
            [("$.applicants[0].applications[0].footing", "unknown_value")],
        ),
        ((*A1, "limited_to"), ["S9"], [("$.applicants[0].limited_to[0]", "undeclared_school")]),
        ((*A1, "limited_to"), "S0", [("$.applicants[0].limited_to", "not_a_list")]),
        ((*A1, "exchange"), [], [("$.applicants[0].exchange", "not_an_object")]),
        (
            (*A1, "exchange"),
            {"school": "S9", "township": "x"},
            [("$.applicants[0].exchange.school", "undeclared_school")],
        ),
        (("settings", "name"), "", [("$.settings.name", "bad_text")]),
    ],
)
def test_a_register_is_read_strictly(path, value, found):
    told = faults(parse_register, changed(GOOD, path, value))

    assert told[: len(found)] == found


def test_a_position_stands_once_in_the_seats():
    twice = changed(GOOD, ("seats",), [seats("S0"), seats("S0", "Y"), seats("S0")])

    assert faults(parse_register, twice) == [("$.seats[2]", "duplicate")]


def test_numbers_at_the_edge_are_let_in():
    edge = changed(GOOD, (*A1, "points"), 2**53 - 1)
    edge = changed(edge, (*A1, "tie"), [-(2**53) + 1])
    edge = changed(edge, ("seats", 0, "onward"), 2)

    assert read(edge).document() == edge


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (("format",), "x", [("$.format", "unknown_value")]),
        (("county",), 7, [("$.county", "not_a_text")]),
        (("parts",), [], [("$.parts", "empty_list"), ("$.exchange.part", "unknown_value")]),
        (("parts",), [halls.part(), halls.part()], [("$.parts[1]", "duplicate")]),
        (("parts", 0, "footings"), [], [("$.parts[0].footings", "empty_list")]),
        (("parts", 0, "footings", 0), "x", [("$.parts[0].footings[0]", "unknown_value")]),
        (("parts", 0, "seat_left"), "x", [("$.parts[0].seat_left", "unknown_value")]),
        (("subjects",), ["X", "X"], [("$.subjects[1]", "duplicate")]),
        (("absent",), "x", [("$.absent", "unknown_value")]),
        (("declined",), "x", [("$.declined", "unknown_value")]),
        (("never_both",), [["county", "x"]], [("$.never_both[0]", "wrong_shape")]),
        (("never_both",), [["county", "county"]], [("$.never_both[0]", "wrong_shape")]),
        (("never_both",), ["county"], [("$.never_both[0]", "wrong_shape")]),
        (("subjects_at_most",), 0, [("$.subjects_at_most", "out_of_range")]),
        (("subjects_at_most",), 101, [("$.subjects_at_most", "out_of_range")]),
        (("tie",), ["luck"], [("$.tie[0]", "unknown_value")]),
        (("exclusive_subjects",), "G", [("$.exclusive_subjects", "not_a_list")]),
        (("exchange", "part"), "x", [("$.exchange.part", "unknown_value")]),
        (("exchange", "part"), "", [("$.exchange.part", "bad_text")]),
        (("exchange", "township"), 0, [("$.exchange.township", "not_a_truth_value")]),
        (("exchange",), {}, [("$.exchange.part", "missing_key")]),
        (("sources", "tie", "place"), "", [("$.sources.tie.place", "bad_text")]),
        (("sources",), {}, [(f"$.sources.{line}", "missing_key") for line in sorted(LINES)]),
        (("sources", "luck"), halls.source(), [("$.sources.luck", "unknown_key")]),
    ],
)
def test_settings_are_read_strictly(path, value, found):
    told = faults(parse_settings, changed(halls.settings(), path, value))

    assert told[: len(found)] == found


def test_settings_that_lack_a_line_or_its_source_are_told_so():
    whole = halls.settings()
    lacking = {key: value for key, value in whole.items() if key not in {"sources", "exchange"}}

    assert faults(parse_settings, lacking) == [
        ("$.exchange", "missing_key"),
        ("$.sources", "missing_key"),
    ]
    assert parse_settings(encode(changed(whole, ("subjects_at_most",), 100)), "f")
    assert faults(parse_register, {k: v for k, v in GOOD.items() if k != "settings"})[0] == (
        "$.settings",
        "missing_key",
    )


BOTH = halls.settings(
    halls.part("surplus", ["employed", "half", "none"], "lapses"),
    halls.part(),
    never_both=[["surplus", "county"]],
    subjects_at_most=2,
    exchange={"part": "county", "township": True},
)


def objected(person, rows=(), **changes):
    document = register(rows, [person], settings={**BOTH, **changes})
    return [(each.path, each.code, each.detail) for each in objections(read(document))]


@pytest.mark.parametrize(
    ("person", "path", "code", "detail"),
    [
        (
            applicant("A1", "S1", parts=["county", "surplus"]),
            ".parts",
            Forbidden.NEVER_BOTH,
            "surplus / county",
        ),
        (
            applicant("A1", "S1", "X", ("Y", "half"), ("Z", "half")),
            ".applications",
            Forbidden.TOO_MANY_SUBJECTS,
            "3 > 2",
        ),
        (
            applicant("A1", "S1", ("Z", "half")),
            ".applications[0]",
            Forbidden.NOT_DRAWN,
            "Z",
        ),
        (
            applicant("A1", "S1", "X", "Y"),
            ".applications[1]",
            Forbidden.WRONG_FOOTING,
            "employed",
        ),
        (
            applicant("A1", "S1", ("X", "half")),
            ".applications[0]",
            Forbidden.WRONG_FOOTING,
            "half",
        ),
        (
            applicant("A1", "S1", ("Y", "none")),
            ".applications[0]",
            Forbidden.FOOTING_NOT_CALLED,
            "none",
        ),
        (
            applicant("A1", "S1", ("G", "half")),
            ".applications[0]",
            Forbidden.EXCLUSIVE_SUBJECT,
            "G",
        ),
        (
            applicant("A1", "S1", ("X", "half"), subject="G"),
            ".applications[0]",
            Forbidden.EXCLUSIVE_SUBJECT,
            "X",
        ),
        (
            applicant("A1", "S1", parts=["surplus"], exchange={"school": "S2", "township": "鄉0"}),
            ".exchange",
            Forbidden.NO_EXCHANGE,
            "",
        ),
        (
            applicant("A1", "S1", exchange={"school": "S1", "township": "鄉1"}),
            ".exchange",
            Forbidden.EXCHANGE_AT_HOME,
            "S1",
        ),
        (
            applicant("A1", "S1", exchange={"school": "S2", "township": "鄉1"}),
            ".exchange",
            Forbidden.EXCHANGE_ELSEWHERE,
            "鄉0 ≠ 鄉1",
        ),
    ],
)
def test_each_thing_a_county_forbids_is_named_with_its_place(person, path, code, detail):
    assert (f"$.applicants[0]{path}", code, detail) in objected(person)


@pytest.mark.parametrize(
    "person",
    [
        applicant("A1", "S1", "X", ("Y", "half")),
        applicant("A1", "S1", ("Y", "none"), parts=["surplus"]),
        applicant("A1", "S1", subject="G"),
        applicant("A1", "S1", exchange={"school": "S2", "township": "鄉0"}),
    ],
)
def test_what_is_allowed_is_not_objected_to(person):
    assert objected(person) == []


def test_an_exchange_needs_no_township_where_the_county_asks_for_none():
    person = applicant("A1", "S1", exchange={"school": "S2", "township": "鄉1"})

    assert objected(person, exchange={"part": "county", "township": False}) == []
    assert objected(person, exchange=None) == [
        ("$.applicants[0].exchange", Forbidden.NO_EXCHANGE, "")
    ]


def test_seats_of_a_subject_that_was_not_drawn_are_objected_to():
    found = objected(applicant("A1", "S1"), [seats("S0"), seats("S0", "Z")])

    assert found == [("$.seats[1].subject", Forbidden.NOT_DRAWN, "Z")]


def exchanging(rng):
    """Up to seven people at three schools who named each other's."""
    lots = rng.sample(range(1, 20), 7)
    people = [
        applicant(
            f"A{n}",
            home := f"S{rng.randint(0, 2)}",
            subject=rng.choice(["X", "X", "Y"]),
            points=100 * rng.randint(1, 2),
            lot=lots[n],
            exchange=rng.choice(
                [None]
                + 4 * [{"school": s, "township": "t"} for s in ("S0", "S1", "S2") if s != home]
            ),
        )
        for n in range(rng.randint(0, 7))
    ]
    return register([], people)


def fits(one, other):
    return (
        one["exchange"] is not None
        and other["exchange"] is not None
        and one["subject"] == other["subject"]
        and one["exchange"]["school"] == other["school"]
        and other["exchange"]["school"] == one["school"]
    )


@settings(max_examples=80, deadline=None)
@given(RNG)
def test_exchanges_go_to_the_highest_who_can_be_in_any_then_to_the_next(rng):
    """By trying: the best pair of all that fit leaves, and so on."""
    document = exchanging(rng)
    moved = {p["id"] for p in document["applicants"] if rng.random() < 0.2}
    rank = {p["id"]: (-p["points"], p["lot"]) for p in document["applicants"]}
    here = [p for p in document["applicants"] if p["id"] not in moved]
    expected = []
    while True:
        fitting = [
            sorted((rank[a["id"]], rank[b["id"]])) + sorted([a["id"], b["id"]], key=rank.get)
            for a, b in permutations(here, 2)
            if fits(a, b)
        ]
        if not fitting:
            break
        first, second = min(fitting)[2:]
        expected.append(Swap(first=first, second=second))
        here = [p for p in here if p["id"] not in {first, second}]

    found = swaps(read(document), frozenset(moved))

    assert list(found) == expected
    assert all(rank[one.first] < rank[next_.first] for one, next_ in pairwise(found))


def wishing(name, home, wished, points):
    return applicant(name, home, points=points, exchange={"school": wished, "township": "t"})


def test_exchanges_are_told_in_the_order_of_their_first_members():
    people = [
        wishing("A1", "S0", "S1", 100),
        wishing("A2", "S1", "S0", 900),
        wishing("A3", "S2", "S3", 800),
        wishing("A4", "S3", "S2", 700),
        wishing("A5", "S0", "S1", 50),
        wishing("A6", "S1", "S0", 60),
    ]

    found = swaps(read(register([], people)), frozenset())

    assert found == (
        Swap(first="A2", second="A1"),
        Swap(first="A3", second="A4"),
        Swap(first="A6", second="A5"),
    )


def test_nobody_exchanges_inside_her_own_school_nor_with_herself():
    people = [wishing("A1", "S0", "S0", 100), wishing("A2", "S0", "S0", 90)]

    assert swaps(read(register([], people)), frozenset()) == ()


def test_a_pair_is_written_as_two_names():
    assert Swap(first="A1", second="A2").document() == ["A1", "A2"]

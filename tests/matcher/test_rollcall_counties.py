"""An afternoon in each county, with its own settings and invented people."""

from matcher.files.problem import Position
from matcher.rollcall.exchange import Swap, swaps
from matcher.rollcall.objection import Forbidden, objections
from matcher.rollcall.settings import Footing
from tests.matcher import halls
from tests.matcher.halls import Roll, read

CHANGHUA = halls.settings_file("rollcall-changhua-113.json")
KEELUNG = halls.settings_file("rollcall-keelung-111.json")


def person(name, school, subject, *others, points=3000, parts=("county",), **changes):
    return halls.applicant(
        name,
        school,
        (subject, "employed"),
        *others,
        subject=subject,
        points=points,
        parts=list(parts),
        tie=[0] * 5,
        **changes,
    )


def to(school, township):
    return {"school": school, "township": township}


def test_an_afternoon_in_changhua():
    people = [
        person("A1", "S1", "mathematics", ("civics", "none"), points=2000, parts=["surplus"]),
        person("A2", "S2", "civics", points=4050),
        person("A3", "S3", "civics", points=3900),
        person("A4", "S4", "civics", points=3900, lot=40),
        person("A5", "S5", "english", ("civics", "half"), points=6000),
        person("A6", "S6", "english", points=1000),
        person("A7", "S3", "history", exchange=to("S5", "鄉1")),
        person("A8", "S5", "history", exchange=to("S3", "鄉1")),
    ]
    rows = [
        halls.seats("S0", "civics", 3, opens="surplus", onward=3),
        halls.seats("S0", "mathematics", 1, opens="surplus", onward=0),
        halls.seats("S4", "civics", 0, refill=False),
        halls.seats("S2", "history", 1, onward=0),
    ]
    document = halls.register(rows, people, settings=CHANGHUA, schools=7)
    roll = Roll(document)

    assert objections(read(document)) == ()
    assert roll.place == ("surplus", "civics", 1, "A1")
    roll.say("keep", "S0")
    assert roll.open() == {("S0", "civics"): 3, ("S2", "history"): 1}
    assert roll.place == ("county", "civics", 1, "A2")
    roll.say("absent", "S0", "S0")
    assert roll.session.state.closed == {
        Position("S1", "mathematics"): 1,  # a surplus post
        Position("S4", "civics"): 1,  # 遇缺不補
    }
    assert roll.place == ("county", "civics", 2, "A5")
    roll.say("S3")
    assert (roll.place, roll.choices()) == (("county", "civics", 3, "A2"), ("S0",))
    roll.say("S0")
    assert (roll.place, roll.choices()) == (("county", "english", 1, "A6"), ("S5",))
    roll.say("S5")
    assert roll.place == ("county", "history", 1, "A7")
    roll.say("keep", "decline")

    assert roll.now is None
    assert [(e.applicant, e.footing) for e in roll.session.state.taken] == [
        ("A1", Footing.EMPLOYED),
        ("A3", Footing.EMPLOYED),
        ("A4", Footing.EMPLOYED),
        ("A5", Footing.HALF),
        ("A2", Footing.EMPLOYED),
        ("A6", Footing.EMPLOYED),
    ]
    assert swaps(roll.hall.register, roll.session.state.moved()) == (Swap(first="A7", second="A8"),)


def test_whoever_moves_in_the_calling_has_lost_the_written_exchange():
    """F-466."""
    people = [
        person("A1", "S3", "history", exchange=to("S5", "鄉1")),
        person("A2", "S5", "history", exchange=to("S3", "鄉1")),
    ]
    rows = [halls.seats("S0", "history")]

    roll = Roll(halls.register(rows, people, settings=CHANGHUA, schools=7)).say("S0")

    assert roll.say("keep").now is None
    assert swaps(roll.hall.register, roll.session.state.moved()) == ()


def test_changhua_refuses_what_its_paper_forbids():
    """F-399, F-406, F-463."""
    people = [
        person("A1", "S1", "music", parts=["surplus", "county"]),
        person("A2", "S1", "guidance", ("music", "half")),
        person("A3", "S1", "music", exchange=to("S2", "鄉1")),
    ]

    found = objections(read(halls.register([], people, settings=CHANGHUA)))

    assert [each.code for each in found] == [
        Forbidden.NEVER_BOTH,
        Forbidden.EXCLUSIVE_SUBJECT,
        Forbidden.EXCHANGE_ELSEWHERE,
    ]


def test_a_morning_in_keelung():
    """F-588 returning first, F-549 specialities before, F-554 absent, F-552 left for later."""
    back = person("A1", "S1", "general", points=100, parts=["returning"], limited_to=["S0"])
    people = [
        back,
        person("A2", "S2", "general", ("english", "none"), points=5000, parts=["first"]),
        person("A3", "S3", "general", points=6000, parts=["first"]),
        person("A4", "S4", "general", points=7000, parts=["first"]),
    ]
    rows = [
        halls.seats("S0", "general", 2, opens="returning", onward=2),
        halls.seats("S1", "english", 1, opens="first"),
    ]

    roll = Roll(halls.register(rows, people, settings=KEELUNG))

    assert roll.place == ("returning", "general", 1, "A1")
    roll.say("S0")
    assert roll.place == ("first", "english", 1, "A2")
    roll.say("S1")
    assert roll.place == ("first", "general", 1, "A4")
    roll.say("absent")
    assert roll.session.state.out == {"A4"}
    roll.say("keep")

    assert roll.calls == ["A1", "A2", "A4", "A3"]
    assert roll.now is None
    assert roll.open() == {("S0", "general"): 1}

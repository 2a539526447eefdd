"""The trace, line by line: what was decided, in which phase and round, and by which priority."""

import json

from matcher.deciding.solve import decide
from matcher.files.problem import problem_from_document
from tests.matcher.markets import problem, ring_phase, rules, school, teacher, vacancy_phase
from tests.matcher.markets import vacancy as seat

TRADE = vacancy_phase("trade") | {"method": "ttc", "refill": "chains"}


def one(name, home, wish, points):
    return teacher(name, home, wish, points={"13": points}, tie=[7])


def traced(schools, teachers, vacancies, *phases):
    """The lines as (event, phase, the rest), and the problem they are about."""
    here = problem_from_document(
        problem(schools, teachers, vacancies=vacancies, rules=rules(*phases)), "x"
    )
    text = decide(here).trace.decode()
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()], here


def move(name, origin, destination, points, **more):
    return {
        "teacher": name,
        "from": [origin, "general"],
        "to": [destination, "general"],
        "wish": 1,
        "subject_rank": 1,
        "priority": [-points, -7, int(name[1:])],
        **more,
    }


def test_seats_that_are_offered_and_every_move_of_a_line_are_told_in_order():
    schools = [school("S1"), school("S2"), school("S3"), school("S4", "13", "remote")]
    people = [one("T1", "S1", "S2", 900), one("T2", "S2", "S3", 800), one("T3", "S3", "S4", 700)]

    lines, here = traced(
        schools,
        people,
        [seat("S4", 2), seat("S3"), seat("S1", 0)],
        vacancy_phase("marked", schools="remote"),
        vacancy_phase("all", refill="rounds"),
    )

    offered = {"event": "seats_offered", "phase": "all", "count": 1}
    assert lines == [
        {"event": "started", "problem": here.identity(), "rules": here.rules.identity()},
        {"event": "phase_opened", "phase": "marked", "kind": "vacancy"},
        {
            "event": "seats_offered",
            "phase": "marked",
            "position": ["S4", "general"],
            "count": 2,
        },
        move("T3", "S3", "S4", 700, event="moved", phase="marked", round=1, after=None),
        {"event": "phase_closed", "phase": "marked", "moved": 1},
        {"event": "phase_opened", "phase": "all", "kind": "vacancy"},
        offered | {"position": ["S3", "general"]},
        offered | {"position": ["S4", "general"]},
        move("T2", "S2", "S3", 800, event="moved", phase="all", round=1, after=None),
        move("T1", "S1", "S2", 900, event="moved", phase="all", round=2, after="T2"),
        {"event": "phase_closed", "phase": "all", "moved": 2},
    ]


def test_a_ring_is_one_line():
    lines, _ = traced(
        [school("S1"), school("S2")],
        [one("T1", "S1", "S2", 500), one("T2", "S2", "S1", 600)],
        [],
        ring_phase(2, 2, "swap"),
    )

    assert lines[1:] == [
        {"event": "phase_opened", "phase": "swap", "kind": "ring"},
        {
            "event": "ring_closed",
            "phase": "swap",
            "round": 1,
            "moves": [move("T2", "S2", "S1", 600), move("T1", "S1", "S2", 500)],
        },
        {"event": "phase_closed", "phase": "swap", "moved": 2},
    ]


def test_a_trade_tells_rings_and_chains_and_what_it_leaves_to_the_next_phase():
    schools = [school(f"S{n}") for n in range(1, 7)]
    people = [
        one("T1", "S1", "S2", 900),
        one("T2", "S2", "S1", 800),
        one("T3", "S3", "S5", 700),
        one("T4", "S4", "S3", 600),
        one("T5", "S6", "S5", 500),
    ]

    lines, _ = traced(schools, people, [seat("S5", 2)], TRADE, vacancy_phase("rest"))

    def closed(kind, *moves):
        return {"event": f"{kind}_closed", "phase": "trade", "round": 1, "moves": list(moves)}

    told = [line for line in lines if line.get("phase") == "trade"]
    assert told[0] == {"event": "phase_opened", "phase": "trade", "kind": "vacancy"}
    assert sorted(told[1:-1], key=lambda line: line["moves"][0]["teacher"]) == [
        closed("ring", move("T1", "S1", "S2", 900), move("T2", "S2", "S1", 800)),
        closed("chain", move("T3", "S3", "S5", 700), move("T4", "S4", "S3", 600)),
        closed("chain", move("T5", "S6", "S5", 500)),
    ]
    assert told[-1] == {"event": "phase_closed", "phase": "trade", "moved": 5}
    assert [line["event"] for line in lines if line.get("phase") == "rest"] == [
        "phase_opened",
        "phase_closed",
    ]

"""A teacher's question, why not an earlier wish, is answered with the reason and the numbers."""

from random import Random

from matcher.deciding.options import Struck
from matcher.deciding.solve import solve
from matcher.files.problem import problem_from_document
from matcher.telling.answer import Because, Outcome
from matcher.telling.explain import Explainer, explain
from matcher.telling.text import TEXTS, Language, Texts
from matcher.whatif.ttc import ttc
from tests.matcher.greedy_walk import greedy_phase, placement_of
from tests.matcher.markets import (
    problem,
    random_problem,
    ring_phase,
    rules,
    school,
    teacher,
    vacancy,
    vacancy_phase,
)

SCHOOLS = [school(f"S{n}") for n in range(10)]
ALL_PHASES = rules(
    vacancy_phase("indigenous", who="indigenous", schools="indigenous"),
    vacancy_phase("single", refill="rounds"),
    ring_phase(2, 2, "swap"),
    ring_phase(3, 3, "triangle"),
)


def one(name, home, *wishes, points=500, **changed):
    return teacher(name, home, *wishes, points={"13": points}, **changed)


def explained(teachers, *, name="T1", vacancies=(), rules=ALL_PHASES, schools=SCHOOLS):
    market = problem_from_document(
        problem(schools, teachers, vacancies=vacancies, rules=rules), "market"
    )
    return explain(market, solve(market), name)


def reasons(answer):
    return [(reason.phase, reason.code) for reason in answer.reasons]


def test_a_teacher_the_problem_does_not_know_gets_no_explanation():
    assert explained([one("T1", "S1", "S2")], name="T9") is None


def test_a_seat_taken_by_others_is_told_with_their_number_and_the_cut_off():
    told = explained(
        [
            one("T1", "S1", "S2", "S3", points=500),
            one("T2", "S4", "S2", points=700),
            one("T3", "S5", "S2", points=600),
        ],
        vacancies=[vacancy("S2", 2), vacancy("S3")],
    )

    first, second = told.answers
    (taken, moved) = first.reasons
    assert (taken.phase, taken.code, moved.code) == (
        "single",
        Because.TAKEN,
        Because.MOVED_ALREADY,
    )
    assert (taken.comparison.people, taken.comparison.points) == (2, 600)
    assert (taken.comparison.against, taken.comparison.decided_by) == (500, "points")
    assert (second.outcome, second.reasons) == (Outcome.OBTAINED, ())
    assert (told.phase, told.move.wish) == ("single", 2)


def test_equal_points_are_told_with_what_decided():
    seats = [vacancy("S2")]
    older = explained([one("T1", "S1", "S2"), one("T2", "S3", "S2", tie=[1])], vacancies=seats)
    lot = explained([one("T1", "S1", "S2", lot=9), one("T2", "S3", "S2")], vacancies=seats)

    decided = [told.answers[0].reasons[0].comparison.decided_by for told in (older, lot)]

    assert decided == ["older", "lot"]


def test_an_explanation_names_the_files_it_is_of_and_the_move():
    people = [one("T1", "S1", "S2"), one("T2", "S2", "S3")]
    market = problem_from_document(
        problem(SCHOOLS, people, vacancies=[vacancy("S2")], rules=ALL_PHASES), "market"
    )
    placement = solve(market)

    moved, stayed = (each.document() for each in Explainer(market, placement).everyone())

    for told, name in ((moved, "T1"), (stayed, "T2")):
        assert told["format"] == "jiepin-explanation/1"
        assert (told["problem"], told["placement"]) == (market.identity(), placement.identity())
        assert told["teacher"] == name
    assert moved["moved"] == {
        "phase": "single",
        "teacher": "T1",
        "from": ["S1", "general"],
        "to": ["S2", "general"],
        "wish": 1,
        "subject_rank": 1,
    }
    assert stayed["moved"] is None
    assert stayed["wishes"] == [
        {
            "wish": 1,
            "subject_rank": 1,
            "position": ["S3", "general"],
            "points": 500,
            "outcome": "missed",
            "struck": None,
            "excluded_for": None,
            "reasons": [
                {"phase": "single", "code": "no_seat", "comparison": None},
                {"phase": "swap", "code": "nobody_leaves", "comparison": None},
                {"phase": "triangle", "code": "nobody_leaves", "comparison": None},
            ],
        }
    ]


def test_every_kind_of_struck_wish_says_why():
    told = explained(
        [
            teacher(
                "T1",
                "S1",
                *("S1", "S2", "S3"),
                points={"13": 100},
                subjects=["general", "guidance"],
                excluded=[
                    {"school": "S2", "subject": "guidance", "reason": "teaching_area"},
                    {"school": "S3", "subject": "general", "reason": "teaching_area"},
                ],
            )
        ],
        schools=[school("S1"), school("S2", "13", "closed"), school("S3")],
    )

    struck = [(a.entry.wish, a.entry.subject_rank, a.entry.struck) for a in told.answers]

    assert struck == [
        (1, 1, Struck.OWN_SCHOOL),
        (1, 2, Struck.OWN_SCHOOL),
        (2, 1, Struck.CLOSED_SCHOOL),
        (2, 2, Struck.CLOSED_SCHOOL),
        (3, 1, Struck.EXCLUDED),
        (3, 2, Struck.EXCLUSIVE_SUBJECT),
    ]
    assert [each.entry.reason for each in told.answers] == [None] * 4 + ["teaching_area", None]
    written = [
        (each["outcome"], each["struck"], each["excluded_for"], each["reasons"])
        for each in told.document()["wishes"]
    ]
    assert written[3:] == [
        ("struck", "closed_school", None, []),
        ("struck", "excluded", "teaching_area", []),
        ("struck", "exclusive_subject", None, []),
    ]
    assert told.move is None
    zh, en = ([TEXTS[lang].answer(each) for each in told.answers] for lang in Language)
    assert zh[0] == "第 1 志願 S1（general） 1.0 分：不列入，是現職學校。"
    assert zh[4] == "第 3 志願 S3（general） 1.0 分：不列入，經審查排除（teaching_area）。"
    assert en[0] == "Wish 1 S1 (general), 1.0 points: not considered, her own school."
    assert en[4] == (
        "Wish 3 S3 (general), 1.0 points: not considered, excluded in the review (teaching_area)."
    )


def test_nothing_open_and_nobody_leaving_is_told_phase_by_phase():
    told = explained([one("T1", "S1", "S2", "S9"), one("T2", "S2", "S3")])

    assert reasons(told.answers[0]) == [
        ("single", Because.NO_SEAT),
        ("swap", Because.NO_RING),
        ("triangle", Because.NO_RING),
    ]
    assert reasons(told.answers[1]) == [
        ("single", Because.NO_SEAT),
        ("swap", Because.NOBODY_LEAVES),
        ("triangle", Because.NOBODY_LEAVES),
    ]


def test_a_seat_that_came_free_after_her_round_is_told_so():
    told = explained(
        [
            one("T1", "S1", "S2", "S3", points=500),
            one("T2", "S2", "S4", points=400),
            one("T3", "S5", "S2", points=300),
        ],
        vacancies=[vacancy("S3"), vacancy("S4")],
    )

    assert reasons(told.answers[0])[0] == ("single", Because.OPENED_LATER)
    assert told.move.wish == 2


def test_who_moved_as_indigenous_is_told_which_wishes_that_phase_passed_over():
    told = explained(
        [one("T1", "S1", "S2", "S3", indigenous=True)],
        schools=[school("S1"), school("S2"), school("S3", "13", "indigenous")],
        vacancies=[vacancy("S2"), vacancy("S3")],
    )

    assert reasons(told.answers[0]) == [
        ("indigenous", Because.SCHOOL_NOT_IN_PHASE),
        ("indigenous", Because.MOVED_ALREADY),
    ]


def test_who_did_not_move_as_indigenous_hears_nothing_of_schools_that_phase_is_not_for():
    told = explained([one("T1", "S1", "S2", indigenous=True)])

    assert reasons(told.answers[0])[0] == ("single", Because.NO_SEAT)


def lost(people, length=(2, 3)):
    """The reason of T1's first wish under one ring phase."""
    told = explained(people, rules=rules(ring_phase(*length)))
    (reason,) = told.answers[0].reasons
    assert reason.code is Because.RING_LOST
    return reason.comparison


def test_a_ring_that_lost_is_told_with_the_member_who_decided():
    by_points = lost(
        [
            one("T1", "S1", "S2", points=500),
            one("T2", "S2", "S3", "S1", points=400),
            one("T3", "S3", "S2", points=600),
        ]
    )
    by_second = lost(
        [
            one("T1", "S1", "S2", points=500),
            one("T2", "S2", "S1", points=900),
            one("T3", "S1", "S2", points=600),
        ]
    )

    assert (by_points.people, by_points.place) == (2, 1)
    assert (by_points.points, by_points.against, by_points.decided_by) == (600, 500, "points")
    assert (by_second.place, by_second.points, by_second.against) == (2, 600, 500)


def test_a_ring_that_lost_to_a_dearer_wish_of_the_same_person_is_told_so():
    by_wish = lost(
        [
            one("T1", "S1", "S2", points=500),
            one("T2", "S2", "S3", "S1", points=900),
            one("T3", "S3", "S2", points=600),
        ]
    )

    assert by_wish.decided_by == "wish"


def test_a_ring_that_lost_to_a_dearer_subject_of_the_same_person_is_told_so():
    both = {"subjects": ["english", "general"], "subject": "english"}
    told = explained(
        [
            one("T1", "S1", "S2", points=500, subjects=["general", "english"]),
            one("T2", "S2", "S1", points=900, **both),
            one("T3", "S1", "S2", points=600, **both),
        ],
        rules=rules(ring_phase(2, 2)),
    )

    assert reasons(told.answers[0]) == [("ring", Because.NOBODY_LEAVES)]
    assert told.answers[1].reasons[0].comparison.decided_by == "subject"


def test_a_ring_that_only_adds_to_a_shorter_one_lost_by_its_length():
    people = [
        one("T1", "S1", "S2", points=100),
        one("T2", "S1", "S2", points=900),
        one("T3", "S2", "S3", points=800),
        one("T4", "S3", "S1", points=700),
        one("T5", "S2", "S1", points=200),
    ]

    comparison = lost(people, (3, 5))

    assert (comparison.decided_by, comparison.people, comparison.place) == ("length", 3, 3)


def test_the_documents_name_nobody_else():
    rng = Random(5)  # noqa: S311  # a market is no secret
    for _ in range(60):
        document = random_problem(rng)
        market = problem_from_document(document, "x")
        explainer = Explainer(market, solve(market))
        for person in market.teachers:
            told = str(explainer.explain(person.id).document())
            others = {other.id for other in market.teachers} - {person.id}
            assert not any(f"'{other}'" in told for other in others)


def test_every_wish_up_to_the_one_obtained_has_an_answer_and_every_answer_its_sentences():
    rng = Random(6)  # noqa: S311  # a market is no secret
    for _ in range(150):
        market = problem_from_document(random_problem(rng), "x")
        explainer = Explainer(market, solve(market))
        for person in market.teachers:
            told = explainer.explain(person.id)
            outcomes = [answer.outcome for answer in told.answers]
            assert outcomes.count(Outcome.OBTAINED) == (told.move is not None)
            if told.move is None:
                assert len(outcomes) == len(person.wishes) * len(person.subjects)
            for texts in TEXTS.values():
                assert all(_sentences(texts, answer) for answer in told.answers)


def _sentences(texts: Texts, answer):
    return [texts.answer(answer), *map(texts.reason, answer.reasons)]


def test_the_sentences_read_as_agreed():
    told = explained(
        [one("T1", "S1", "S2", "S3", points=3550), one("T2", "S4", "S2", points=3600)],
        vacancies=[vacancy("S2"), vacancy("S3")],
    )
    zh, en = TEXTS[Language.ZH], TEXTS[Language.EN]

    assert [line for answer in told.answers for line in _sentences(zh, answer)] == [
        "第 1 志願 S2（general） 35.5 分：未達成。",
        "單調：由較優先的 1 人取得。最後一人 36.0 分，這邊 35.5 分。",
        "單調：已經達成，不再參加後面的階段。",
        "第 2 志願 S3（general） 35.5 分：達成。",
    ]
    assert [line for answer in told.answers for line in _sentences(en, answer)] == [
        "Wish 1 S2 (general), 35.5 points: not obtained.",
        "vacancies: taken by 1 with higher priority; the last has 36.0 points against 35.5.",
        "vacancies: she had moved and took no part in later phases.",
        "Wish 2 S3 (general), 35.5 points: obtained.",
    ]


def test_who_was_placed_by_the_walk_before_a_dearer_wish_came_up_is_told_both_totals():
    market = problem_from_document(
        problem(
            [school("S1"), school("A", "13"), school("B", "14")],
            [teacher("T1", "S1", "A", "B", points={"13": 100, "14": 900})],
            vacancies=[vacancy("A"), vacancy("B")],
            rules=rules(greedy_phase()),
        ),
        "market",
    )
    move = {"teacher": "T1", "from": ["S1", "general"], "to": ["B", "general"]}
    chain = {"kind": "chain", "phase": "single", "round": 1}
    chain["moves"] = [move | {"wish": 2, "subject_rank": 1}]

    told = explain(market, placement_of(market, [chain]), "T1")

    (reason,) = told.answers[0].reasons
    assert reason.code is Because.EARLIER_TURN
    assert (reason.comparison.points, reason.comparison.against) == (900, 100)
    assert TEXTS[Language.ZH].reason(reason) == (
        "單調：逐筆走訪先走到您達成的志願：那裡 9.0 分，這邊 1.0 分。"
    )
    assert TEXTS[Language.EN].reason(reason) == (
        "vacancies: the walk came first to the wish she got; there she has 9.0 points against 1.0."
    )


def test_who_no_phase_was_for_and_what_no_phase_was_for_is_told_so():
    only = rules(vacancy_phase("indigenous", who="indigenous", schools="indigenous"))
    outside = explained([one("T1", "S1", "S2")], rules=only)
    inside = explained([one("T1", "S1", "S2", indigenous=True)], rules=only)

    assert reasons(outside.answers[0]) == [("indigenous", Because.NOT_FOR_HER)]
    assert reasons(inside.answers[0]) == [("indigenous", Because.SCHOOL_NOT_IN_PHASE)]


def traded(rule_file, decide):
    """T1's answers where seats are traded: her six wishes fail in every way but the last."""
    document = problem(
        [*SCHOOLS, school("S10")],
        [
            one("T1", "S1", "S2", "S3", "S4", "S5", "S9", "S6", points=500),
            one("T2", "S7", "S2", points=900),
            one("T3", "S3", "S10", points=800),
            one("T4", "S4", "S8", points=700),
        ],
        vacancies=[vacancy("S2"), vacancy("S8"), vacancy("S6"), vacancy("S4", 0, refill=False)],
        rules=rule_file,
    )
    market = problem_from_document(document, "market")
    return explain(market, decide(market), "T1")


def test_where_seats_are_traded_each_wish_is_told_who_got_it_or_that_nobody_could():
    what_if = traded(rules(vacancy_phase()), lambda market: ttc(market).placement)
    phase = vacancy_phase() | {"method": "ttc", "refill": "chains"}
    by_rule = traded(rules(phase), solve)

    for told, name in ((what_if, "ttc"), (by_rule, "single")):
        assert [reasons(answer) for answer in told.answers] == [
            [(name, Because.GIVEN)],
            [(name, Because.NOT_LEFT)],
            [(name, Because.NOT_GIVEN)],
            [(name, Because.NO_SEAT)],
            [(name, Because.NO_SEAT)],
            [],
        ]
        assert told.answers[0].reasons[0].comparison.points == 900
    assert TEXTS[Language.EN].reason(what_if.answers[0].reasons[0]) == (
        "trading cycles (what if): the mechanism gave it to 1, not by points alone;"
        " the last has 9.0 points against 5.0."
    )
    assert TEXTS[Language.ZH].reason(what_if.answers[0].reasons[0]) == (
        "循環交換（試算）：這種機制給了另外 1 人（不只看積分）。其中最後一人 9.0 分，這邊 5.0 分。"
    )


def test_a_phase_that_trades_passes_over_schools_and_people_it_is_not_for():
    phase = vacancy_phase("trade", who="language", schools="remote")
    told = explained(
        [one("T1", "S1", "S2", "S3", language=True), one("T2", "S4", "S3")],
        schools=[school("S1"), school("S2"), school("S3", "13", "remote"), school("S4")],
        vacancies=[vacancy("S3")],
        rules=rules(phase | {"method": "ttc", "refill": "chains"}),
    )

    assert reasons(told.answers[0]) == [("trade", Because.SCHOOL_NOT_IN_PHASE)]
    assert told.answers[1].outcome is Outcome.OBTAINED

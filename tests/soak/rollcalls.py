"""Rolls called in a hall, what they came to, and cases of failure, each against plain loops."""

import random
import sys
from collections import Counter
from functools import partial

from matcher.aftermath.cascade import cascade
from matcher.rollcall.log import Replay
from matcher.rollcall.result import result_of
from tests.matcher.falls import by_the_law, case, drawn, support
from tests.matcher.halls import Roll, by_the_rule, played
from tests.soak.spread import Case, spread
from tests.soak.table import Budget, Row

NAME = "rollcalls"
ROLLS = 20_000
CASES = 100_000
CONTROLS = 300


def run(budget: Budget) -> tuple[Row, ...]:
    """Both against their rule, and against a rule that is not theirs."""
    rolls = spread(f"{NAME}/rolls", called, ROLLS, budget)
    falls = spread(f"{NAME}/falls", fallen, CASES, budget)
    sys.stderr.write(rolls.explain(f"python -m tests.soak --seed {budget.seed} {NAME}"))
    sys.stderr.write(falls.explain(f"python -m tests.soak --seed {budget.seed} {NAME}"))
    other_rolls = spread(f"{NAME}/control", partial(called, is_other=True), CONTROLS, budget)
    other_falls = spread(f"{NAME}/control", partial(fallen, is_other=True), CONTROLS, budget)
    note = f"{rolls.counts['calls']:,} calls"
    return (
        rolls.row("roll calls against loops", ROLLS, note=note),
        falls.row("failures against the law", CASES),
        other_rolls.row("absence forfeits where it must not", CONTROLS, control=True),
        other_falls.row("no school opens a seat", CONTROLS, control=True),
    )


def called(rng: random.Random, *, is_other: bool = False) -> Case:
    """One roll: who is called when, who takes what, what is left."""
    whose: dict[str, str | None] = {}
    document, expected, answers = played(rng, whose)
    if is_other:
        document["settings"]["absent"] = "forfeit"
        words = iter(answers)
        expected = by_the_rule(document, lambda _, free: next(words, free[0]), whose)
        document["settings"]["absent"] = "last_of_subject"
    roll, calls = Roll(document), []
    for word in answers:
        if roll.now is None or (word not in roll.choices() and word.startswith("S")):
            return Case((f"{word} cannot be said",))
        calls.append((*roll.place, roll.choices()))
        roll.say(word)
    taken = roll.session.state.taken
    took = {e.applicant: (e.destination.school, e.destination.subject) for e in taken}
    log = Replay(session=roll.session, head="", lines=1, size=1, fault=None)
    result = result_of(roll.hall, log)
    is_right = result is not None and support(result) == whose
    is_right = is_right and (calls, took, roll.open()) == expected
    return Case(() if is_right else (f"{answers}",), Counter(calls=len(calls)))


def fallen(rng: random.Random, *, is_other: bool = False) -> Case:
    """One case of failures: which moves stand."""
    of, failed, opened = drawn(rng)
    expected = by_the_law(of, failed, () if is_other else opened, rng)
    result = cascade(of, case(of, *failed, opened=opened))
    stand = {move.teacher for move in result.stand}
    return Case(() if stand == expected else (f"{failed} {opened} {sorted(stand)}",))

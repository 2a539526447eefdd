"""The problem that is solved when another rule file is put in place of the one inside."""

from dataclasses import replace

from matcher.files.market import Problem
from matcher.files.refusal import Fault, FaultCode, RefusedFileError
from matcher.files.rulebook import Rules


def under_rules(problem: Problem, rules: Rules, file: str) -> Problem:
    """The problem with these rules; the tie numbers of everybody are put into their order.

    ``file``: the name faults of the rule file are told under.

    Raises:
        RefusedFileError: The rules name a tie number the problem has not.
    """
    known = {tie: number for number, tie in enumerate(problem.rules.tie)}
    strange = tuple(
        Fault(file=file, path=f"$.tie[{index}]", code=FaultCode.TIE_UNKNOWN, detail=tie.value)
        for index, tie in enumerate(rules.tie)
        if tie not in known
    )
    if strange:
        raise RefusedFileError(strange)
    places = [known[tie] for tie in rules.tie]
    teachers = tuple(
        replace(teacher, tie=tuple(teacher.tie[place] for place in places))
        for teacher in problem.teachers
    )
    return replace(problem, rules=rules, teachers=teachers)

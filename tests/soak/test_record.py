from dataclasses import replace

from tests.soak import record
from tests.soak.table import Budget, Row

GOOD = Row(what="a | b", wanted=1000, done=1000, violations=0, seconds=2.0, note="網路")
BUDGET = Budget(share=1.0, seed=7)


def test_a_page_gives_back_the_parts_that_were_written():
    parts = {"one": record.part([GOOD], BUDGET, 2.4), "two": record.part([], BUDGET, 0.0)}

    assert record.read(record.write(parts)) == parts
    assert record.read("") == {}


def test_every_row_says_its_state_and_of_which_commit_it_is():
    rows = [
        GOOD,
        replace(GOOD, done=3),
        replace(GOOD, violations=1),
        replace(GOOD, control=True, violations=5),
        replace(GOOD, control=True),
    ]

    page = record.write({"part": record.part(rows, BUDGET, 60.0)})

    states = [line.split(" | ")[5] for line in page.splitlines() if line.startswith("| part |")][1:]
    assert states == ["ok", "TOO FEW", "VIOLATED", "seen", "CONTROL BLIND"]
    assert "- part: share 1, seed 7, 60 s on " in page
    assert "a \\| b" in page

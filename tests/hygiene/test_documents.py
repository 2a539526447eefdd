"""Documents that promise completeness are complete, and point at things that exist."""

import re
from collections import Counter

import pytest

from tests.hygiene.tree import ROOT

DOCS = ROOT / "docs"
STATES = ("done", "part", "replaced", "planned", "cite")
WANTED = [f"F-{n:03}" for n in range(1, 677)] + [f"U-{n:03}" for n in range(1, 66)]
ADR_PARTS = ["Context", "Options", "Outcome", "Consequences"]


def table_rows(text):
    """The cells of every table row in a Markdown text."""
    lines = (line for line in text.splitlines() if line.startswith("|"))
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def feature_rows():
    rows = table_rows((DOCS / "features.md").read_text("utf-8"))
    return [row for row in rows if re.fullmatch(r"[FU]-\d{3}", row[0])]


def test_every_feature_is_listed_once_and_in_order():
    assert [row[0] for row in feature_rows()] == WANTED


def test_every_feature_has_a_state_and_a_reason_to_believe_it():
    for number, item, _do, state, evidence in feature_rows():
        assert item, number
        assert state in STATES, number
        assert evidence, number


def test_what_is_called_done_names_a_file_that_exists():
    for number, _item, _do, state, evidence in feature_rows():
        named = re.findall(r"`([^`]+)`", evidence)
        files = [name.partition("::")[0] for name in named if "/" in name]
        assert files or state == "planned", f"{number} is {state} without evidence"
        assert [name for name in files if not (ROOT / name).exists()] == [], number


def test_what_is_called_done_names_a_test_that_exists():
    for number, _item, _do, _state, evidence in feature_rows():
        for path, test in re.findall(r"`(tests/[^`:]+)::(\w+)`", evidence):
            assert f"def {test}(" in (ROOT / path).read_text("utf-8"), f"{number}: {test}"


def test_the_counts_of_features_add_up():
    text = (DOCS / "features.md").read_text("utf-8")
    total = next(row for row in table_rows(text) if row[0] == "**all**")
    counted = Counter(row[3] for row in feature_rows())

    assert [cell.strip("*") for cell in total[1:]] == [
        str(len(WANTED)),
        *(str(counted[state]) for state in STATES),
    ]


def test_the_glossary_is_alphabetical_and_has_both_languages():
    rows = table_rows((DOCS / "glossary.md").read_text("utf-8"))[2:]

    terms = [row[0] for row in rows]
    assert terms == sorted(set(terms), key=str.casefold)
    assert all(all(row) for row in rows)
    assert len({row[1] for row in rows}) == len(rows)


def test_decisions_are_numbered_without_gaps_and_have_every_part():
    records = sorted((DOCS / "adr").glob("[0-9]*.md"))

    assert [path.name[:4] for path in records] == [f"{n:04}" for n in range(len(records))]
    for path in records:
        text = path.read_text("utf-8")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ADR_PARTS, path.name
        assert re.search(r"^- Status: .+\n- Date: .+$", text, re.MULTILINE), path.name


@pytest.mark.parametrize("path", [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))], ids=str)
def test_every_link_to_a_file_of_ours_leads_somewhere(path):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8"))

    broken = [t for t in targets if "://" not in t and not (path.parent / t).exists()]

    assert broken == []

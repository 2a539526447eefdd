"""docs/threats.md: every threat names tests that exist (PROTOCOL 3)."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/threats.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| who")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_threat_names_tests_that_exist(row):
    assert len(row) == 5

    named = re.findall(r"`(tests/[^`]+)`", row[3])

    assert named
    for each in named:
        assert each.rpartition("/")[2].startswith("test_"), each
        assert (ROOT / each).is_file(), each  # a folder says of no test that it is the one


def test_every_kind_of_attacker_of_the_threat_model_is_there():
    for word in ("thief", "copy", "officer", "stranger", "snapshot", "administrator", "insider"):
        assert any(word in row[0] for row in ROWS), word
    for word in ("root of a kiosk", "hostile", "parser", "stick", "supply", "keys", "card"):
        assert any(word in row[0] for row in ROWS), word

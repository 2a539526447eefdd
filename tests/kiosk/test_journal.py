"""The kiosk's log says where it crashed, and nothing of whom it was showing."""

import json

import pytest

from kiosk.journal import Journal


def test_a_crash_is_one_line_with_its_place_and_none_of_its_values(tmp_path):
    path = tmp_path / "kiosk.log"
    journal = Journal(path)

    with pytest.raises(KeyError) as caught:
        {}["林曉芒"]
    journal.crashed(caught.value)

    (line,) = path.read_text(encoding="utf-8").splitlines()
    said = json.loads(line)
    assert (said["event"], said["level"], said["kind"]) == ("kiosk_crashed", "error", "KeyError")
    assert said["where"][-1].startswith("test_journal.py:")
    assert "林曉芒" not in line

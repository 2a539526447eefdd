"""The documented list of a station's audit events is the one in the code.

And every one is written.
"""

import re

from syncd.store.audit import AuditCode


def test_every_audit_event_of_a_station_is_documented_and_no_other(root):
    text = (root / "docs/audit-events.md").read_text("utf-8")
    section = text.partition("## Station: kiosk and syncd")[2].partition("\n## ")[0]

    documented = re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)

    assert documented == sorted(code.value for code in AuditCode)


def test_every_audit_event_of_a_station_is_written_by_some_program(root):
    sources = [*(root / "kiosk").rglob("*.py"), *(root / "syncd").rglob("*.py")]
    written = set(re.findall(r"AuditCode\.(\w+)", "".join(map(read, sources))))

    assert written == {code.name for code in AuditCode}


def read(path):
    return path.read_text("utf-8")

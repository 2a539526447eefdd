"""The documented list of audit events is the one in the code, and every one has its words."""

import re

from server.audit import AuditCode
from server.console.text import AUDIT


def test_every_audit_event_of_the_server_is_documented_and_no_other(root):
    text = (root / "docs/audit-events.md").read_text("utf-8")
    section = text.partition("## Console and server commands")[2].partition("\n## ")[0]

    documented = re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)

    assert documented == sorted(code.value for code in AuditCode)


def test_every_audit_event_has_words_on_the_page():
    assert set(AUDIT) == set(AuditCode)

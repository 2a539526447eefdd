"""Why a teacher got what she got, as the sentences her kiosk shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.season.sift import Reason
from server.season.text import REASONS


def lines_for(explanations: Mapping[str, Any], alias: str) -> Sequence[str]:
    """The matcher's sentences for one applicant, in the order of her wishes."""
    lines: Sequence[str] = explanations[alias]["zh"]
    return lines


def left_out_line(reason: Reason) -> str:
    """The one sentence for an application that was not put before the matcher."""
    return f"未列入媒合：{REASONS[reason]}。"


def more_lines(count: int) -> str:
    """What stands for lines that an entry has no room for."""
    return f"另有 {count} 行說明未列出，可向縣市承辦人查詢。"

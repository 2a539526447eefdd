"""Why a teacher got what she got, as the sentences her kiosk shows.

The matcher knows codes; here they become the names of schools and subjects.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import zstandard

from server.season.sift import Reason
from server.season.text import REASONS

UNPACKED_AT_MOST = 2**30
EXCLUSIONS = MappingProxyType({"teaching_area": "教師證任教地區限制"})
_POSITION = re.compile(r"([0-9]{2}[0-9A-Z]{4}(?:-[0-9A-Z]{1,3})?)（([a-z_]+)）")
_EXCLUSION = re.compile("（(" + "|".join(EXCLUSIONS) + ")）")


def pack_explanations(told: bytes) -> bytes:
    """The sentences by alias out of what the matcher tells, one JSON object a line; compressed."""
    lines = {each["teacher"]: each["lines"] for each in map(json.loads, told.splitlines())}
    data = json.dumps(lines, ensure_ascii=False, separators=(",", ":")).encode()
    return zstandard.ZstdCompressor(level=9).compress(data)


def unpack_explanations(packed: bytes) -> Mapping[str, Sequence[str]]:
    """The sentences by alias."""
    data = zstandard.ZstdDecompressor().decompress(packed, max_output_size=UNPACKED_AT_MOST)
    found: dict[str, list[str]] = json.loads(data)
    return found


def named(
    lines: Sequence[str], schools: Mapping[str, str], subjects: Mapping[str, str]
) -> Iterator[str]:
    """The lines with names of schools (by code) and subjects (of the stage, by code)."""

    def position(match: re.Match[str]) -> str:
        school, subject = match[1], match[2]
        name = f"{school} {schools[school]}" if school in schools else school
        return f"{name}（{subjects.get(subject, subject)}）"

    for line in lines:
        plain = _EXCLUSION.sub(lambda match: f"（{EXCLUSIONS[match[1]]}）", line)
        yield _POSITION.sub(position, plain)


def left_out_line(reason: Reason) -> str:
    """The one sentence for an application that was not put before the matcher."""
    return f"未列入媒合：{REASONS[reason]}。"


def more_lines(count: int) -> str:
    """What stands for lines that an entry has no room for."""
    return f"另有 {count} 行說明未列出，可向縣市承辦人查詢。"

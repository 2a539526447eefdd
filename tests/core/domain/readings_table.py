"""Writes ``core/rules/tables/readings.toml`` from the readings pypinyin collects.

``python -m tests.core.domain.readings_table``; a test holds the table against the same source.
"""

import sys
import unicodedata
from importlib.metadata import version
from pathlib import Path

from pypinyin import Style, pinyin

from core.domain.reading import KEYS

TABLE = Path(__file__).parents[3] / "core" / "rules" / "tables" / "readings.toml"
UNIFIED = range(0x4E00, 0xA000)
HEAD = """\
# 注音首字: the first symbol of every reading of every character of the first CJK block.
source = "pypinyin {version}（MIT），讀音取自 Unicode Unihan 等字典"
place = "pypinyin.constants.PINYIN_DICT"
as_of = "{as_of}"
checked_on = "2026-11-21"

[characters]
"""
AS_OF = "2025-07-20"


def first_symbols(character: str) -> frozenset[str]:
    """The first symbols of its readings; tone marks are left out."""
    (found,) = pinyin(character, style=Style.BOPOMOFO, heteronym=True, errors="ignore") or [[]]
    return frozenset(reading.lstrip("˙")[:1] for reading in found) & frozenset(KEYS.values())


def table() -> str:
    """The whole file."""
    rows: dict[str, list[str]] = {symbol: [] for symbol in KEYS.values()}
    for character in map(chr, UNIFIED):
        for symbol in first_symbols(character):
            rows[symbol].append(character)
    lines = [f'"{symbol}" = "{"".join(rows[symbol])}"' for symbol in KEYS.values() if rows[symbol]]
    return HEAD.format(version=version("pypinyin"), as_of=AS_OF) + "\n".join(lines) + "\n"


if __name__ == "__main__":
    assert all(unicodedata.name(symbol).startswith("BOPOMOFO") for symbol in KEYS.values())
    sys.stdout.write(str(TABLE.write_text(table(), encoding="utf-8")) + " characters\n")

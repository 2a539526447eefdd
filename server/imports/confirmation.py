"""The last step of every import: report, ask, write, and say what became of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import typer
from sqlalchemy import Connection

from server.store.database import Store
from server.terminal import Exit, confirmed, report

OUTCOMES = MappingProxyType(
    {
        "written": "已寫入",
        "nothing_to_do": "沒有任何變更，不需寫入",
        "dry_run": "試算完成，未寫入",
        "not_confirmed": "沒有確認，未寫入（加 --yes 可略過詢問）",
        "unusable": "檔案無法使用，未寫入",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the person wants, and whether there is anything to do."""

    yes: bool
    dry_run: bool
    as_json: bool
    broken: bool
    changes: bool


def settle(
    store: Store,
    asked: Asked,
    facts: Mapping[str, object],
    lines: Iterator[str],
    write: Callable[[Connection], int],
) -> None:
    """Report, ask, write, say what became of it, and end with the exit code that says the same."""
    if not asked.as_json:
        report({}, lines, as_json=False)
    written = 0
    outcome, code = _outcome(asked)
    if outcome == "written":
        with store.writing() as connection:
            written = write(connection)
        outcome = "written" if written else "nothing_to_do"
    done = {**facts, "outcome": outcome, "written": written}
    report(done, iter([f"{OUTCOMES[outcome]}（{written:,} 列）"]), as_json=asked.as_json)
    raise typer.Exit(code)


def _outcome(asked: Asked) -> tuple[str, Exit]:
    if asked.broken:
        return "unusable", Exit.FAILED
    if not asked.changes:
        return "nothing_to_do", Exit.OK
    if asked.dry_run:
        return "dry_run", Exit.OK
    if asked.yes or (not asked.as_json and confirmed("確認寫入？")):
        return "written", Exit.OK
    return "not_confirmed", Exit.REFUSED

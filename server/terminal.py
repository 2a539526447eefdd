"""What the server's commands share: options, exit codes, who asks, and faults as one sentence."""

import getpass
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from server.config import ServerConfig
from server.store.database import Store, open_store


class Exit(IntEnum):
    """Exit codes of every subcommand."""

    OK = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3


Home = Annotated[
    Path, typer.Option("--home", envvar="JIEPIN_SERVER_HOME", help="Folder of the server.")
]
Database = Annotated[
    str | None,
    typer.Option("--database", envvar="JIEPIN_DATABASE", help="Database URL, if not in --home."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Report as one JSON object.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")]


class RefusedError(Exception):
    """The rules forbid it; the message is a sentence for people, ``code`` is for machines."""

    def __init__(self, code: str, sentence: str) -> None:
        """Keep both."""
        super().__init__(sentence)
        self.code = code


@contextmanager
def opened(home: Path, database: str | None) -> Iterator[Store]:
    """The server's database; a refusal or a fault of it ends the command with its exit code."""
    store = open_store(ServerConfig(home=home, database=database).database_url)
    try:
        yield store
    except RefusedError as error:
        typer.echo(f"{error}（{error.code}）", err=True)
        raise typer.Exit(Exit.REFUSED) from error
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        typer.echo(f"資料庫無法使用：{cause}（jiepin server migrate 執行過了嗎？）", err=True)
        raise typer.Exit(Exit.FAILED) from error
    finally:
        store.close()


def operator() -> str:
    """Who sits at this command line, as the audit trail names such people."""
    return f"os:{getpass.getuser()}"


def report(facts: Mapping[str, object], lines: Iterator[str], *, as_json: bool) -> None:
    """Print ``facts`` as one JSON object, or ``lines`` for people."""
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, sort_keys=True))
        return
    for line in lines:
        typer.echo(line)


def confirmed(question: str) -> bool:
    """Whether the person at the terminal says yes; nobody there is a no."""
    return sys.stdin.isatty() and typer.confirm(question)

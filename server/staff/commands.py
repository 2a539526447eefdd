"""`jiepin server accounts …`: who may log in to the console."""

import getpass
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from core.domain.place import find_county, load_counties
from server.lists import read_table
from server.staff.account import PASSWORD_AT_LEAST, SALT_BYTES, Account, add_account
from server.staff.card import forget_card, issue_code, new_code, require_cards
from server.staff.role import ROLE_NAMES, Role
from server.terminal import AsJson, Database, Exit, Home, RefusedError, opened, operator, report

app = typer.Typer(no_args_is_help=True, help="Console accounts.")
GENERATED_BYTES = 12
REFUSALS = {
    "login_taken": "這個帳號已經存在。",
    "password_short": f"密碼至少要 {PASSWORD_AT_LEAST} 個字元。",
    "county_needed": "縣市承辦帳號要用 --county 指定縣市代碼，其他身分不用。",
    "login_unknown": "沒有這個帳號。",
    "card_there": "這個帳號已登記健保卡；遺失或換卡，請先用 card-forget 取消。",
    "no_card": "這個帳號沒有登記健保卡。",
}
Login = Annotated[str, typer.Argument(help="Name to log in with.")]


@app.command("add")
def add(  # noqa: PLR0913 - the options of a command
    login: Login,
    role: Annotated[Role, typer.Option(help="What the account may do.")],
    home: Home,
    database: Database = None,
    *,
    name: Annotated[str, typer.Option(help="Name shown on pages; the login if not given.")] = "",
    county: Annotated[str | None, typer.Option(help="County code, for role county.")] = None,
    generate: Annotated[
        bool, typer.Option("--generate", help="Make a password and show it once.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add an account. The password comes on standard input, or is made and shown once.

    Example: jiepin server accounts add wang --role county --county 13 --generate --home server
    """
    if (
        county is not None
        and find_county(county, load_counties(read_table("counties.toml"))) is None
    ):
        typer.echo(f"沒有代碼為 {county} 的縣市", err=True)
        raise typer.Exit(Exit.USAGE)
    password = secrets.token_urlsafe(GENERATED_BYTES) if generate else _password()
    account = Account(login=login, name=name or login, role=role, county=county)
    with _changing(home, database) as connection:
        add_account(
            connection,
            account,
            password=password,
            salt=secrets.token_bytes(SALT_BYTES),
            by=operator(),
            now_ms=_now_ms(),
        )
    facts = {"login": login, "role": role.value, "county": county}
    if generate:
        facts["password"] = password
    lines = [f"已新增 {login}（{role.value}）"]
    lines += [f"密碼（只顯示這一次）：{password}"] if generate else []
    report(facts, iter(lines), as_json=as_json)


@app.command("card-code")
def card_code(
    login: Login, home: Home, database: Database = None, *, as_json: AsJson = False
) -> None:
    """Let somebody enrol a health card for an account; the code is shown once.

    Give it to the person whose account it is, by another way than the password, and make sure who
    that is. It is good for seven days and once; from now on the account needs it to sign in.

    Example: jiepin server accounts card-code wang --home server
    """
    code = new_code()
    with _changing(home, database) as connection:
        issue_code(connection, login, code, by=operator(), now_ms=_now_ms())
    lines = [f"{login} 的健保卡登記碼（只顯示這一次，7 天內有效）：{code}"]
    report({"login": login, "code": code}, iter(lines), as_json=as_json)


@app.command("card-forget")
def card_forget(
    login: Login, home: Home, database: Database = None, *, as_json: AsJson = False
) -> None:
    """The card of an account is lost or was replaced: it opens nothing any more.

    Until another is enrolled, a password alone opens the account, unless its role needs a card:
    give a new code at once.

    Example: jiepin server accounts card-forget wang --home server
    """
    with _changing(home, database) as connection:
        forget_card(connection, login, by=operator(), now_ms=_now_ms())
    report({"login": login}, iter([f"已取消 {login} 的健保卡"]), as_json=as_json)


@app.command("card-rule")
def card_rule(
    home: Home,
    database: Database = None,
    *,
    role: Annotated[
        list[Role] | None, typer.Option(help="A role that needs a card; may be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which roles cannot sign in without a health card; no --role: none.

    Example: jiepin server accounts card-rule --role county --role host --home server
    """
    roles = sorted(set(role or ()), key=list(Role).index)
    with _changing(home, database) as connection:
        require_cards(connection, roles, by=operator(), now_ms=_now_ms())
    names = "、".join(ROLE_NAMES[each] for each in roles)
    line = f"下次登入起須用健保卡：{names}" if roles else "沒有身分須用健保卡"
    report({"roles": [each.value for each in roles]}, iter([line]), as_json=as_json)


@contextmanager
def _changing(home: Path, database: str | None) -> Iterator[Connection]:
    """One transaction; what the rules forbid is a sentence."""
    with opened(home, database) as store:
        try:
            with store.writing() as connection:
                yield connection
        except ValueError as error:
            code = str(error)
            raise RefusedError(code, REFUSALS[code]) from error


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("密碼：")
    return sys.stdin.readline().rstrip("\n")

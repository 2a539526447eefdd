"""`jiepin server accounts …`: who may log in to the console."""

import getpass
import secrets
import sys
import time
from typing import Annotated

import typer

from core.domain.place import find_county, load_counties
from server.lists import read_table
from server.staff.account import PASSWORD_AT_LEAST, SALT_BYTES, Account, add_account
from server.staff.role import Role
from server.terminal import AsJson, Database, Exit, Home, RefusedError, opened, operator, report

app = typer.Typer(no_args_is_help=True, help="Console accounts.")
GENERATED_BYTES = 12
REFUSALS = {
    "login_taken": "這個帳號已經存在。",
    "password_short": f"密碼至少要 {PASSWORD_AT_LEAST} 個字元。",
    "county_needed": "縣市承辦帳號要用 --county 指定縣市代碼，其他身分不用。",
}


@app.command("add")
def add(  # noqa: PLR0913 - the options of a command
    login: Annotated[str, typer.Argument(help="Name to log in with.")],
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
    with opened(home, database) as store:
        try:
            with store.writing() as connection:
                add_account(
                    connection,
                    account,
                    password=password,
                    salt=secrets.token_bytes(SALT_BYTES),
                    by=operator(),
                    now_ms=time.time_ns() // 1_000_000,
                )
        except ValueError as error:
            code = str(error)
            raise RefusedError(code, REFUSALS[code]) from error
    facts = {"login": login, "role": role.value, "county": county}
    if generate:
        facts["password"] = password
    lines = [f"已新增 {login}（{role.value}）"]
    lines += [f"密碼（只顯示這一次）：{password}"] if generate else []
    report(facts, iter(lines), as_json=as_json)


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("密碼：")
    return sys.stdin.readline().rstrip("\n")

"""Who acts on the season from the command line."""

import getpass
import sys
from typing import Annotated

import typer

from server.staff.account import Account, Entrance, find_lock, fits, note_attempt
from server.staff.role import Act, may, who_may
from server.store.database import Store
from server.terminal import RefusedError, operator

As = Annotated[
    str | None,
    typer.Option("--as", help="Console account that acts; its password comes on standard input."),
]


def actor(store: Store, login: str | None, act: Act, now_ms: int) -> str:
    """Who acts: the person at this machine, or an account whose password is on standard input.

    Raises:
        RefusedError: ``password_wrong``, ``account_locked`` or ``role``.
    """
    if login is None:
        return operator()
    password = (
        getpass.getpass(f"{login} 的密碼：")
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )
    with store.reading() as connection:
        lock = find_lock(connection, login)
    fitted = fits(lock, password)
    with store.writing() as connection:
        attempt = note_attempt(connection, login, fitted=fitted, now_ms=now_ms)
    if attempt.entrance is Entrance.LOCKED:
        raise RefusedError("account_locked", f"{login} 鎖定中，請稍後再試。")
    if attempt.entrance is Entrance.REFUSED or lock is None:
        raise RefusedError("password_wrong", "帳號或密碼不正確。")
    account: Account = lock.account
    if not may(account.role, act):
        raise RefusedError("role", f"{login} 不能做這件事；可以的是：{who_may(act)}。")
    return login

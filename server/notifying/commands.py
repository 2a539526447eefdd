"""``jiepin server notify``: what waits, what failed and why, what is left; and try again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import Connection, func, select

from server.config import ServerConfig
from server.keys import KeysError
from server.notifying.postbox import sent_this_month, try_again
from server.notifying.queue import Channel, State
from server.notifying.settings import Notifying, read_notifying
from server.store.notify_tables import line_link, notification
from server.terminal import AsJson, Database, DryRun, Exit, Home, opened, report

app = typer.Typer(
    no_args_is_help=True,
    help="Messages to teachers by mail and LINE.\n\nExample: jiepin server notify status --json",
)
STATES = {State.WAITING: "等待寄送", State.SENT: "已送出", State.FAILED: "未能送出"}


@app.command("status")
def show_status(home: Home, database: Database = None, *, as_json: AsJson = False) -> None:
    """Show the queue, the failures by reason, and the LINE messages of this month.

    Example: jiepin server notify status --home server
    """
    settings = _settings(home)
    now_ms = ServerConfig(home=home).now_ms()
    with opened(home, database) as store, store.reading() as connection:
        facts = status(connection, settings, now_ms)
    report(facts, _lines(facts), as_json=as_json)


@app.command("retry")
def retry_failed(
    home: Home, database: Database = None, *, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Put every message that failed in line again. Mail codes are not: they are too old by then.

    Example: jiepin server notify retry --home server
    """
    now_ms = ServerConfig(home=home).now_ms()
    with opened(home, database) as store:
        if dry_run:
            with store.reading() as connection:
                failed = select(func.count()).where(
                    notification.c.state == State.FAILED.value, notification.c.app.is_not(None)
                )
                count = connection.execute(failed).scalar_one()
        else:
            with store.writing() as connection:
                count = try_again(connection, now_ms)
    report({"again": count, "dry_run": dry_run}, iter([f"重新排入 {count} 則"]), as_json=as_json)


def status(connection: Connection, settings: Notifying, now_ms: int) -> dict[str, Any]:
    """What `show_status` reports; counts and codes, nobody's address."""
    rows = connection.execute(
        select(
            notification.c.channel,
            notification.c.topic,
            notification.c.state,
            func.count().label("number"),
            func.min(notification.c.t_ms).label("oldest_ms"),
        )
        .group_by(notification.c.channel, notification.c.topic, notification.c.state)
        .order_by(notification.c.channel, notification.c.topic, notification.c.state)
    ).all()
    reasons = connection.execute(
        select(
            notification.c.channel,
            notification.c.state,
            notification.c.detail,
            func.count().label("number"),
        )
        .where(notification.c.detail.is_not(None))
        .group_by(notification.c.channel, notification.c.state, notification.c.detail)
        .order_by(notification.c.channel, notification.c.state, notification.c.detail)
    ).all()
    used = sent_this_month(connection, now_ms)
    links = connection.execute(select(func.count()).select_from(line_link)).scalar_one()
    line = settings.line
    return {
        "channels": {
            Channel.MAIL.value: settings.mail is not None,
            Channel.LINE.value: line is not None,
        },
        "messages": [
            {
                "channel": row.channel,
                "topic": row.topic,
                "state": row.state,
                "count": row.number,
                "oldest_s": max(0, now_ms - row.oldest_ms) // 1000,
            }
            for row in rows
        ],
        "reasons": [
            {
                "channel": row.channel,
                "state": row.state,
                "code": row.detail,
                "count": row.number,
            }
            for row in reasons
        ],
        "line": {
            "linked": links,
            "sent_this_month": used,
            "a_month": 0 if line is None else line.messages_a_month,
        },
    }


def _settings(home: Path) -> Notifying:
    try:
        return read_notifying(home)
    except KeysError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(Exit.FAILED) from error


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    names = {Channel.MAIL.value: "電子郵件", Channel.LINE.value: "LINE"}
    for channel, there in facts["channels"].items():
        yield f"{names[channel]}：{'已設定' if there else '未設定'}"
    for each in facts["messages"]:
        state = STATES[State(each["state"])]
        yield f"{names[each['channel']]} {each['topic']} {state} {each['count']} 則"
    for each in facts["reasons"]:
        yield f"  原因 {names[each['channel']]} {each['code']} {each['count']} 則"
    line = facts["line"]
    used, most = line["sent_this_month"], line["a_month"]
    yield f"LINE 連結 {line['linked']} 人，本月已用 {used} 則，上限 {most} 則"

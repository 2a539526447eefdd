"""``jiepin server``: run it, bring its database up to date, check it, publish a release."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer
from aiohttp import web, web_protocol

from core.card.proof import AGENT_PORT
from core.wire.canon import from_wire
from core.wire.document import split_document
from core.wire.fault import WireError
from core.wire.identity import EnrolmentForm, SigningRequest
from core.wire.reference import Trust
from server.application import create_app
from server.attendance import ATTENDANCE, allow_many_connections
from server.config import ServerConfig
from server.directory import Directory
from server.garbage import Search, search_rarely
from server.imports import commands as imports
from server.imports import past_commands as past_imports
from server.journal import log_as_json
from server.keeping import commands as keeping
from server.keys import KeysError, read_keys
from server.notifying import commands as notifying
from server.publishing import publish_reference
from server.season import commands as season
from server.season import past_commands as past
from server.staff import commands as staff
from server.store import enrolments
from server.store.migrate import migrate
from server.terminal import AsJson, Database, Exit, Home, RefusedError, opened, report
from server.usb import commands as usb
from server.views.check import check_views
from server.views.fold import refold

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="The collection server and its console.\n\n"
    "Example: jiepin server run --home server --listen 127.0.0.1:8080",
)
imports.app.add_typer(past_imports.app)
app.add_typer(imports.app, name="import")
app.add_typer(staff.app, name="accounts")
app.add_typer(season.app)
app.add_typer(past.app)
app.add_typer(usb.app, name="usb")
app.add_typer(notifying.app, name="notify")
app.add_typer(keeping.app)
MANIFEST = "snapshot.ttc"
LISTED_AT_MOST = 1000
STOP_S = 10.0
SWITCH_S = 0.001
PREDECESSOR_S = 5.0  # a server that was told to stop may need so long to be gone
WORKERS_AT_MOST = 4
HEADERS_AT_MOST, HEADER_BYTES = 64, 4096
"""A browser behind two proxies sends half as many; what does not end is in memory until it does."""
REQUESTS_AHEAD = 2
"""Of one connection, read before the one in front is answered; browsers and kiosks send none."""
log = structlog.get_logger()


@app.command("migrate")
def migrate_database(home: Home, database: Database = None, *, as_json: AsJson = False) -> None:
    """Create the database, or bring it to the schema of this version.

    Example: jiepin server migrate --home server
    """
    with opened(home, database) as store:
        steps = migrate(store)
    report(
        {"steps": steps},
        iter([f"資料庫已更新：{'、'.join(steps)}" if steps else "資料庫已是最新"]),
        as_json=as_json,
    )


@app.command("run")
def run_server(  # noqa: PLR0913 - the options of a command
    home: Home,
    listen: Annotated[str, typer.Option(help="Address and port; port 0 takes a free one.")],
    database: Database = None,
    *,
    workers: Annotated[
        int | None,
        typer.Option(help="Processes that verify uploads; 0: none but the server's.", min=0),
    ] = None,
    card_port: Annotated[
        int, typer.Option(help="Port of jiepin card-agent on staff computers.", min=1024, max=65535)
    ] = AGENT_PORT,
    organiser: Annotated[
        str, typer.Option(help="Who runs the season this year (主辦單位), for the foot of pages.")
    ] = "",
) -> None:
    """Serve until told to stop (Ctrl-C). The address is printed, and written to HOME/address.

    The database is brought up to date first. Logs are JSON lines on standard error. A second server
    on the same database is refused (exit code 3).

    Example: jiepin server run --home server --listen 127.0.0.1:8080
    """
    host, separator, port = listen.rpartition(":")
    if not separator or not port.isdecimal():
        raise typer.BadParameter("ADDRESS:PORT, such as 127.0.0.1:8080", param_hint="--listen")
    if workers is None:
        workers = min(os.cpu_count() or 1, WORKERS_AT_MOST)
    config = ServerConfig(
        home=home,
        database=database,
        workers=workers,
        card_port=card_port,
        organiser=organiser,
    )
    try:
        with opened(home, database) as store, store.serving_alone(PREDECESSOR_S) as alone:
            if not alone:
                raise RefusedError("served", "已有伺服器使用這個資料庫，不能再開一個。")
            migrate(store)
            asyncio.run(_serve(config, host.strip("[]"), int(port)))
    except KeysError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(Exit.FAILED) from error
    except OSError as error:
        typer.echo(f"無法在 {listen} 提供服務：{error.strerror}", err=True)
        raise typer.Exit(Exit.FAILED) from error


@app.command("refold")
def refold_views(
    home: Home,
    database: Database = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Compare only; write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Rebuild every view from the log; with --check say whether they are what the log says.

    The check verifies every signature and chain of the log as well. Exit code 1: they are not.

    Example: jiepin server refold --check --home server
    """
    with opened(home, database) as store:
        if not check:
            with store.writing() as connection:
                entries = refold(connection, Directory())
            report({"entries": entries}, iter([f"已由 {entries} 筆紀錄重建"]), as_json=as_json)
            return
        checked = check_views(store, _trust(home))
    facts = {
        "entries": checked.entries,
        "erased": checked.erased,
        "absent": checked.absent,
        "equal": checked.equal,
        "damages": [{"place": each.place, "code": each.code} for each in checked.damages],
        "different": checked.different,
        "differences": [{"table": each.table, "key": each.key} for each in checked.differences],
    }
    lines = [f"{each.place}：{each.code}" for each in checked.damages]
    lines += [f"{each.table} {each.key}：與紀錄不符" for each in checked.differences]
    if checked.erased or checked.absent:
        lines += [f"內容已依保存期限清除 {checked.erased} 筆，從未收到 {checked.absent} 筆"]
    lines += [f"{checked.entries} 筆紀錄，檢視{'完全相符' if checked.equal else '不符'}"]
    report(facts, iter(lines), as_json=as_json)
    if not checked.equal:
        raise typer.Exit(Exit.FAILED)


@app.command("publish-reference")
def publish_release(
    folder: Annotated[
        Path, typer.Argument(help="Folder signed by `jiepin provision release`.", file_okay=False)
    ],
    home: Home,
    database: Database = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Publish signed reference files to every kiosk; an older release is refused (exit code 3).

    Example: jiepin server publish-reference reference --home server
    """
    try:
        signed = (folder / MANIFEST).read_bytes()
        files = [
            path.read_bytes() for path in sorted(folder.glob("*.ttc")) if path.name != MANIFEST
        ]
        keys = read_keys(home)
    except OSError as error:
        typer.echo(f"{folder} 沒有簽署過的參考資料（{MANIFEST}）", err=True)
        raise typer.Exit(Exit.FAILED) from error
    except KeysError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(Exit.FAILED) from error
    now_ms = ServerConfig(home=home).now_ms()
    with opened(home, database) as store:
        try:
            with store.writing() as connection:
                done = publish_reference(connection, (signed, files), keys, Directory(), now_ms)
        except WireError as error:
            typer.echo(f"未發布：{error.code}", err=True)
            raise typer.Exit(Exit.REFUSED) from error
    report(
        {"version": done.version, "fresh": done.fresh, "withdrawn": len(done.withdrawn)},
        iter([f"第 {done.version} 版{'已發布' if done.fresh else '先前已發布'}"]),
        as_json=as_json,
    )


@app.command("requests")
def list_requests(home: Home, database: Database = None, *, as_json: AsJson = False) -> None:
    """List the requests for certificates that wait for the county desk.

    Example: jiepin server requests --home server
    """
    with opened(home, database) as store, store.reading() as connection:
        waiting = enrolments.pending(connection, LISTED_AT_MOST)
    requests = []
    for name, form in waiting:
        body, _ = split_document(from_wire(form, EnrolmentForm).request)
        wanted = from_wire(body, SigningRequest)
        requests.append(
            {
                "id": name.hex(),
                "subject": wanted.subject,
                "name": wanted.name,
                "schools": list(wanted.schools),
            }
        )
    lines = (f"{r['id']}  {r['subject']}  {r['name']}" for r in requests)
    report({"requests": requests}, lines, as_json=as_json)


async def _serve(config: ServerConfig, host: str, port: int) -> None:
    place = config.home / "address"
    place.unlink(missing_ok=True)
    # Nothing is unpacked for anyone: an upload's own frame states its size and is bounded by it.
    web_protocol.MAX_MSG_QUEUE_SIZE = REQUESTS_AHEAD  # there is no option for it
    runner = web.AppRunner(
        create_app(config),
        access_log=None,
        auto_decompress=False,
        shutdown_timeout=STOP_S,
        max_headers=HEADERS_AT_MOST,
        max_field_size=HEADER_BYTES,
    )
    log_as_json()
    allow_many_connections()
    # The writer computes, the event loop talks: it asks for its turn after every word it says.
    sys.setswitchinterval(SWITCH_S)
    await runner.setup()
    search_rarely()
    keeping = [
        asyncio.create_task(Search().keep_looking()),
        asyncio.create_task(
            runner.app[ATTENDANCE].keep_sweeping(
                lambda: runner.server.connections if runner.server else ()
            )
        ),
    ]
    try:
        await web.TCPSite(runner, host, port).start()
        bound_host, bound_port = runner.addresses[0][:2]
        shown = f"[{bound_host}]" if ":" in bound_host else bound_host
        address = f"http://{shown}:{bound_port}"
        fresh = place.with_suffix(".new")
        fresh.write_text(f"{address}\n", encoding="utf-8")
        fresh.replace(place)
        typer.echo(address)
        sys.stdout.flush()
        log.info("server_started", address=address)
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, stopped.set)
        await stopped.wait()
    finally:
        for task in keeping:
            task.cancel()
        await runner.cleanup()
        place.unlink(missing_ok=True)
        log.info("server_stopped")


def _trust(home: Path) -> Trust | None:
    """Whom the centre's own log is held against; None where a copy is checked without keys."""
    try:
        return read_keys(home).trust
    except KeysError:
        return None

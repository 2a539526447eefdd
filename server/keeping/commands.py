"""``jiepin server backup``, ``restore``: what keeps the log beyond this machine."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from core.sealing import KEY_BYTES, SealError
from server.config import ServerConfig
from server.keeping.backup import Order, make_backup
from server.keeping.reconciliation import reconcile
from server.keeping.restore import Wanted, restore, try_backup
from server.keeping.retention import due_before, erase, erase_pictures
from server.keeping.sealed import BackupError
from server.keeping.text import sentence
from server.keys import KeysError, ServerKeys, read_keys
from server.store import dialect
from server.terminal import AsJson, Database, Exit, Home, RefusedError, opened, operator, report

app = typer.Typer(no_args_is_help=True, add_completion=False)
REFUSALS = frozenset({"database_exists"})


@app.command("backup")
def back_up(
    home: Home,
    folder: Annotated[
        Path,
        typer.Option("--to", help="Folder, best on another machine.", file_okay=False, exists=True),
    ],
    keep: Annotated[int, typer.Option(min=1, help="How many backups stay there.")] = 14,
    database: Database = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Copy the running server's database, sealed for the holder of the seal key, and verify it.

    The file is restored into a place of its own, its log and views are checked; only then entries
    count as backed up. Files beyond --keep are removed, oldest first.

    Example: jiepin server backup --home server --to /mnt/backup
    """
    config = ServerConfig(home=home, database=database)
    with _told():
        made = make_backup(
            Order(
                url=config.database_url,
                room=home,
                folder=folder,
                keep=keep,
                keys=_keys(home),
                account=operator(),
                now_ms=config.now_ms,
                random_bytes=secrets.token_bytes,
            )
        )
    facts = {
        "file": str(made.file),
        "bytes": made.size,
        "entries": made.contents.size,
        "machines": len({dev for dev, _ in made.contents.heads}),
        "root": made.contents.root.hex(),
        "removed": list(made.removed),
    }
    lines = [f"已備份並驗證 {made.contents.size} 筆紀錄：{made.file}"]
    lines += [f"已移除較舊的 {name}" for name in made.removed]
    report(facts, iter(lines), as_json=as_json)


@app.command("restore")
def begin_again(  # noqa: PLR0913 - one per option
    home: Home,
    file: Annotated[
        Path, typer.Option("--from", help="A file of `server backup`.", dir_okay=False, exists=True)
    ],
    key: Annotated[
        Path, typer.Option("--key", help="File of the seal key.", dir_okay=False, exists=True)
    ],
    database: Database = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Only try it; change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Begin anew from a backup, under a new epoch: every kiosk then sends again what is newer.

    Needs the home folder with its keys, and no database yet. Afterwards publish the newest
    reference again; `jiepin server reconcile` lists what has not come back.

    Example: jiepin server restore --home server --from jiepin-….jpb --key seal.key
    """
    config = ServerConfig(home=home, database=database)
    with _told():
        wanted = Wanted(
            file=file,
            seal_key=_seal_key(key),
            url=config.database_url,
            room=home,
            keys=_keys(home),
            account=operator(),
            now_ms=config.now_ms,
            random_bytes=secrets.token_bytes,
        )
        if check:
            contents = try_backup(wanted)
            report(
                {"entries": contents.size, "root": contents.root.hex()},
                iter([f"備份完好：{contents.size} 筆紀錄"]),
                as_json=as_json,
            )
            return
        restored = restore(wanted)
    report(
        {
            "entries": restored.contents.size,
            "root": restored.contents.root.hex(),
            "epoch": restored.epoch.hex(),
            "awaited": restored.awaited,
        },
        iter(
            [
                f"已由備份還原 {restored.contents.size} 筆紀錄",
                f"等待 {restored.awaited} 台機器補送較新的紀錄（jiepin server reconcile）",
                "請重新發布最新的參考資料（jiepin server publish-reference）",
            ]
        ),
        as_json=as_json,
    )


@app.command("retain")
def erase_old_content(
    home: Home,
    before: Annotated[str, typer.Option(help="Season whose first window ends the retention.")],
    database: Database = None,
    *,
    confirm: Annotated[
        str | None, typer.Option(help="The code that the first step printed; now it is done.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Erase what earlier seasons say about people; every chain still verifies afterwards.

    Pictures of runs go with it; those of the season's own runs are drawn again on demand.

    Without --confirm it only counts, and prints the code for the second step. Backups made before
    hold the content until they are removed: make a new one, and remove the older files.

    Example: jiepin server retain --home server --before 116 --confirm 5f0c2a91
    """
    config = ServerConfig(home=home, database=database)
    with opened(home, database) as store:
        with store.writing() as connection:
            due = due_before(connection, before, config.now_ms())
            erased = confirm is not None
            if erased:
                if confirm != due.code:
                    raise RefusedError("code_differs", sentence("code_differs"))
                erase(connection, due, operator(), config.now_ms())
        if erased:
            erase_pictures(home)
            dialect.compact(store.engine)
    report(
        {
            "season": due.season,
            "payloads": due.payloads,
            "evidence": due.evidence,
            "code": due.code,
            "erased": erased,
        },
        iter(
            [
                f"{due.season} 學年度以前：{due.payloads} 筆內容、{due.evidence} 件存證",
                "已清除；請重新備份並移除較舊的備份檔"
                if erased
                else f"尚未清除。確定請加上 --confirm {due.code}",
            ]
        ),
        as_json=as_json,
    )


@app.command("reconcile")
def list_missing(home: Home, database: Database = None, *, as_json: AsJson = False) -> None:
    """List receipts without entry, versions without receipt, and heads that are in no backup.

    After a restore also the machines that have not sent again what is newer: receipts given to
    them may not be backed by the log yet. Exit code 1 when anything is listed.

    Example: jiepin server reconcile --home server
    """
    with opened(home, database) as store, store.reading() as connection:
        found = reconcile(connection)
    entries = {
        "receipts_without_entry": found.orphans,
        "versions_without_receipt": found.unwitnessed,
        "heads_not_backed_up": found.exposed,
    }
    machines = [
        {"device": each.dev.hex(), "inc": each.inc, "seq": each.seq, "laid_by": each.laid_by}
        for each in found.awaited
    ]
    facts: dict[str, object] = {
        "entries": found.entries,
        "backed_up": found.backed_up,
        "zero": found.zero,
        "awaited": machines,
    }
    facts |= {name: [each.hex() for each in hashes] for name, hashes in entries.items()}
    lines = [
        f"{sentence(name)}：{each.hex()}" for name, hashes in entries.items() for each in hashes
    ]
    lines += [
        f"{sentence('awaited')}：{each.dev.hex()}（{each.inc}-{each.seq}）"
        for each in found.awaited
    ]
    lines.append(f"{found.entries} 筆紀錄，已備援至第 {found.backed_up} 筆")
    lines.append("沒有缺漏" if found.zero else "有缺漏")
    report(facts, iter(lines), as_json=as_json)
    if not found.zero:
        raise typer.Exit(Exit.FAILED)


@contextmanager
def _told() -> Iterator[None]:
    """What went wrong as one sentence and an exit code."""
    try:
        yield
    except BackupError as error:
        code = str(error)
        typer.echo(f"{sentence(code)}（{code}）", err=True)
        raise typer.Exit(Exit.REFUSED if code in REFUSALS else Exit.FAILED) from error
    except SealError as error:
        typer.echo(f"{sentence('seal_key')}（seal_key）", err=True)
        raise typer.Exit(Exit.FAILED) from error
    except OSError as error:
        typer.echo(f"{sentence('disk')}：{error.strerror}", err=True)
        raise typer.Exit(Exit.FAILED) from error


def _keys(home: Path) -> ServerKeys:
    try:
        return read_keys(home)
    except KeysError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(Exit.FAILED) from error


def _seal_key(place: Path) -> bytes:
    """The raw private key in a file.

    Raises:
        SealError: It holds something else.
    """
    private = place.read_bytes()
    if len(private) != KEY_BYTES:
        raise SealError("not a key")
    return private

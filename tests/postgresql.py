"""A PostgreSQL server for one test run: a temporary folder, a unix socket, gone with the run."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

OWNER = "postgres"
READY_WITHIN_S = 60
MEMORY = Path("/dev/shm")  # noqa: S108 - hundreds of databases a run, none of which has to last
ROOM_BYTES = 2 << 30


def find_binaries() -> Path | None:
    """The newest installed server's folder of programs."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(found, key=lambda path: int(path.parts[-3]), default=None)
    return newest and newest.parent


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; its folder holds data, log and socket."""

    folder: Path
    strategy: str
    """How a template is copied: as files where writing costs nothing, else through the log."""

    def url(self, database: str) -> str:
        """What `create_engine` takes."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={quote(str(self.folder))}"

    @contextmanager
    def database(self, name: str, *, template: str = "template0") -> Iterator[str]:
        """The URL of a new database that is dropped afterwards, whoever still uses it.

        Args:
            template: The database it begins as a copy of; nobody may be connected to that one.
        """
        identifier = sql.Identifier(name)
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}").format(
            identifier, sql.Identifier(template), sql.SQL(self.strategy)
        )
        self._administer(copy)
        try:
            yield self.url(name)
        finally:
            self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))

    def _administer(self, statement: sql.Composed) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def connect(self) -> "psycopg.Connection":
        """A connection to the maintenance database, one transaction per statement."""
        return psycopg.connect(
            host=str(self.folder), user=OWNER, dbname="postgres", autocommit=True
        )


@contextmanager
def open_cluster(binaries: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """Start a server and stop it afterwards; it also dies with this process, however that ends.

    Args:
        durable: Really write to disk; needed only where durability is what is tested.
    """
    in_memory = not durable and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    folder = Path(tempfile.mkdtemp(prefix="jiepin-pg-", dir=MEMORY if in_memory else None))
    as_owner = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, OWNER, OWNER)
        as_owner += [f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups"]
    data = folder / "data"
    initdb = [binaries / "initdb", "-D", data, "-A", "trust", "-U", OWNER]
    initdb += ["--locale=C.UTF-8", "-E", "UTF8", "--no-sync"]
    server = [binaries / "postgres", "-D", data, "-c", "listen_addresses="]
    server += ["-c", f"unix_socket_directories={folder}", "-c", "max_connections=50"]
    if not durable:
        server += ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "autovacuum=off"]
        server += ["-c", "max_wal_size=256MB"]
    try:
        subprocess.run([*as_owner, *initdb], cwd="/", check=True, capture_output=True)
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen([*as_owner, *server], cwd="/", stdout=log, stderr=log) as process,
        ):
            try:
                cluster = Cluster(folder, "FILE_COPY" if in_memory else "WAL_LOG")
                _wait_until_ready(cluster, process)
                yield cluster
            finally:
                process.send_signal(signal.SIGINT)
    finally:
        shutil.rmtree(folder)


def _wait_until_ready(cluster: Cluster, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            cluster.connect().close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return

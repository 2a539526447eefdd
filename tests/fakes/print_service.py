"""A real CUPS of its own: own spool, own socket, one raw queue to a printer that is a socket."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

QUEUE = "DESK"
READY_S = 20
_SETTINGS = """\
Listen {run}/cups.sock
LogLevel warn
PreserveJobFiles No
PreserveJobHistory No
Browsing No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""
_FILES = """\
ServerRoot {home}/root
RequestRoot {home}/spool
TempDir {home}/spool/tmp
CacheDir {home}/cache
StateDir {run}
AccessLog {home}/log/access
ErrorLog {home}/log/error
PageLog {home}/log/page
"""


def found() -> bool:
    """Whether CUPS is installed."""
    return all(shutil.which(name, path="/usr/sbin:/usr/bin") for name in ("cupsd", "lp", "lpadmin"))


class SocketPrinter:
    """Takes connections on a port, like a printer of an office; ``received`` is what came."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def switch_off(self) -> None:
        """Nobody answers any more."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line, line.makefile("rb") as job:
                self.received.append(job.read())


class PrintService:
    """``server`` is what programs find it by, ``spool`` where it keeps what is not printed yet."""

    def __init__(self, home: Path) -> None:
        self.home, self.spool = home, home / "spool"
        self.server = str(home / "run" / "cups.sock")

    def add_printer(self, port: int) -> None:
        """The default queue, to a printer on this port."""
        address = f"socket://127.0.0.1:{port}/?waiteof=false"
        self._admin("-p", QUEUE, "-E", "-v", address, "-m", "raw")
        self._admin("-d", QUEUE)

    def _admin(self, *words: str) -> None:
        subprocess.run(
            ["/usr/sbin/lpadmin", *words],
            check=True,
            capture_output=True,
            env={"CUPS_SERVER": self.server, "PATH": "/usr/sbin:/usr/bin"},
        )

    def kept(self) -> list[Path]:
        """Files of jobs in the spool."""
        return [path for path in self.spool.iterdir() if path.is_file()]


@contextmanager
def serving(home: Path) -> Iterator[PrintService]:
    """A running service."""
    service = PrintService(home)
    run = home / "run"
    for name in ("root/ppd", "spool/tmp", "cache", "run", "log"):
        (home / name).mkdir(parents=True)
    (home / "cupsd.conf").write_text(_SETTINGS.format(run=run))
    (home / "cups-files.conf").write_text(_FILES.format(home=home, run=run))
    daemon = subprocess.Popen(
        ["/usr/sbin/cupsd", "-f", "-c", home / "cupsd.conf", "-s", home / "cups-files.conf"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + READY_S
        while not (run / "cups.sock").exists():
            if daemon.poll() is not None or time.monotonic() > until:
                raise RuntimeError((home / "log" / "error").read_text())
            time.sleep(0.05)
        yield service
    finally:
        daemon.terminate()
        daemon.wait(READY_S)

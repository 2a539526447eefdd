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
READY_S = 60
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


_DESCRIPTION = """\
*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "DESK.PPD"
*Product: "(Desk)"
*Manufacturer: "Desk"
*ModelName: "Desk"
*ShortNickName: "Desk"
*NickName: "Desk"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*FileSystem: False
*Throughput: "1"
*LandscapeOrientation: Plus90
*TTRasterizer: Type42
*cupsFilter2: "application/pdf application/pdf 0 -"
*cupsFilter2: "application/octet-stream application/octet-stream 0 -"
*OpenUI *PageSize/Media Size: PickOne
*OrderDependency: 10 AnySetup *PageSize
*DefaultPageSize: A4
{choices}*CloseUI: *PageSize
*DefaultImageableArea: A4
{areas}*DefaultPaperDimension: A4
{dimensions}"""


_POINTS = {"A4": "595 842", "A3": "842 1191", "Letter": "612 792"}


def _description(sizes: tuple[str, ...]) -> str:
    """A printer of ours as its maker would describe it, in the words CUPS reads."""
    points = {f"{size}/{size}": _POINTS[size.partition(".")[0]] for size in sizes}
    return _DESCRIPTION.format(
        choices="".join(f'*PageSize {row}: ""\n' for row in points),
        areas="".join(f'*ImageableArea {row}: "0 0 {each}"\n' for row, each in points.items()),
        dimensions="".join(f'*PaperDimension {row}: "{each}"\n' for row, each in points.items()),
    )


def found() -> bool:
    """Whether CUPS is installed."""
    return all(shutil.which(name, path="/usr/sbin:/usr/bin") for name in ("cupsd", "lp", "lpadmin"))


class SocketPrinter:
    """Takes connections on a port, like a printer of an office."""

    def __init__(self) -> None:
        self._received: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def jobs(self, count: int) -> list[bytes]:
        """What came, once it is so many: CUPS may say that a job is done before it is read here."""
        until = time.monotonic() + READY_S
        while len(self._received) < count and time.monotonic() < until:
            time.sleep(0.01)
        return self._received

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
                self._received.append(job.read())


class PrintService:
    """``server`` is what programs find it by, ``spool`` where it keeps what is not printed yet."""

    def __init__(self, home: Path) -> None:
        self.home, self.spool = home, home / "spool"
        self.server = str(home / "run" / "cups.sock")

    def add_printer(self, port: int, sizes: tuple[str, ...] = ()) -> None:
        """The default queue, to a printer on this port that says it takes these sizes."""
        address = f"socket://127.0.0.1:{port}/?waiteof=false"
        model = ("-m", "raw")
        if sizes:
            described = self.home / "printer.ppd"
            described.write_text(_description(sizes))
            model = ("-P", str(described))
        self._admin("-p", QUEUE, "-E", "-v", address, *model)
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

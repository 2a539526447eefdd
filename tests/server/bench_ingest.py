"""How fast entries are taken, beside what bare signature checks reach on the same cores.

Everything is real: a server with its processes, keys and a database, HTTP, every signature,
canonical form and schema checked before the answer. Verdicts (business rules, cosignatures, views,
receipts, notices) follow the answers of a rush, so a second rate says how fast entries are taken
until the last verdict is there. The load generators share the machine's cores with the server. Run
alone it prints its figures: ``python -m tests.server.bench_ingest [DATABASE-URL]``.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import fmean, quantiles
from typing import Any

import msgpack

from core.sealing import verify
from core.signature import SignatureType
from core.wire.batch import EVENTS_AT_MOST
from core.wire.document import open_document
from core.wire.event import encode_frame
from core.wire.identity import Certificate
from core.wire.kind import BeaconSeen, Boot, Season, TeacherPresent
from server.judging import is_behind
from server.store import identities
from server.store.database import open_store
from server.store.migrate import migrate
from server.views.check import check_views
from tests.fakes.centre import SEASON, Centre
from tests.fakes.device import Device, Officer, make_officer, make_teacher

ROOT = Path(__file__).parents[2]
GENERATORS = 2
CONNECTIONS = 32  # of each generator; 64 in all, as in PROTOCOL 4.2
BATCH = 8
MACHINES = 128
BATCHES = 16  # of each machine
COUNTRY = 3700  # every school's machine, with one batch each
BACKLOG = 128  # machines the server was away for, with a batch as long as batches may be
WISHES = 100
VERIFICATIONS = 4000
READY_S = 30
JUDGED_S = 120
Fill = Callable[[Device, Officer, Random, int], None]


@dataclass(frozen=True)
class Scenario:
    """What each of ``machines`` sends: so many batches, filled with entries one by one."""

    fill: Fill
    machines: int
    batches: int
    length: int = BATCH


def measure(database_url: str) -> dict[str, Any]:
    """Figures of one run on an empty database; rates are per second, sizes in bytes."""
    with tempfile.TemporaryDirectory(prefix="jiepin-bench-") as folder:
        centre = Centre(115)
        centre.write_home(Path(folder) / "home")
        scenarios = {
            "applications": Scenario(_applications, MACHINES, BATCHES),
            "rush": Scenario(_rush, MACHINES, BATCHES),
            "country": Scenario(_rush, COUNTRY, 1),
            "backlog": Scenario(_rush, BACKLOG, 1, EVENTS_AT_MOST),
        }
        sites = {name: [_site(centre) for _ in range(s.machines)] for name, s in scenarios.items()}
        warm_up = Scenario(_rush, MACHINES // 4, 1)
        warm = [_site(centre) for _ in range(warm_up.machines)]
        _certify(database_url, centre, sites | {"warm-up": warm})
        before_us = _bare_verifications()
        figures: dict[str, Any] = {"cores": os.cpu_count()}
        with _serving(Path(folder) / "home", database_url) as (address, process):
            warming = [_uploads(*site, warm_up, COUNTRY + n) for n, site in enumerate(warm)]
            _load(address, warming, BATCH, Path(folder))
            for name, scenario in scenarios.items():
                uploads = [_uploads(*site, scenario, n) for n, site in enumerate(sites[name])]
                before = _cpu_us(process.pid)
                found = _load(address, uploads, scenario.length, Path(folder))
                spent = _cpu_us(process.pid)
                found |= _until_judged(database_url, found)
                judged = _cpu_us(process.pid)
                events = found["events"]
                found["server_cpu_us"] = {
                    "http_and_append": round((spent[0] - before[0]) / events),
                    "verification": round((spent[1] - before[1]) / events),
                    "verdicts_afterwards": round((judged[0] - spent[0]) / events),
                }
                whole_us = (sum(spent) - sum(before)) / events + found["generator_cpu_us"]
                found["cpu_us"] = round(whole_us)
                figures[name] = found
            figures["server_peak_rss_mib"] = sum(map(_peak_rss_mib, _family(process.pid)))
        # Before and after: on a machine that others use, too, its speed changes meanwhile.
        bare, bare_us = map(fmean, zip(before_us, _bare_verifications(), strict=True))
        figures["bare_verifications"] = round(bare)
        figures["bare_cpu_us"] = round(bare_us)
        for found in map(figures.__getitem__, scenarios):
            found["of_bare"] = round(found["events_per_second"] / bare, 3)
            # What would be reached if nothing else ran on these cores.
            found["of_bare_by_cpu"] = round(bare_us / found["cpu_us"], 3)
        figures["bytes_per_application"] = _bytes_per_application(sites["applications"][0][0])
        store = open_store(database_url)
        figures["refold_equal"] = check_views(store).equal
        store.close()
    return figures


def _site(centre: Centre) -> tuple[Device, Officer]:
    """A kiosk and an officer at a school of their own."""
    school = f"{centre.random.randrange(10**6):06d}"
    return Device(centre, school), make_officer(centre, school)


def _applications(device: Device, _: Officer, random: Random, number: int) -> None:
    """One version with 100 wishes: the largest ordinary entry."""
    teacher = make_teacher(number, device.schools[0])
    listed = [f"{county}{3601 + n}" for county in (34, 35) for n in range(180)]
    device.revise(teacher, schools=tuple(random.sample(listed, WISHES)))


def _rush(device: Device, officer: Officer, random: Random, number: int) -> None:
    """What a kiosk has to tell in the last hour; called for every entry of a batch of eight."""
    teacher = make_teacher(number // BATCH, device.schools[0])
    match number % BATCH:
        case 0:
            device.add("boot", Boot(software="1.0.0", unclean=False))
        case 1 | 5:
            device.add("beacon", BeaconSeen(digest=random.randbytes(32), t=device.now_ms))
        case 2:
            device.register(teacher, officer)
        case 3:
            body = TeacherPresent(
                teacher=teacher.pseudonym,
                card=random.randbytes(32),
                witness=officer.id,
                citizen=False,
            )
            device.add("teacher.present", body)
        case 4:
            _applications(device, officer, random, number // BATCH)
        case 6:
            device.decide(officer, device.links[-2])
        case _:
            device.add("season.close", Season(season=SEASON))


def _uploads(
    device: Device, officer: Officer, scenario: Scenario, place: int
) -> tuple[bytes, list[bytes]]:
    random = Random(place)  # noqa: S311 - the same lists each time
    entries = scenario.length * scenario.batches
    for number in range(entries):
        scenario.fill(device, officer, random, place * entries + number)
    starts = range(1, len(device.links) + 1, scenario.length)
    return device.id, [device.batch(first, first + scenario.length - 1) for first in starts]


def _load(
    address: str, uploads: list[tuple[bytes, list[bytes]]], length: int, folder: Path
) -> dict[str, Any]:
    """Send it all, ``length`` entries in each upload."""
    host, port = address.removeprefix("http://").rsplit(":", 1)
    generators = []
    for number in range(GENERATORS):
        place = folder / f"uploads-{number}"
        place.write_bytes(msgpack.packb(uploads[number::GENERATORS]))
        words = [sys.executable, "-m", "tests.server.load", host, port, str(place)]
        generators.append(
            subprocess.Popen(
                [*words, str(CONNECTIONS)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
    for each in generators:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in generators:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    results = [json.loads(each.communicate()[0]) for each in generators]
    seconds = max(r["ended"] for r in results) - min(r["started"] for r in results)
    latencies = [each for r in results for each in r["seconds"]]
    failures = sum(status != 200 for r in results for status in r["statuses"])
    return {
        "started": min(r["started"] for r in results),
        "events": len(latencies) * length,
        "seconds": round(seconds, 2),
        "events_per_second": round(len(latencies) * length / seconds),
        "failures": failures,
        "generator_cpu_us": round(sum(r["cpu_us"] for r in results) / len(latencies) / length),
        "p50_ms": round(quantiles(latencies, n=100)[49] * 1000, 1),
        "p99_ms": round(quantiles(latencies, n=100)[98] * 1000, 1),
    }


def _until_judged(database_url: str, found: dict[str, Any]) -> dict[str, Any]:
    """How long it took until every entry had its verdict, too."""
    store = open_store(database_url)
    until = time.monotonic() + JUDGED_S
    with store.reading() as connection:
        behind = is_behind(connection)
    while behind:
        assert time.monotonic() < until
        time.sleep(0.05)
        with store.reading() as connection:
            behind = is_behind(connection)
    seconds = time.time() - found.pop("started")
    store.close()
    return {
        "judged_seconds": round(seconds, 2),
        "judged_per_second": round(found["events"] / seconds),
    }


def _bare_verifications() -> tuple[float, float]:
    """Ed25519 checks of one event: how many a second on two threads, and µs of CPU for each.

    The best case: one key, one entry, and nothing else on either core. An upload of eight entries
    has nine signatures to check, under the key of another machine than the upload before.
    """
    device, officer = _site(Centre(1))
    _applications(device, officer, Random(1), 1)  # noqa: S311 - as above
    frame, key = device.links[0].frame, device.key.public

    def check(_: int) -> None:
        for _ in range(VERIFICATIONS):
            assert verify(key, SignatureType.EVENT, frame.event, frame.signature)

    with ThreadPoolExecutor(2) as pool:
        started, cpu = time.perf_counter(), time.process_time()
        list(pool.map(check, range(2)))
        seconds, spent = time.perf_counter() - started, time.process_time() - cpu
        return 2 * VERIFICATIONS / seconds, spent * 1e6 / (2 * VERIFICATIONS)


def _bytes_per_application(device: Device) -> dict[str, int]:
    batch = device.batch(1, BATCH)
    return {
        "on_the_wire": round(len(batch) / BATCH),
        "raw": round(
            sum(len(encode_frame(each.frame)) for each in device.links) / len(device.links)
        ),
    }


def _certify(
    database_url: str, centre: Centre, sites: dict[str, list[tuple[Device, Officer]]]
) -> None:
    store = open_store(database_url)
    migrate(store)
    enrol = {centre.enrol.id: centre.enrol.public}
    with store.writing() as connection:
        for member in (m for named in sites.values() for site in named for m in site):
            content = open_document(
                SignatureType.CERTIFICATE, member.certificate, Certificate, enrol
            )
            identities.add_certificate(connection, member.certificate, content, 0)
    store.close()


@contextmanager
def _serving(home: Path, database_url: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    words = [sys.executable, "-m", "jiepin", "server", "run", "--home", str(home)]
    words += ["--database", database_url, "--listen", "127.0.0.1:0"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        until = time.monotonic() + READY_S
        while not (home / "address").exists():
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        try:
            yield (home / "address").read_text().strip(), process
        finally:
            process.terminate()


def _family(pid: int) -> list[int]:
    """The server's process, then those it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [pid, *map(int, children.split())]


def _cpu_us(pid: int) -> tuple[float, float]:
    """CPU time used so far by the server's own process, and by those that verify for it."""
    spent = []
    for each in _family(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        spent.append((int(fields[11]) + int(fields[12])) * 1e6 / os.sysconf("SC_CLK_TCK"))
    return spent[0], sum(spent[1:])


def _peak_rss_mib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="jiepin-bench-") as scratch:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{scratch}/server.db"
        print(json.dumps(measure(url), indent=1))  # noqa: T201

"""``make bench``: every figure beside its peer or limit, measured in this one run.

``python -m tests.bench`` prints a table; words after it choose parts (store, screens, matching,
checking, delta, whatif, ingest), and with ``--record`` each part measured is written to
docs/benchmarks.md.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import postgresql
from tests.bench import record
from tests.bench.figure import Figure, table


@dataclass(frozen=True)
class Part:
    """One measurement and how its raw facts become figures."""

    name: str
    measure: Callable[[ExitStack], dict[str, Any]]
    figures: Callable[[dict[str, Any]], Iterator[Figure]]


def _store(_: ExitStack) -> dict[str, Any]:
    from tests.syncd.bench_store import measure  # noqa: PLC0415 - each part loads its own

    return measure()


def _store_figures(raw: dict[str, Any]) -> Iterator[Figure]:
    yield Figure(
        "store commit, SQLCipher WAL FULL",
        f"{raw['sqlcipher_us']} µs",
        f"plain SQLite {raw['plain_us']} µs: {raw['ratio']} times",
        f"≤ {raw['limit']} times",
        raw["ratio"] <= raw["limit"],
    )


def _ingest(stack: ExitStack) -> dict[str, Any]:
    from tests.server.bench_ingest import measure  # noqa: PLC0415

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    found = {"SQLite": measure(f"sqlite:///{folder / 'bench.db'}")}
    binaries = postgresql.find_binaries()
    if binaries is not None:
        cluster = stack.enter_context(postgresql.open_cluster(binaries, durable=True))
        found["PostgreSQL"] = measure(stack.enter_context(cluster.database("bench")))
    return found


def _ingest_figures(raw: dict[str, Any]) -> Iterator[Figure]:
    for name, each in raw.items():
        for load in ("backlog", "rush", "applications"):
            rate, share = each[load]["events_per_second"], each[load]["of_bare"]
            spent = each[load]["server_cpu_us"]
            yield Figure(
                f"ingest, {load}, {name}",
                f"{rate:,.0f} events/s",
                f"bare verification {each['bare_verifications']:,}/s",
                "≥ 8,000/s",
                rate >= 8000,
            )
            yield Figure(
                f"ingest, {load}, share of bare verification, {name}",
                f"{share:.0%}",
                f"by processor time {each[load]['of_bare_by_cpu']:.0%}",
                "≥ 40 %",
                share >= 0.4,
            )
            yield Figure(
                f"processor time for an entry, {load}, {name}",
                f"{each[load]['cpu_us']} µs",
                f"HTTP and storing {spent['http_and_append']}, verification "
                f"{spent['verification']}, load {each[load]['generator_cpu_us']}; "
                f"a bare verification {each['bare_cpu_us']}",
                "none",
                None,
            )
            yield Figure(
                f"ingest, {load}, until the last verdict, {name}",
                f"{each[load]['judged_per_second']:,.0f} entries/s",
                f"until the last answer {rate:,.0f}/s",
                "none",
                None,
            )
        country = each["country"]
        yield Figure(
            f"deadline rush, {country['events'] // 8:,} kiosks with 8 entries each, {name}",
            f"{country['seconds']} s, {country['failures']} errors",
            f"bare verification {each['bare_verifications']:,}/s: {country['of_bare']:.0%}",
            "≤ 6 s, 0 errors",
            country["seconds"] <= 6 and not country["failures"],
        )
        yield Figure(
            f"server memory in that run, {name}",
            f"{each['server_peak_rss_mib']} MiB",
            "limit",
            "≤ 400 MiB",
            each["server_peak_rss_mib"] <= 400,
        )
    size = next(iter(raw.values()))["bytes_per_application"]["on_the_wire"]
    yield Figure(
        "wire, signed 100-wish application in batches of 8",
        f"{size:,.0f} B",
        "limit",
        "≤ 1,060 B",
        size <= 1060,
    )


def _delta(_: ExitStack) -> dict[str, Any]:
    from tests.server.bench_delta import DATA, measure  # noqa: PLC0415

    return measure() if DATA.exists() else {}


def _delta_figures(raw: dict[str, Any]) -> Iterator[Figure]:
    if raw:  # without the ministry's list there is nothing to compare
        size, limit = raw["delta_bytes"], raw["limit_bytes"]
        yield Figure(
            f"snapshot delta, {raw['changed']} of {raw['schools']:,} rows changed",
            f"{size:,} B",
            f"the file {raw['file_bytes']:,} B",
            f"≤ {limit:,} B",
            size <= limit,
        )


def _screens(_: ExitStack) -> dict[str, Any]:
    from tests.kiosk.bench_screens import measure  # noqa: PLC0415

    return measure()


def _screens_figures(raw: dict[str, Any]) -> Iterator[Figure]:
    yield from Figure.from_rows(raw)


def _matching(_: ExitStack) -> dict[str, Any]:
    from tests.matcher.bench_matching import measure  # noqa: PLC0415

    return measure()


def _matching_figures(raw: dict[str, Any]) -> Iterator[Figure]:
    yield from Figure.from_rows(raw)


def _checking(_: ExitStack) -> dict[str, Any]:
    from tests.matcher.bench_checking import measure  # noqa: PLC0415

    return measure()


def _checking_figures(raw: dict[str, Any]) -> Iterator[Figure]:
    yield from Figure.from_rows(raw)


def _whatif(_: ExitStack) -> dict[str, Any]:
    from tests.matcher.bench_whatif import measure  # noqa: PLC0415

    return measure()


PARTS = (
    Part("store", _store, _store_figures),
    Part("screens", _screens, _screens_figures),
    Part("matching", _matching, _matching_figures),
    Part("checking", _checking, _checking_figures),
    Part("delta", _delta, _delta_figures),
    Part("whatif", _whatif, Figure.from_rows),
    Part("ingest", _ingest, _ingest_figures),
)


def main(words: list[str]) -> int:
    """Run the chosen parts; exit code 0 also when a goal is missed: a table is no gate."""
    wanted = [word for word in words if not word.startswith("-")]
    names = [part.name for part in PARTS]
    if unknown := sorted(set(wanted) - set(names)):
        sys.stderr.write(f"no such part: {', '.join(unknown)}; there are {', '.join(names)}\n")
        return 2
    figures: list[Figure] = []
    for part in PARTS:
        if wanted and part.name not in wanted:
            continue
        began = time.monotonic()
        with ExitStack() as stack:
            raw = part.measure(stack)
        found = list(part.figures(raw))
        figures += found
        seconds = time.monotonic() - began
        sys.stderr.write(f"{part.name}: {seconds:.0f} s\n")
        if "--record" in words:
            kept = record.read(record.PAGE.read_text(encoding="utf-8"))
            kept[part.name] = record.part(found, raw, seconds)
            record.PAGE.write_text(record.write(kept, names), encoding="utf-8")
    sys.stdout.write(table(figures) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

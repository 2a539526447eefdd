"""Pictures of a run, and what other rules would have given: drawn by the matcher, kept as files.

They are made from the problem and the placement of the run alone and can be made again at any
time, so they are kept beside the database, not in it. Nobody's name is in them.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from server.config import PICTURES
from server.season.run import SOLVE_S, MatcherError
from server.terminal import Exit

OFFICIAL = "正式"
RUN, SCENARIOS = "run", "scenarios"
INDEX, COMPARISON = "index.json", "comparison.json"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One SVG file; ``description`` says what it shows to who cannot see it."""

    file: str
    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """What has been drawn of one run; ``comparison``: `jiepin-comparison/1`."""

    pictures: tuple[Picture, ...]
    scenario_pictures: tuple[Picture, ...]
    comparison: Mapping[str, Any] | None

    @property
    def charts(self) -> tuple[Picture, ...]:
        """The pictures of the whole run."""
        return tuple(each for each in self.pictures if not each.file.startswith("component-"))

    @property
    def diagrams(self) -> frozenset[str]:
        """The files of single chains and rings."""
        return frozenset(each.file for each in self.pictures) - {each.file for each in self.charts}


class Gallery:
    """The albums in a server's home, each under the hash of the placement it shows."""

    def __init__(self, home: Path) -> None:
        self._folder = home / PICTURES

    def find(self, placement: bytes) -> Album | None:
        """The album of the placement with this hash; None if nothing was drawn."""
        folder = self._folder / placement.hex()
        if not folder.is_dir():
            return None
        return Album(
            pictures=_listed(folder / RUN),
            scenario_pictures=_listed(folder / SCENARIOS),
            comparison=_read(folder / SCENARIOS / COMPARISON),
        )

    def picture(self, placement: bytes, part: str, file: str) -> bytes | None:
        """The bytes of a picture that the album lists."""
        folder = self._folder / placement.hex() / part
        if part not in {RUN, SCENARIOS} or file not in {each.file for each in _listed(folder)}:
            return None
        return (folder / file).read_bytes()

    async def draw(
        self, placement: bytes, *, problem: bytes, result: bytes, names: Mapping[str, object]
    ) -> None:
        """Make the album of a placement, or make it again; it appears whole.

        Raises:
            MatcherError: Nothing could be made.
            OSError: There is no room for it.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with TemporaryDirectory(dir=self._folder, prefix=".drawing-") as name:
            folder = Path(name)
            album = folder / "album"
            (folder / "problem.json").write_bytes(problem)
            (folder / f"{OFFICIAL}.json").write_bytes(result)
            (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")
            (album / SCENARIOS).mkdir(parents=True)
            results = [f"{OFFICIAL}.json", *[each async for each in _solved(folder, problem)]]
            told = await _call(folder, "compare", "problem.json", *results, "--json")
            (album / SCENARIOS / COMPARISON).write_bytes(told)
            with suppress(MatcherError):  # what draws is an extra that need not be installed
                await _plot(folder, f"album/{RUN}", results[:1])
                await _plot(folder, f"album/{SCENARIOS}", results)
            place = self._folder / placement.hex()
            if place.exists():
                place.rename(folder / "before")
            album.rename(place)


def _listed(folder: Path) -> tuple[Picture, ...]:
    index = _read(folder / INDEX)
    return () if index is None else tuple(Picture(**each) for each in index["pictures"])


def _read(path: Path) -> Mapping[str, Any] | None:
    try:
        document: Mapping[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return document


async def _plot(folder: Path, out: str, results: Sequence[str]) -> None:
    await _call(folder, "plot", "problem.json", *results, "--names", "names.json", "--out", out)


async def _solved(folder: Path, problem: bytes) -> AsyncIterator[str]:
    """Names of the files with what each scenario gives; those the matcher refuses are left out."""
    official = json.loads(problem)
    for scenario in WHAT_IF:
        document: Document = json.loads(problem)
        scenario.change(document)
        if document == official and not scenario.words:
            continue  # these are the rules of this year
        source, target = f"{scenario.name}-problem.json", f"{scenario.name}.json"
        (folder / source).write_text(json.dumps(document), encoding="utf-8")
        with suppress(MatcherError):
            await _call(folder, "solve", source, "--output", target, *scenario.words)
            yield target


def _without_vacancies(document: Document) -> None:
    for row in document["vacancies"]:
        row["count"] = 0


def _refilling(document: Document) -> None:
    for phase in document["rules"]["phases"]:
        if phase["kind"] == "vacancy":
            phase["refill"] = "rounds"


def _literal(document: Document) -> None:
    for phase in document["rules"]["phases"]:
        if phase["kind"] == "vacancy":
            phase["method"] = "greedy"


def _swaps_first(document: Document) -> None:
    phases = document["rules"]["phases"]
    phases.sort(key=lambda phase: phase["kind"] != "ring")


def _as_it_is(_: Document) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Something else to decide by: the problem with a change, or another mechanism."""

    name: str
    change: Callable[[Document], None] = _as_it_is
    words: tuple[str, ...] = ()


WHAT_IF = (
    Scenario(name="不開單調缺", change=_without_vacancies),
    Scenario(name="遺缺續補", change=_refilling),
    Scenario(name="依積分逐一分發", change=_literal),
    Scenario(name="先互調後單調", change=_swaps_first),
    Scenario(name="循環交換", words=("--mechanism", "ttc")),
)
"""What else could have been decided. None of it is official; it is shown beside what is."""


async def _call(folder: Path, *words: str) -> bytes:
    """What a command of the matcher says; killed when we are told to stop.

    Raises:
        MatcherError: It failed or took too long.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "matcher", *words),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SOLVE_S):
            told, complaint = await process.communicate()
    except TimeoutError as error:
        raise MatcherError(f"{words[0]}: longer than {SOLVE_S} s") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != Exit.OK:
        detail = complaint.decode(errors="replace").strip()
        raise MatcherError(f"{words[0]}: exit {process.returncode}: {detail}")
    return told

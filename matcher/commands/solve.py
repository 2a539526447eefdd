"""``jiepin match solve``."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from matcher.commands.mechanisms import Wanted, decide_by
from matcher.commands.places import STREAM, Places, need_folders, places_of
from matcher.commands.terminal import (
    FAILED,
    INTERRUPTED,
    DryRun,
    Json,
    Lang,
    failures_told,
    progress,
    tell_json,
    uncollected,
    usage,
)
from matcher.files import canon
from matcher.files.disk import make_folders, read_problem, read_rules_named, write_together
from matcher.files.effective import under_rules
from matcher.files.placement import Mechanism, Placement
from matcher.files.problem import Problem, stream_problem
from matcher.files.rulebook import Rules
from matcher.files.source import bounded
from matcher.files.window import CHUNK
from matcher.telling.running import RUNNING
from matcher.telling.text import TEXTS, Language
from matcher.whatif.missing import SolverMissingError
from matcher.whatif.taste import Taste

app = typer.Typer(add_completion=False, rich_markup_mode=None)
_USUAL = 3  # moves in a line
_FAILING = "--failing"
_NO_CHANCE = "is no chance, such as 1/20 or 0.05"
_CHANCE = re.compile(r"-?[0-9]{0,9}([/.][0-9]{1,9})?")
_FINEST = 10**8  # one in so many: lines told apart finer than that blur in the solver's fractions


@app.command(
    help=usage(
        "Decide one match or many.",
        "jiepin match solve problem.json -o placement.json",
        "jiepin match solve problem.json.zst -o placement.json.zst --trace trace.jsonl",
        "jiepin match solve elementary.json junior.json --out results/",
        "jiepin match solve problem.json -o if.json --rules greedy-1",
        "jiepin match solve problem.json -o if.json --mechanism ttc",
        "jiepin match solve problem.json -o if.json --mechanism maximum --longest 5",
        more="The phases are those of the rule file inside the problem. With --rules another takes "
        "its place, and the problem that was really solved is written beside the placement. Many "
        "problems are solved one after another into a folder; a bad one does not stop the rest, "
        "and the worst exit code is the one that counts. All mechanisms but the statutory one are "
        "what-if, never official.",
    )
)
@uncollected()
def solve(  # noqa: PLR0913  # options of a command line, named by whoever calls
    problems: Annotated[
        list[Path],
        typer.Argument(
            readable=False, help="Problem files (.json or .json.zst); - is standard input."
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--out", "--output", "-o", help="File to write, or a folder; - is standard output."
        ),
    ],
    *,
    rules: Annotated[
        Path | None,
        typer.Option(
            "--rules",
            readable=False,
            help="Rule file, or name of one of ours, to decide by instead.",
        ),
    ] = None,
    mechanism: Annotated[
        Mechanism, typer.Option("--mechanism", help="What decides.")
    ] = Mechanism.STATUTORY,
    longest: Annotated[
        int | None,
        typer.Option(
            "--longest", min=2, max=20, help="maximum, failure_aware: most moves in a line (3)."
        ),
    ] = None,
    taste: Annotated[
        Taste | None,
        typer.Option("--taste", help="maximum: what is best among as many moves (ranks)."),
    ] = None,
    failing: Annotated[
        str | None,
        typer.Option(
            _FAILING, help="failure_aware: the chance that one does not report, as 1/20 or 0.05."
        ),
    ] = None,
    trace: Annotated[
        Path | None,
        typer.Option("--trace", help="Also write every decision, as JSON lines (file or folder)."),
    ] = None,
    json: Json = False,
    dry_run: DryRun = False,
    lang: Lang = Language.ZH,
) -> None:
    """Decide one match or many."""
    chance = None if failing is None else _chance(failing, longest or _USUAL)
    wanted = Wanted(mechanism=mechanism, longest=longest, taste=taste, failing=chance)
    for name in wanted.strangers():
        raise typer.BadParameter(f"means nothing to {mechanism.value}", param_hint=f"--{name}")
    with failures_told(lang):
        places = places_of(problems, output, trace, rules, lang)
        read = None if rules is None else read_rules_named(rules)
        if not dry_run:
            make_folders(*((output, trace) if len(problems) > 1 else ()))
            need_folders(places)
    run = _Run(wanted, read, rules, lang)
    codes = [run.one(each, json=json, dry_run=dry_run) for each in places]
    if any(codes):
        raise typer.Exit(max(codes))


def _chance(text: str, longest: int) -> Fraction:
    try:
        # An exponent would be a number of a billion digits.
        chance = Fraction(text if _CHANCE.fullmatch(text) else "")
    except (ValueError, ZeroDivisionError) as error:
        raise typer.BadParameter(f"{text} {_NO_CHANCE}", param_hint=_FAILING) from error
    if not 0 <= chance < 1:
        raise typer.BadParameter(f"{text} is not from 0 to below 1", param_hint=_FAILING)
    if chance.denominator**longest > _FINEST:
        sentence = f"{text} is too fine for {longest} moves in a line"
        raise typer.BadParameter(sentence, param_hint=_FAILING)
    return chance


class _Run:
    """What is the same for all problems of one call."""

    def __init__(
        self,
        wanted: Wanted,
        rules: Rules | None,
        rules_file: Path | None,
        lang: Language,
    ) -> None:
        self._wanted = wanted
        self._rules = rules
        self._rules_file = str(rules_file)
        self._lang = lang

    def one(self, places: Places, *, json: bool, dry_run: bool) -> int:
        """Solve one problem and tell of it; the exit code.

        Raises:
            Exit: Somebody wants all of it to end.
        """
        texts, name = RUNNING[self._lang], places.problem.name
        try:
            with failures_told(self._lang):
                with progress(texts.reading.format(name=name)):
                    problem = self._read(places.problem)
                with progress(texts.deciding.format(name=name)):
                    solution = decide_by(self._wanted, problem)
                with progress(texts.writing.format(name=name)):
                    data = solution.placement.encode()
                    if not dry_run:
                        self._write(places, problem, solution.trace, data)
        except SolverMissingError:
            typer.echo(texts.extra_missing, err=True)
            return FAILED
        except typer.Exit as left:
            if left.exit_code >= INTERRUPTED:
                raise
            return left.exit_code
        identity = canon.identity(data)
        _tell(places, problem, solution.placement, identity, json=json, lang=self._lang)
        return 0

    def _read(self, path: Path) -> Problem:
        problem = read_problem(path) if path != STREAM else stream_problem(_stdin(), str(path))
        return (
            problem if self._rules is None else under_rules(problem, self._rules, self._rules_file)
        )

    def _write(self, places: Places, problem: Problem, trace: bytes, data: bytes) -> None:
        contents: dict[Path, Iterable[bytes]] = {}
        if places.trace is not None:
            contents[places.trace] = (trace,)
        if self._rules is not None and places.effective != STREAM:
            contents[places.effective] = problem.pieces()
        if places.placement != STREAM:
            contents[places.placement] = (data,)
        write_together(contents)
        if places.placement == STREAM:
            stream = typer.get_binary_stream("stdout")
            stream.write(data)
            stream.flush()  # a disk that is full is found out before anything is told


def _stdin() -> Iterator[bytes]:
    stream = sys.stdin.buffer
    return bounded(iter(lambda: stream.read(CHUNK), b""), STREAM)


def _tell(  # noqa: PLR0913 - all there is to tell
    places: Places,
    problem: Problem,
    placement: Placement,
    identity: str,
    *,
    json: bool,
    lang: Language,
) -> None:
    """``identity`` is the placement's, which would have to be written once more for it."""
    official = placement.mechanism is Mechanism.STATUTORY
    phases = [phase.name for phase in problem.rules.phases] if official else []
    moved = Counter(dict.fromkeys(phases, 0))
    for component in placement.components:
        moved[component.phase] += len(component.moves)
    beside = places.placement == STREAM  # there the placement itself is
    if json:
        told = {
            "file": str(places.problem),
            "mechanism": placement.mechanism.value,
            "problem": placement.problem,
            "rules": placement.rules,
            "placement": identity,
            "trace": placement.trace,
            "teachers": len(problem.teachers),
            "moved": dict(moved),
            "total": moved.total(),
        }
        tell_json(told, err=beside)
        return
    for name, count in moved.items():
        typer.echo(f"{TEXTS[lang].phase(name)}\t{count}", err=beside)
    total = RUNNING[lang].total
    typer.echo(f"{total}\t{moved.total()} / {len(problem.teachers)}", err=beside)
    typer.echo(identity, err=beside)

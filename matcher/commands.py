"""``jiepin match``: from file to file. Reads, calls, writes; decides nothing.

Exit codes: 0 ok, 1 failed or found wrong, 2 usage, 3 a file was refused.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Annotated

import typer

from matcher import canon
from matcher.check import check as check_placement
from matcher.compare import Comparison
from matcher.compare import compare as compare_placements
from matcher.country import Place, invented_places, listed_places
from matcher.explain import Because, Explainer, Explanation, Reason
from matcher.explain import explain as explain_teacher
from matcher.files import (
    OutputError,
    read_bytes,
    read_counties,
    read_default_rules,
    read_placement,
    read_problem,
    read_rules,
    write_bytes,
)
from matcher.generate import Kind, shape_of
from matcher.generate import generate as generate_problem
from matcher.placement import Placement
from matcher.problem import Problem, Stage, TeacherId
from matcher.refusal import RefusedFileError
from matcher.solve import decide
from matcher.text import TEXTS, Language
from matcher.verdict import Finding

FAILED = 1
REFUSED = 3


def _help(summary: str, *examples: str, more: str) -> str:
    """The help of a command: what it does, examples, the rest."""
    return "\n\n".join((summary, "\b\n" + "\n".join(examples), more))


app = typer.Typer(
    help="Solve, check and explain a match, from file to file. No network, no database, no clock.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ProblemFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="Problem file (.json or .json.zst).")
]
PlacementFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="Placement file (.json or .json.zst).")
]
Output = Annotated[Path, typer.Option("--output", "-o", help="File to write (.json, .json.zst).")]
Json = Annotated[bool, typer.Option("--json", help="Report as one line of JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Do everything but write.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of the sentences.")]


@app.command(
    help=_help(
        "Decide a match.",
        "jiepin match solve problem.json -o placement.json",
        "jiepin match solve problem.json.zst -o placement.json.zst --trace trace.jsonl",
        more="The phases are those of the rule file inside the problem.",
    )
)
def solve(
    problem: ProblemFile,
    output: Output,
    *,
    trace: Annotated[
        Path | None, typer.Option("--trace", help="Also write every decision, as JSON lines.")
    ] = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Decide a match."""
    with _failures_told(Language.ZH):
        read = read_problem(problem)
        solution = decide(read)
        if not dry_run:
            if trace is not None:
                write_bytes(trace, solution.trace)
            write_bytes(output, solution.placement.encode())
    _tell_solved(read, solution.placement, json=json)


@app.command(
    help=_help(
        "Prove a placement right, or tell what is wrong with it (exit code 1).",
        "jiepin match check problem.json placement.json",
        "jiepin match check problem.json placement.json --json",
        more="Nothing is solved again: seats are counted, the result is held against the theorems.",
    )
)
def check(
    problem: ProblemFile,
    placement: PlacementFile,
    *,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Prove a placement right, or tell what is wrong with it (exit code 1)."""
    with _failures_told(lang):
        read, result = read_problem(problem), read_placement(placement)
        findings = check_placement(read, result)
    if json:
        _tell_json(
            {
                "ok": not findings,
                "problem": read.identity(),
                "placement": result.identity(),
                "findings": [
                    {"path": f.path, "code": f.code.value, "detail": f.detail} for f in findings
                ],
            }
        )
    else:
        _tell_findings(findings, lang)
    if findings:
        raise typer.Exit(FAILED)


@app.command(
    help=_help(
        "Tell one teacher why she got what she got.",
        "jiepin match explain problem.json placement.json T0001",
        "jiepin match explain problem.json placement.json T0001 --lang en",
        more="The placement is checked first; a wrong one is not explained (exit code 1).",
    )
)
def explain(
    problem: ProblemFile,
    placement: PlacementFile,
    teacher: Annotated[str, typer.Argument(help="Her number in the problem file.")],
    *,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Tell one teacher why she got what she got."""
    with _failures_told(lang):
        read, result = read_problem(problem), read_placement(placement)
        findings = check_placement(read, result)
        if findings:
            _tell_findings(findings, lang)
            raise typer.Exit(FAILED)
        explanation = explain_teacher(read, result, TeacherId(teacher))
    if explanation is None:
        typer.echo(TEXTS[lang].nobody, err=True)
        raise typer.Exit(FAILED)
    if json:
        _tell_json(explanation.document())
    else:
        _tell_explanation(explanation, lang)


@app.command(
    help=_help(
        "Tell every teacher why she got what she got, one line of JSON each.",
        "jiepin match explain-all problem.json placement.json > explanations.jsonl",
        more='As explain --json, with the sentences under "lines"; in the order of the file.',
    )
)
def explain_all(
    problem: ProblemFile, placement: PlacementFile, *, lang: Lang = Language.ZH
) -> None:
    """Tell every teacher why she got what she got, one line of JSON each."""
    with _failures_told(lang):
        read, result = read_problem(problem), read_placement(placement)
        findings = check_placement(read, result)
    if findings:
        _tell_findings(findings, lang)
        raise typer.Exit(FAILED)
    for explanation in Explainer(read, result).everyone():
        lines = list(_explanation_lines(explanation, lang))
        _tell_json({**explanation.document(), "lines": lines})


@app.command(
    help=_help(
        "Put placements of one problem side by side.",
        "jiepin match compare problem.json official.json without-vacancies.json --json",
        more="Movers by phase, ranks of their wishes, flows between counties, and who differs.",
    )
)
def compare(
    problem: ProblemFile,
    placements: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Placement files.")
    ],
    *,
    json: Json = False,
) -> None:
    """Put placements of one problem side by side."""
    with _failures_told(Language.ZH):
        read = read_problem(problem)
        results = {str(path): read_placement(path) for path in placements}
        for path, result in results.items():
            strangers = {m.teacher for m in result.moves()} - {t.id for t in read.teachers}
            if strangers:
                typer.echo(f"{path}: {TEXTS[Language.ZH].nobody} {min(strangers)}", err=True)
                raise typer.Exit(REFUSED)
        comparison = compare_placements(read, results)
    if json:
        _tell_json(comparison.document())
    else:
        _tell_comparison(comparison)


@app.command(
    help=_help(
        "Invent a market.",
        "jiepin match generate --kind realistic --stage elementary --seed 1 -o problem.json",
        "jiepin match generate --schools 114_basec.csv --schools remote_113.csv -o problem.json",
        more="Schools are invented unless lists are given; teachers always are.",
    )
)
def generate(  # noqa: PLR0913  # options of a command line, named by whoever calls
    output: Output,
    kind: Annotated[Kind, typer.Option(help="Size and shape.")] = Kind.REALISTIC,
    stage: Annotated[Stage, typer.Option(help="School stage.")] = Stage.ELEMENTARY,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same file.")] = 1,
    *,
    schools: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="CSV lists of the ministry; repeatable."),
    ] = None,
    rules: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Rule file to put in.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Invent a market."""
    with _failures_told(Language.ZH):
        rng = Random(seed)  # noqa: S311  # nothing here is a secret
        chosen = read_default_rules() if rules is None else read_rules(rules)
        places = invented_places(rng, stage) if not schools else _listed(rng, schools)
        document = generate_problem(rng, stage, shape_of(kind, stage), places, chosen)
        data = canon.encode(document)
        if not dry_run:
            write_bytes(output, data)
    typer.echo(f"{output}  {canon.identity(data)}")


def _listed(rng: Random, files: list[Path]) -> list[Place]:
    return listed_places(rng, [(str(path), read_bytes(path)) for path in files], read_counties())


@contextmanager
def _failures_told(lang: Language) -> Iterator[None]:
    """Say on the error stream why a file was refused or not written, and leave with the code."""
    try:
        yield
    except RefusedFileError as error:
        for fault in error.faults:
            sentence = TEXTS[lang].fault(fault)
            typer.echo(f"{fault.file}: {fault.path}: {sentence} [{fault.code}]", err=True)
        raise typer.Exit(REFUSED) from error
    except OutputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAILED) from error


def _tell_json(document: object) -> None:
    typer.echo(canon.encode(document).decode())


def _tell_solved(problem: Problem, placement: Placement, *, json: bool) -> None:
    moved = Counter({phase.name: 0 for phase in problem.rules.phases})
    for component in placement.components:
        moved[component.phase] += len(component.moves)
    if json:
        _tell_json(
            {
                "problem": placement.problem,
                "rules": placement.rules,
                "placement": placement.identity(),
                "trace": placement.trace,
                "teachers": len(problem.teachers),
                "moved": dict(moved),
                "total": moved.total(),
            }
        )
        return
    for name, count in moved.items():
        typer.echo(f"{TEXTS[Language.ZH].phase(name)}\t{count}")
    typer.echo(f"合計\t{moved.total()} / {len(problem.teachers)}")
    typer.echo(placement.identity())


def _tell_findings(findings: tuple[Finding, ...], lang: Language) -> None:
    if not findings:
        typer.echo(TEXTS[lang].accepted)
    for finding in findings:
        typer.echo(f"{finding.path}: {TEXTS[lang].finding(finding)} [{finding.code}]", err=True)


def _tell_explanation(explanation: Explanation, lang: Language) -> None:
    for line in _explanation_lines(explanation, lang):
        typer.echo(line)


def _explanation_lines(explanation: Explanation, lang: Language) -> Iterator[str]:
    texts, move = TEXTS[lang], explanation.move
    if move is None or explanation.phase is None:
        yield texts.stays()
    else:
        school, subject = move.destination.school, move.destination.subject
        yield texts.moved(explanation.phase, school, subject, move.wish)
    told: set[Reason] = set()
    for answer in explanation.answers:
        yield texts.answer(answer)
        for reason in answer.reasons:
            if reason.code is not Because.MOVED_ALREADY or reason not in told:
                yield f"  {texts.reason(reason)}"
            told.add(reason)


def _tell_comparison(comparison: Comparison) -> None:
    for account in comparison.accounts:
        typer.echo(f"{account.name}  {account.placement}")
        phases = (f"{TEXTS[Language.ZH].phase(n)} {count}" for n, count in account.moved.items())
        typer.echo(f"  達成 {sum(account.moved.values())}：{'、'.join(phases)}")
        ranks = (f"{rank}:{count}" for rank, count in account.ranks.items())
        typer.echo(f"  志願序 {' '.join(ranks)}")
    for difference in comparison.differences:
        wishes = " / ".join("-" if w is None else str(w) for w in difference.wishes)
        typer.echo(f"{difference.teacher}\t{wishes}\t{'、'.join(difference.better)}")

"""``jiepin match rules``."""

from pathlib import Path
from typing import Annotated, assert_never

import typer

from matcher.commands.terminal import Json, Lang, failures_told, tell_json, usage
from matcher.files.disk import read_packaged_rules, read_rules_named, rule_names
from matcher.files.rulebook import Phase, RingPhase, Rules, VacancyPhase
from matcher.telling.text import TEXTS, Language

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    help=usage(
        "List the rule files that come with the program, or tell what one says.",
        "jiepin match rules",
        "jiepin match rules greedy-1",
        "jiepin match rules ours.json --json > canonical.json",
        more="A rule file is read as strictly as it is before a match (exit code 3 if refused); "
        "--json writes it in its canonical spelling.",
    )
)
def rules(
    rules: Annotated[
        Path | None, typer.Argument(readable=False, help="Rule file, or name of one of ours.")
    ] = None,
    *,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """List the rule files that come with the program, or tell what one says."""
    with failures_told(lang):
        if rules is None:
            for name in rule_names():
                found = read_packaged_rules(name)
                typer.echo(f"{name}\t{found.source}")
            return
        found = read_rules_named(rules)
    if json:
        tell_json(found.document())
    else:
        _tell(found, lang)


def _tell(rules: Rules, lang: Language) -> None:
    typer.echo(f"{rules.name}\t{rules.source}\t{rules.identity()}")
    for number, phase in enumerate(rules.phases, start=1):
        says = (f"{number}. {TEXTS[lang].phase(phase.name)}", *_says(phase))
        typer.echo("\t".join(says))
    typer.echo(" > ".join(("points", *(tie.value for tie in rules.tie), "lot")))


def _says(phase: Phase) -> tuple[str, ...]:
    match phase:
        case VacancyPhase():
            schools = "all" if phase.schools is None else phase.schools.value
            return (phase.who.value, schools, phase.method.value, f"refill {phase.refill.value}")
        case RingPhase():
            return (f"{phase.shortest}-{phase.longest}", phase.method.value)
        case _:
            assert_never(phase)

"""Where the files of a solved problem go: next to which names, and never over one another."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from matcher.commands.apart import keep_apart
from matcher.files.output import OutputError
from matcher.telling.running import RUNNING, Running
from matcher.telling.text import Language

STREAM = Path("-")
"""Standard input or output."""
_PACKED = ".zst"
_PROBLEM, _PLACEMENT, _TRACE = ".problem.json", ".placement.json", ".trace.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """One problem file and what is written for it.

    ``effective``: where the problem goes that was really solved, if that is another one.
    """

    problem: Path
    placement: Path
    trace: Path | None
    effective: Path

    def files(self) -> Iterator[Path]:
        """Every file that may be written."""
        named = (self.placement, self.effective, self.trace)
        return (path for path in named if path is not None and path != STREAM)


def places_of(
    problems: Sequence[Path], output: Path, trace: Path | None, rules: Path | None, lang: Language
) -> tuple[Places, ...]:
    """The places of each problem: `output` itself for a single one, names of its own in a folder.

    ``rules``: the rule file that is read beside them.

    Raises:
        BadParameter: Two files would be the same, or there is one where a folder is needed.
        OutputError: We may not look there.
    """
    texts = RUNNING[lang]
    try:
        places = _places_of(problems, output, trace, texts)
    except OSError as error:
        raise OutputError(f"{error.filename}: {error.strerror}") from error
    keep_apart(
        (*(each.problem for each in places), rules),
        (path for each in places for path in each.files()),
        lang,
        twice=texts.same_name if len(places) > 1 else None,
    )
    return places


def need_folders(places: Sequence[Places]) -> None:
    """Return if each file has a folder to go to: an hour's work shall not end without a place.

    Raises:
        OutputError: One has none.
    """
    for path in (path for each in places for path in each.files()):
        folder = Path(os.path.realpath(path)).parent
        try:
            os.stat(f"{folder}/")  # noqa: PTH116 - a path would lose the slash: it has to be a folder
        except OSError as error:
            raise OutputError(f"{path}: {error.strerror}") from error


def _places_of(
    problems: Sequence[Path], output: Path, trace: Path | None, texts: Running
) -> tuple[Places, ...]:
    if STREAM in problems and (len(problems) > 1 or output.is_dir()):
        raise typer.BadParameter(texts.one_at_a_time)
    if len(problems) == 1 and not output.is_dir():
        return (_alone(problems[0], output, trace),)
    for folder in (output, trace or output):
        if folder == STREAM or (folder.exists() and not folder.is_dir()):
            raise typer.BadParameter(texts.needs_folder.format(path=folder))
    return tuple(_in_folder(problem, output, trace) for problem in problems)


def _alone(problem: Path, output: Path, trace: Path | None) -> Places:
    stem, packed = _stem(output)
    return Places(
        problem=problem,
        placement=output,
        trace=trace,
        effective=STREAM if output == STREAM else output.with_name(stem + _PROBLEM + packed),
    )


def _in_folder(problem: Path, output: Path, trace: Path | None) -> Places:
    stem, packed = _stem(problem)
    return Places(
        problem=problem,
        placement=output / (stem + _PLACEMENT + packed),
        trace=None if trace is None else trace / (stem + _TRACE + packed),
        effective=output / (stem + _PROBLEM + packed),
    )


def _stem(path: Path) -> tuple[str, str]:
    """``a`` and ``.zst`` of ``a.json.zst``."""
    packed = _PACKED if path.suffix == _PACKED else ""
    return path.name.removesuffix(packed).removesuffix(".json"), packed

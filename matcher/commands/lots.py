"""``jiepin match lots``: promise a draw, draw, and draw again to check."""

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from core.season.lot import SEED_BYTES
from matcher.commands.apart import keep_apart
from matcher.commands.terminal import (
    FAILED,
    REFUSED,
    Json,
    Lang,
    Output,
    failures_told,
    tell_json,
    usage,
)
from matcher.files.disk import OutputError, read_bytes, write_bytes
from matcher.lots.draw import Complaint, Draw, parse_draw, parse_secret
from matcher.lots.draw import check as check_draw
from matcher.lots.draw import reveal as reveal_draw
from matcher.lots.promise import commit as promise
from matcher.lots.promise import parse_commitment, parse_ids
from matcher.lots.text import TEXTS
from matcher.telling.text import Language

STANDARD_INPUT = "-"
_SECRET_CHARACTERS_AT_MOST = 1024
_ONLY_OWNER = 0o600

Promised = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="The promise (jiepin-lots-commitment).")
]
_SECRET = typer.Option(
    "--secret", help="File with the secret, 64 hexadecimal digits; - reads it here."
)

lots = typer.Typer(
    help="Draw lots so that nobody can arrange them and anybody can draw them again.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app = typer.Typer(add_completion=False, rich_markup_mode=None)
app.add_typer(lots, name="lots")


@lots.command(
    help=usage(
        "Promise a draw among the ids of a list, before it is final who takes part.",
        "jiepin match lots commit ids.txt --new-secret secret.txt -o promise.json",
        "jiepin match lots commit ids.txt --secret secret.txt -o promise.json",
        more="One id per line. Publish the promise at once, keep the secret shut until the draw.",
    )
)
def commit(  # noqa: PLR0913  # options of a command line, named by whoever calls
    ids: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="One id per line.")],
    output: Output,
    *,
    secret: Annotated[str | None, _SECRET] = None,
    new_secret: Annotated[
        Path | None,
        typer.Option("--new-secret", help="Make a secret and keep it in this new file."),
    ] = None,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Promise a draw among the ids of a list."""
    if (secret is None) == (new_secret is None):
        raise typer.BadParameter("give one of them", param_hint="--secret / --new-secret")
    kept = None if secret is None else Path(secret)
    with failures_told(lang):
        keep_apart((ids, kept), (new_secret, output), lang)
        names = parse_ids(read_bytes(ids), str(ids))
        seed = _made(new_secret) if new_secret is not None else _read_secret(secret, lang)
        promised = promise(seed, names)
        try:
            write_bytes(output, promised.encode())
        except OutputError:
            if new_secret is not None:
                new_secret.unlink()  # of no promise
            raise
    if json:
        tell_json(
            {
                "ids": len(promised.ids),
                "commitment": promised.commitment,
                "file": promised.identity(),
            }
        )
    else:
        typer.echo(TEXTS[lang].committed(len(promised.ids), promised.commitment))


@lots.command(
    help=usage(
        "Draw: publish the secret and the lots of those who take part.",
        "jiepin match lots reveal promise.json --secret secret.txt -o lots.json",
        "jiepin match lots reveal promise.json --taking-part those.txt --secret - -o lots.json",
        more="Without --taking-part everybody in the promise takes part. Nobody can be added.",
    )
)
def reveal(  # noqa: PLR0913  # options of a command line, named by whoever calls
    promised: Promised,
    output: Output,
    *,
    secret: Annotated[str, _SECRET],
    taking_part: Annotated[
        Path | None,
        typer.Option("--taking-part", exists=True, dir_okay=False, help="One id per line."),
    ] = None,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Draw: publish the secret and the lots of those who take part."""
    with failures_told(lang):
        keep_apart((promised, Path(secret), taking_part), (output,), lang)
        kept = parse_commitment(read_bytes(promised), str(promised))
        names = kept.ids
        if taking_part is not None:
            names = parse_ids(read_bytes(taking_part), str(taking_part))
        draw = reveal_draw(kept, _read_secret(secret, lang), names)
        if not isinstance(draw, Draw):
            _tell_complaints(draw, lang)
            raise typer.Exit(REFUSED)
        write_bytes(output, draw.encode())
    if json:
        tell_json({"ids": len(draw.lots), "file": draw.identity()})
    else:
        typer.echo(TEXTS[lang].drawn(len(draw.lots)))


@lots.command(
    help=usage(
        "Draw again from a published secret and compare (exit code 1 when something differs).",
        "jiepin match lots check promise.json lots.json",
        more="Needs nothing but the two published files.",
    )
)
def check(
    promised: Promised,
    draw: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="The draw (jiepin-lots).")
    ],
    *,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Draw again from a published secret and compare."""
    with failures_told(lang):
        kept = parse_commitment(read_bytes(promised), str(promised))
        drawn = parse_draw(read_bytes(draw), str(draw))
    complaints = check_draw(kept, drawn)
    if json:
        found = [{"code": each.flaw.value, "detail": each.detail} for each in complaints]
        tell_json({"ok": not complaints, "findings": found})
    elif complaints:
        _tell_complaints(complaints, lang)
    else:
        typer.echo(TEXTS[lang].accepted)
    if complaints:
        raise typer.Exit(FAILED)


def _tell_complaints(complaints: tuple[Complaint, ...], lang: Language) -> None:
    for each in complaints:
        typer.echo(f"{TEXTS[lang].complaint(each)} [{each.flaw}]", err=True)


def _read_secret(place: str | None, lang: Language) -> bytes:
    if place == STANDARD_INPUT:
        data = sys.stdin.buffer.read(_SECRET_CHARACTERS_AT_MOST)
    else:
        data = read_bytes(Path(str(place)), _SECRET_CHARACTERS_AT_MOST)
    secret = parse_secret(data.decode("ascii", "replace").strip())
    if secret is None:
        typer.echo(TEXTS[lang].bad_secret, err=True)
        raise typer.Exit(REFUSED)
    return secret


def _made(path: Path) -> bytes:
    secret = secrets.token_bytes(SEED_BYTES)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_OWNER)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from error
    try:
        with os.fdopen(number, "wb") as file:
            file.write(b"%s\n" % secret.hex().encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink()
        raise OutputError(f"{path}: {error.strerror}") from error
    return secret

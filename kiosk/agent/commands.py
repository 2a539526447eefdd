"""``jiepin card-agent``: read one's own health card for a page of the console."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from aiohttp import web

from core.card.proof import AGENT_PORT
from kiosk.adapters.reader_port import Reader
from kiosk.adapters.virtual_reader import VirtualReader
from kiosk.agent.service import Agent
from kiosk.agent.unit import UNIT, unit_text
from kiosk.text import agent as agent_text
from kiosk.virtual_cards import FILE, read_cards

USAGE, FAILED = 2, 1

app = typer.Typer(
    help="Read one's own health card for the console's pages, on this computer alone.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Origin = Annotated[
    str, typer.Option(help="Address of the console, such as https://tas.example.tw.")
]
Port = Annotated[int, typer.Option(min=1024, max=65535, help="Port on 127.0.0.1.")]


@app.command()
def run(
    origin: Origin,
    port: Port = AGENT_PORT,
    *,
    virtual_card: Annotated[
        str | None, typer.Option(help=f"Put this card of {FILE} (in --cards) into a virtual slot.")
    ] = None,
    cards: Annotated[Path | None, typer.Option(file_okay=False, help="Folder with cards.")] = None,
) -> None:
    """Answer the console's pages until stopped.

    Examples: jiepin card-agent run --origin https://tas.example.tw
    """
    _check_origin(origin)
    agent, reader = Agent(origin), _reader(virtual_card, cards)
    service = agent.application()

    async def started(_: web.Application) -> None:
        reader.start(agent.heard)
        if virtual_card is not None and cards is not None and isinstance(reader, VirtualReader):
            reader.insert(read_cards(cards)[virtual_card])

    async def stopped(_: web.Application) -> None:
        reader.stop()

    service.on_startup.append(started)
    service.on_cleanup.append(stopped)
    typer.echo(f"http://127.0.0.1:{port}")
    try:
        web.run_app(service, host="127.0.0.1", port=port, print=None, access_log=None)
    except OSError as error:
        typer.echo(agent_text.port_taken(port, error.strerror or ""), err=True)
        raise typer.Exit(FAILED) from error


@app.command()
def install(
    origin: Origin,
    port: Port = AGENT_PORT,
    *,
    folder: Annotated[
        Path | None, typer.Option(file_okay=False, help="Where units of this user are kept.")
    ] = None,
) -> None:
    """Write a systemd unit of this user; no administrator is needed.

    Examples: jiepin card-agent install --origin https://tas.example.tw
    """
    _check_origin(origin)
    target = (folder or Path.home() / ".config" / "systemd" / "user") / UNIT
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(unit_text(origin, port), encoding="utf-8")
    typer.echo(f"{target}\nsystemctl --user enable --now {UNIT}")


def _check_origin(origin: str) -> None:
    parts = urlsplit(origin)
    here = parts.hostname in {"localhost", "127.0.0.1"}
    plain = parts.scheme == "https" or (parts.scheme == "http" and here)
    if not plain or not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}":
        typer.echo(agent_text.no_origin(origin), err=True)
        raise typer.Exit(USAGE)


def _reader(virtual_card: str | None, cards: Path | None) -> Reader:
    if virtual_card is not None:
        if cards is None or virtual_card not in read_cards(cards):
            typer.echo(agent_text.no_such_card(virtual_card), err=True)
            raise typer.Exit(USAGE)
        return VirtualReader()
    from kiosk.adapters.reader import PcscReader  # noqa: PLC0415 - compiled against PC/SC

    return PcscReader()

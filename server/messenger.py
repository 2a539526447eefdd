"""The sending task of a running server, started and ended with it."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web

from server.context import CONTEXT
from server.notifying.line import Line
from server.notifying.mail import Mail
from server.notifying.queue import Channel
from server.notifying.sender import Sender, Way
from server.notifying.settings import Notifying


@dataclass(slots=True, kw_only=True)
class Running:
    """``line`` answers who writes to the official account; ``sender`` is None while quiet."""

    settings: Notifying
    line: Line | None = None
    sender: Sender | None = None

    def wake(self) -> None:
        """Something new waits."""
        if self.sender is not None:
            self.sender.wake()


NOTIFYING: web.AppKey[Running] = web.AppKey("notifying", Running)


def register_notifying(app: web.Application, settings: Notifying) -> None:
    """Send while the application runs, if there is anything to send by."""
    app[NOTIFYING] = Running(settings=settings)
    app.cleanup_ctx.append(_sending)


async def _sending(app: web.Application) -> AsyncIterator[None]:
    running, context = app[NOTIFYING], app[CONTEXT]
    settings = running.settings
    ways: dict[Channel, Way] = {}
    if settings.mail is not None:
        ways[Channel.MAIL] = Mail(settings.mail, settings.credentials)
    if settings.line is not None:
        ways[Channel.LINE] = Line(settings.line, settings.credentials)
        running.line = Line(settings.line, settings.credentials)
    if not ways:
        yield
        return
    running.sender = Sender(
        store=context.store,
        ways=ways,
        contact_key=settings.contact_key,
        month=0 if settings.line is None else settings.line.messages_a_month,
        metrics=context.metrics,
        now_ms=context.now_ms,
        public="" if settings.mail is None else settings.mail.public,
        chance=random.SystemRandom().random,
    )
    task = asyncio.create_task(running.sender.run())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    if running.line is not None:
        await running.line.rest()

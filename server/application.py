"""The server as one aiohttp application: everything is wired here and nothing at import."""

from collections.abc import AsyncIterator

import structlog
from aiohttp import web

from server.api import (
    beacon,
    certificates,
    delta,
    enrolment,
    errand,
    health,
    inbox,
    incident,
    line,
    log,
    reference,
)
from server.api.answers import codes_for_machines
from server.appending import Appender
from server.attendance import ATTENDANCE, Attendance
from server.beacons import BeaconMemory
from server.config import ServerConfig
from server.console.routes import register
from server.context import CONTEXT, Context
from server.deltas import Deltas
from server.directory import Directory
from server.examiners import ExaminingProcesses, ExaminingThreads
from server.ingest import Ingest
from server.judging import Judge
from server.key_changes import Watch
from server.keys import read_keys
from server.limiter import Limiter
from server.messenger import register_notifying
from server.metrics import Metrics
from server.notifying.settings import read_notifying
from server.public.verify import register_public
from server.published import Published
from server.shares import Shares
from server.store import settings, trusts
from server.store.database import open_store
from server.store.writer import StoreError
from server.traffic import Traffic

journal = structlog.get_logger()


def create_app(config: ServerConfig) -> web.Application:
    """The server on its home folder; the database must have been migrated.

    Raises:
        KeysError: The home folder has no usable keys.
    """
    keys = read_keys(config.home)
    directory, metrics = Directory(), Metrics()
    traffic = Traffic()
    judge = Judge(directory, keys.receipt, config.now_ms, traffic.calm)
    watch = Watch(directory)
    store = open_store(
        config.database_url,
        Appender(judge, config.limits, config.now_ms, watch),
        waiting_at_most=config.limits.waiting_at_most,
        chore=judge,
        worth_waiting_for=traffic.half,
    )
    ingest = Ingest(
        store=store,
        directory=directory,
        keys=keys,
        limits=config.limits,
        now_ms=config.now_ms,
        metrics=metrics,
        traffic=traffic,
        examiners=ExaminingProcesses(config.workers) if config.workers else ExaminingThreads(),
    )
    app = web.Application(middlewares=[codes_for_machines])
    app[ATTENDANCE] = Attendance()
    app[CONTEXT] = Context(
        config=config,
        keys=keys,
        store=store,
        directory=directory,
        watch=watch,
        beacons=BeaconMemory(config.limits.beacon_fresh_ms),
        deltas=Deltas(store),
        ingest=ingest,
        judge=judge,
        metrics=metrics,
        published=Published(store),
        strangers=Shares(config.limits.strangers_bytes, config.limits.stranger_bytes),
    )
    app[inbox.PAGES] = inbox.page_limiter(config.limits.inbox_pages_a_minute)
    app[enrolment.FORMS] = Limiter(enrolment.PER_ADDRESS, enrolment.IN_ALL)
    app.cleanup_ctx.append(_running)
    for module in (
        beacon,
        certificates,
        delta,
        enrolment,
        errand,
        health,
        inbox,
        incident,
        line,
        log,
        reference,
    ):
        app.add_routes(module.routes)
    register_notifying(app, read_notifying(config.home))
    register(app)
    register_public(app)
    return app


async def _running(app: web.Application) -> AsyncIterator[None]:
    context = app[CONTEXT]
    await context.store.read(context.watch.begin)
    await context.ingest.start(await context.store.read(settings.read_epoch))
    context.store.writer.start()
    try:
        await context.store.write(context.judge.begin)
        await context.store.write(lambda connection: trusts.keep(connection, context.keys.steps))
    except StoreError as error:  # a full disk must not keep anybody from reading
        journal.warning("start_not_noted", error=type(error).__name__)
    yield
    await context.ingest.stop()
    await context.deltas.stop()
    context.store.close()

"""The console's addresses, and what each needs: one table."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from server.console import (
    applications,
    barring,
    card_door,
    cases,
    entrance,
    fleet,
    freezing,
    incidents,
    machine,
    overview,
    reviews,
    running,
    scenarios,
    trail,
    witnesses,
)
from server.console.layout import Layout
from server.console.names import read_names
from server.console.visit import LAYOUT, NAMES, guarded, with_headers
from server.context import CONTEXT
from server.limiter import Limiter
from server.staff.role import Act

STATIC = Path(__file__).parents[1] / "static"
STATIC_SECONDS = 3600
FILES = {
    "card.js": "text/javascript",
    "console.css": "text/css",
    "favicon.svg": "image/svg+xml",
}
APP = "{app:[0-9a-f]{32}}"
ENTRY = "{entry:[0-9a-f]{64}}"
DEVICE = "{device:[0-9a-f]{32}}"
RUN = "{run:[0-9]{1,9}}"
PICTURE = "{part:run|scenarios}/{file:[a-z0-9-]{1,40}[.]svg}"


def register(app: web.Application) -> None:
    """Add every page of the console to the server."""
    app[LAYOUT] = Layout(app[CONTEXT].config.organiser)
    app[NAMES] = read_names()
    app[entrance.DERIVATIONS] = entrance.Derivations()
    app[entrance.TRIES] = Limiter(entrance.PER_ADDRESS, entrance.IN_ALL)
    app[running.TASKS] = set()
    app[scenarios.DRAWINGS] = {}
    app.cleanup_ctx.append(_runs_end)
    get, post = app.router.add_get, app.router.add_post
    get("/login", entrance.show_door)
    post("/login", entrance.try_door)
    get("/login/card", card_door.show_card_door)
    post("/login/card", card_door.try_card_door)
    get("/login/reader", card_door.show_reader)
    post("/logout", guarded(Act.LOOK, entrance.leave))
    get("/", guarded(Act.LOOK, overview.show_overview))
    get("/fleet", guarded(Act.LOOK, fleet.show_fleet))
    get(f"/fleet/{DEVICE}", guarded(Act.LOOK, machine.show_machine))
    get("/incidents", guarded(Act.LOOK, incidents.list_incidents))
    get("/witnesses", guarded(Act.LOOK, witnesses.list_witnesses))
    post("/witnesses", guarded(Act.WITNESS, witnesses.enter_code))
    get("/cases", guarded(Act.LOOK, cases.list_cases))
    get(f"/cases/{ENTRY}.{{kind:json|ttc}}", guarded(Act.TAKE_EVIDENCE, cases.take_case))
    get(f"/cases/{ENTRY}", guarded(Act.LOOK, cases.show_case))
    post(f"/cases/{ENTRY}", guarded(Act.DECIDE, cases.decide_case))
    get("/applications", guarded(Act.LOOK, applications.list_applications))
    get("/applications.{kind:csv|json}", guarded(Act.EXPORT, applications.export_applications))
    get(f"/applications/{APP}", guarded(Act.LOOK, applications.show_application))
    post(f"/applications/{APP}", guarded(Act.REVEAL, applications.reveal_application))
    get("/reviews", guarded(Act.LOOK, reviews.list_reviews))
    post("/reviews/several", guarded(Act.REVIEW, reviews.check_several))
    post("/reviews/several/sign", guarded(Act.REVIEW, reviews.sign_several))
    get(f"/reviews/{APP}", guarded(Act.LOOK, reviews.show_review))
    post(f"/reviews/{APP}", guarded(Act.REVIEW, reviews.check_form))
    post(f"/reviews/{APP}/sign", guarded(Act.REVIEW, reviews.sign_form))
    get("/barred", guarded(Act.LOOK, barring.list_barred))
    get("/freeze", guarded(Act.FREEZE, freezing.show_freeze))
    post("/freeze", guarded(Act.FREEZE, freezing.make_freeze))
    get("/runs", guarded(Act.SEE_RUNS, running.list_runs))
    post("/runs", guarded(Act.RUN, running.begin_run))
    get(f"/runs/{RUN}", guarded(Act.SEE_RUNS, running.show_result))
    post(f"/runs/{RUN}/approve", guarded(Act.APPROVE, running.approve_result))
    post(f"/runs/{RUN}/publish", guarded(Act.PUBLISH, running.publish_result))
    get(f"/runs/{RUN}/scenarios", guarded(Act.SEE_RUNS, scenarios.show_scenarios))
    post(f"/runs/{RUN}/pictures", guarded(Act.RUN, scenarios.draw_again))
    get(f"/runs/{RUN}/{PICTURE}", guarded(Act.SEE_RUNS, scenarios.show_picture))
    get("/audit", guarded(Act.SEE_AUDIT, trail.show_trail))
    get("/static/{name}", _file)


async def _file(request: web.Request) -> web.StreamResponse:
    """A style sheet or a picture of the package; nothing else has an address."""
    name = request.match_info["name"]
    if name not in FILES:
        raise web.HTTPNotFound
    response = web.FileResponse(
        STATIC / name,
        headers={
            "Content-Type": FILES[name],
            "Cache-Control": f"public, max-age={STATIC_SECONDS}",
        },
    )
    return with_headers(response)


async def _runs_end(app: web.Application) -> AsyncIterator[None]:
    """Matching that is under way is finished before the database closes."""
    yield
    tasks = app[running.TASKS]
    if tasks:
        await asyncio.gather(*tasks)
    await scenarios.stop_drawing(app)

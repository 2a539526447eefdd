"""``/verify`` and ``/V/…``: anybody may have a receipt or a 封箱碼 looked at. No login, no script.

A head that is not in the log yet is kept as a witness, so that asking is worth something later.
"""

from http import HTTPStatus

from aiohttp import web
from sqlalchemy import Connection, select

from server.console.visit import LAYOUT, with_headers
from server.context import CONTEXT, Context
from server.limiter import Limiter, may_ask
from server.lists import moment
from server.public import text
from server.public.look import HERE, Answer, Asked, Standing, keep, key_given, look, read_text
from server.public.proof import Proof, Prover
from server.store.centre import receipt_keys
from server.store.tables import certificate, event, head
from server.store.writer import StoreError

LIMITER: web.AppKey[Limiter] = web.AppKey("limiter", Limiter)
PROVER: web.AppKey[Prover] = web.AppKey("prover", Prover)
KEYS_SECONDS = 60
ADDRESS_AT_MOST = 64


def register_public(app: web.Application) -> None:
    """Add the public pages to the server."""
    app[LIMITER] = Limiter()
    app[PROVER] = Prover()
    app.router.add_get("/verify", show_form)
    app.router.add_get("/verify/keys.json", give_keys)
    app.router.add_get("/verify/proof.json", give_proof)
    # A QR code holds capitals only.
    for place in ("/V/{code}", "/v/{code}"):
        app.router.add_get(place, show_answer)


async def show_form(request: web.Request) -> web.StreamResponse:
    """The page to type on, or the answer to what was typed."""
    typed = request.query.get("code", "")
    if typed.strip():
        return await _answered(request, typed)
    return _page(request, HTTPStatus.OK, answer=None, proof=None, sentence="", typed="")


async def show_answer(request: web.Request) -> web.StreamResponse:
    """What a QR code leads to."""
    return await _answered(request, request.match_info["code"])


async def give_proof(request: web.Request) -> web.StreamResponse:
    """The proof of inclusion for what the query names, for `docs/verify_receipt.py`."""
    if not may_ask(request.app[LIMITER], request):
        return with_headers(web.json_response({"code": "busy"}, status=429))
    asked = read_text(request.query.get("code", ""))
    try:
        answer, proof = await _looked(request, asked)
    except StoreError:
        return with_headers(web.json_response({"code": "store"}, status=503))
    if proof is None or answer.place is None:
        return with_headers(web.json_response({"code": "no_proof"}, status=404))
    return with_headers(
        web.json_response(
            {
                "format": "jiepin-proof/1",
                "event": answer.place.eh.hex(),
                "log_index": answer.place.log_index,
                "size": proof.size,
                "path": [each.hex() for each in proof.path],
                "checkpoint": proof.signed.hex(),
            }
            | ({} if proof.carrier is None else {"carrier": proof.carrier.hex()})
        )
    )


async def give_keys(request: web.Request) -> web.StreamResponse:
    """Every public key that signs receipts, for `docs/verify_receipt.py`."""
    if not may_ask(request.app[LIMITER], request):
        return with_headers(web.json_response({"code": "busy"}, status=429))
    context = request.app[CONTEXT]
    try:
        receipt, devices = await context.store.read(lambda connection: _keys(connection, context))
    except StoreError:
        return with_headers(web.json_response({"code": "store"}, status=503))
    return with_headers(
        web.json_response(
            {
                "format": "jiepin-keys/1",
                "season": context.keys.trust.season,
                "receipt": receipt,
                "devices": devices,
            },
            headers={"Cache-Control": f"public, max-age={KEYS_SECONDS}"},
        )
    )


async def _answered(request: web.Request, typed: str) -> web.StreamResponse:
    if not may_ask(request.app[LIMITER], request):
        return _page(
            request,
            HTTPStatus.TOO_MANY_REQUESTS,
            answer=None,
            proof=None,
            sentence=text.BUSY,
            typed=typed,
        )
    asked = read_text(typed)
    try:
        answer, proof = await _looked(request, asked)
    except StoreError:
        return _page(
            request,
            HTTPStatus.SERVICE_UNAVAILABLE,
            answer=None,
            proof=None,
            sentence=text.STORE_DOWN,
            typed=typed,
        )
    sentence = text.sentence(answer.brought, answer.standing, answer.groups)
    again = typed if answer.standing is Standing.MISHEARD else ""
    return _page(request, HTTPStatus.OK, answer=answer, proof=proof, sentence=sentence, typed=again)


async def _looked(request: web.Request, asked: Asked) -> tuple[Answer, Proof | None]:
    """What the log says, and, if it is not in the log yet, a witness left."""
    context, prover = request.app[CONTEXT], request.app[PROVER]

    def read(connection: Connection) -> tuple[Answer, Proof | None]:
        answer = look(connection, asked, receipt_keys(connection, context.keys.trust))
        place = answer.place
        here = place is not None and answer.standing in HERE
        return answer, prover.prove(connection, place) if here and place else None

    answer, proof = await context.store.read(read)
    if answer.standing is Standing.WAITING:
        key, now_ms = context.keys.receipt, context.now_ms()
        answer = await context.store.write(
            lambda connection: keep(connection, asked, answer, key=key, now_ms=now_ms)
        )
    return answer, proof


def _page(  # noqa: PLR0913 - what the page says
    request: web.Request,
    status: int,
    *,
    answer: Answer | None,
    proof: Proof | None,
    sentence: str,
    typed: str,
) -> web.StreamResponse:
    body = request.app[LAYOUT].render(
        "verify.html",
        answer=answer,
        proof=proof,
        sentence=sentence,
        typed=typed[:ADDRESS_AT_MOST],
        words=text,
        Standing=Standing,
        now=moment(request.app[CONTEXT].now_ms()),
        code=request.match_info.get("code") or request.query.get("code", ""),
    )
    response = web.Response(text=body, status=status, content_type="text/html", charset="utf-8")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = "60"
    return with_headers(response)


def _keys(connection: Connection, context: Context) -> tuple[list[str], list[dict[str, object]]]:
    rows = connection.execute(
        select(head.c.dev, head.c.inc, certificate.c.key)
        .join(certificate, certificate.c.hash == head.c.certificate)
        .order_by(head.c.dev, head.c.inc)
    )
    devices: list[dict[str, object]] = [
        {"device": row.dev.hex()[:16], "inc": row.inc, "key": row.key.hex()} for row in rows
    ]
    rotated = select(event.c.dev, event.c.inc, event.c.frame).where(event.c.kind == "key.rotate")
    devices += [
        {"device": row.dev.hex()[:16], "inc": row.inc, "key": key_given(row.frame).hex()}
        for row in connection.execute(rotated.order_by(event.c.log_index))
    ]
    return [each.hex() for each in receipt_keys(connection, context.keys.trust)], devices

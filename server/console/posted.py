"""A form as it arrives: bounded, within a deadline, in the one encoding our pages use.

Anybody may post to the door, so nothing of a form is kept or parsed beyond these bounds.
"""

import asyncio
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from server.api.answers import ProblemError, read_body, room_for_strangers
from server.context import CONTEXT

FORM_BYTES_AT_MOST = 64 * 1024
"""A review with a reason of 300 words' signs in every line has less than half of it."""
FIELDS_AT_MOST = 1_000
MEDIA_TYPE = "application/x-www-form-urlencoded"
REFUSALS: dict[int, type[web.HTTPException]] = {
    400: web.HTTPBadRequest,
    503: web.HTTPServiceUnavailable,
}
Form = MultiDictProxy[str]
FORM = web.RequestKey("form", Form)


async def posted(request: web.Request) -> Form:
    """The fields of a posted form; the same ones however often they are asked for.

    Raises:
        HTTPException: It is no such form, too large, too slow, or there is no room for it now.
    """
    if FORM not in request:
        request[FORM] = MultiDictProxy(MultiDict(await _fields(request)))
    return request[FORM]


async def _fields(request: web.Request) -> list[tuple[str, str]]:
    if request.content_type != MEDIA_TYPE:
        raise web.HTTPUnsupportedMediaType
    limits = request.app[CONTEXT].config.limits
    try:
        async with asyncio.timeout(limits.deadline_s):
            with room_for_strangers(request) as room:
                data = await read_body(request, FORM_BYTES_AT_MOST, room)
                # What is no UTF-8 becomes a sign that is: no half of a pair reaches a database.
                return parse_qsl(
                    data.decode(errors="replace"),
                    keep_blank_values=True,
                    max_num_fields=FIELDS_AT_MOST,
                )
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except ValueError as error:
        raise web.HTTPBadRequest from error
    except ProblemError as error:
        if error.status not in REFUSALS:
            raise web.HTTPRequestEntityTooLarge(FORM_BYTES_AT_MOST) from error
        raise REFUSALS[error.status] from error

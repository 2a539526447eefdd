"""A talk with a card as a generator: yields commands, is sent responses, returns what it learned.

A card never speaks first, so no state machine is needed. Nothing here knows a reader.
"""

from collections.abc import Callable, Generator
from typing import TypeAlias, TypeVar

from core.card.apdu import Command, Response, get_response

T = TypeVar("T")
Dialogue: TypeAlias = Generator[Command, Response, T]
Transmit: TypeAlias = Callable[[Command], Response]
FETCHES_AT_MOST = 8
"""A card that keeps promising more data is not believed for ever."""


def run(dialogue: Dialogue[T], transmit: Transmit) -> T:
    """Hold the dialogue over ``transmit``; what that raises goes through to the caller."""
    try:
        command = next(dialogue)
        while True:
            command = dialogue.send(transmit(command))
    except StopIteration as ending:
        result: T = ending.value
        return result


def exchange(command: Command) -> Dialogue[Response]:
    """One command with its whole answer: ``61 xx`` is followed by GET RESPONSE (T=0 readers)."""
    response = yield command
    data = response.data
    for _ in range(FETCHES_AT_MOST):
        if response.more is None:
            break
        response = yield get_response(response.more)
        data += response.data
    return Response(data, response.status)

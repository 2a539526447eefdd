"""What a machine asks for beside its log: errands for a person, and word of an incident."""

import json
from typing import Any

from tests.interop.second_client import SecondClient
from tests.interop.ttc import FILE_BYTES, read


async def run_errand(
    client: SecondClient, teacher: bytes, task: str, **said: Any
) -> dict[str, Any]:
    """`ErrandAnswer` to a new errand; ``said`` are the fields of its task, the rest is nil.

    Raises:
        Refusal: The server refused.
    """
    message = {
        **_statement(client),
        "id": client.random(16),
        "teacher": teacher,
        "task": task,
        "address": None,
        "code": None,
        "token": None,
    }
    document = client.log.key.document("tt/errand/1", message | said)
    answer = await client.line.post(f"/v1/errand/{client.log.dev.hex()}", document)
    return read(answer.content(), FILE_BYTES)


async def tell_incident(client: SecondClient, number: str, **state: object) -> str:
    """Tell that somebody pressed the key for help; the number it is kept under.

    Raises:
        Refusal: The server refused.
    """
    words = " ".join(f"{name}={value}" for name, value in state.items())
    message = {
        **_statement(client),
        "number": number,
        "t": client.clock()[0],
        "state": words,
    }
    document = client.log.key.document("tt/incident/1", message)
    answer = await client.line.post(f"/v1/incident/{client.log.dev.hex()}", document)
    return json.loads(answer.accepted())["number"]


def _statement(client: SecondClient) -> dict[str, Any]:
    return {
        "dev": client.log.dev,
        "inc": client.log.inc,
        "seq": client.log.last,
        "beacon": client.log.beacon[0],
    }

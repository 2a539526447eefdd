"""A new incarnation of a machine: another key and log, and what the old one had not delivered."""

from dataclasses import replace

from tests.interop.enrolment import obtain
from tests.interop.log import Entry, Log
from tests.interop.second_client import SecondClient
from tests.interop.ttc import Key, Refused, write


async def renew(client: SecondClient, code: str, key: Key, reason: str) -> list[Entry]:
    """Begin the next log under ``key``, with a letter of the county; the entries carried into it.

    Raises:
        Refusal: The desk or the server refused.
        Refused: The certificate is another machine's, or opens no log after this one.
    """
    old, before = client.log, client.cursor
    applicant = replace(client.applicant, key=key, former=(old.dev, old.inc))
    granted = await obtain(client.line, applicant, code, client.trust, client.random)
    if granted.said["id"] != old.dev:
        raise Refused("another machine")
    client.applicant, client.granted = applicant, granted
    client.log = Log(
        key=key,
        dev=old.dev,
        inc=granted.said["inc"],
        root=granted.root,
        boot=old.boot,
        clock=old.clock,
        random=old.random,
        beacon=old.beacon,
        reference=old.reference,
    )
    client.state, client.cursor = "offline", 0
    client.former.append(old)
    ended = {"inc": old.inc, "seq": old.last, "head": old.hash_at(old.last) if old.last else None}
    client.log.add("device.renew", ended | {"reason": reason})
    unsent = old.entries[before:]
    for entry in unsent:
        said = {"inc": old.inc, "seq": entry.said["seq"], "hash": entry.hash}
        payload = write({"salt": client.random(16), "frame": entry.frame})
        client.log.add("replay", said, payload=payload)
    return unsent

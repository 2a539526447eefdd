"""A second client, written from docs/protocol.md alone, and the real server and desk."""

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from server.store import tables
from tests.interop.conftest import SCHOOL, Interop, applied, turned
from tests.interop.line import Refusal
from tests.interop.ttc import Refused

HERE = Path(__file__).parent
MODULES = sorted(
    path for path in HERE.glob("*.py") if not path.name.startswith(("test_", "conftest"))
)
OTHERS = {"aiohttp", "cryptography", "msgpack", "zstandard"}
OURS = ("core", "jiepin", "kiosk", "matcher", "provisioning", "server", "syncd")
MINUTE_MS = 60_000


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_client_imports_none_of_our_modules(path):
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module)

    foreign = {name for name in names if name.partition(".")[0] not in sys.stdlib_module_names}

    assert {name.partition(".")[0] for name in foreign} <= OTHERS | {"tests"}
    own = {"tests.interop", *(f"tests.interop.{each.stem}" for each in MODULES)}
    assert {name for name in foreign if name.startswith("tests")} <= own


def test_a_python_that_runs_the_client_has_loaded_none_of_our_modules():
    program = (
        f"import sys; {'; '.join(f'import tests.interop.{path.stem}' for path in MODULES)};"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = set(ran.stdout.split())
    assert loaded >= {"tests", "msgpack", "aiohttp"}
    assert not loaded & set(OURS)


async def test_a_letter_makes_a_machine_of_the_second_client(interop, line):
    client = await interop.enrolled(line)

    said = client.granted.said
    assert (said["subject"], said["schools"], said["inc"]) == ("device", [SCHOOL], 1)
    assert client.granted.secret == (interop.country.keys / "desk" / "season.secret").read_bytes()
    row = (await interop.country.rows(tables.certificate))[0]
    assert (row["hash"], row["id"]) == (client.granted.root, client.log.dev)


async def test_a_wrong_code_is_a_refusal(interop, line):
    client = interop.client(line)
    code = interop.country.letter()

    with pytest.raises(Refusal, match="403 refused"):
        await interop.country.with_desk(client.enrol(code[:-1] + ("0" if code[-1] != "0" else "1")))

    assert client.state == "unenrolled"
    assert await interop.country.rows(tables.certificate) == []


async def test_a_grant_under_other_roots_is_not_taken(interop, line, tmp_path):
    client = interop.client(line)
    client.trust = Interop(tmp_path / "elsewhere").given()

    with pytest.raises(Refused, match="signature"):
        await interop.country.with_desk(client.enrol(interop.country.letter()))


async def test_lists_come_whole_and_then_as_what_differs(interop, client):
    whole = await client.refresh(await client.hear())
    before = client.reference.files["calendar"]
    await interop.publish_calendar(("apply", 1, 2), ("later", 3, 4))
    differing = await client.refresh(await client.hear())
    again = await client.refresh(await client.hear())

    assert whole == [
        "file calendar",
        "file notices",
        "file revocations",
        "file schools-elementary",
    ]
    assert (differing, again) == (["delta calendar"], [])
    folder = interop.country.folder / "reference"
    assert client.reference.files["calendar"] == (folder / "calendar.ttc").read_bytes() != before
    assert client.log.entries[-1].said["ref"] == [2, client.reference.name]
    assert [row[:2] for row in client.reference.schools("elementary")] == [
        [SCHOOL, "市立福山國小"],
        ["013602", "市立烏來國中小"],
    ]
    assert client.reference.phase("later") == (3, 4)


async def test_a_list_with_one_turned_bit_is_not_taken(client):
    beacon = await client.hear()
    document = (await client.line.get("/v1/snapshot")).body
    said = client.reference.read_next(document, client.trust, beacon)
    files = {
        name: (await client.line.get(f"/v1/file/{listed[2].hex()}")).body
        for name, listed in said["files"].items()
    }

    wrong = files | {"calendar": turned(files["calendar"], 50)}
    with pytest.raises(Refused, match="file calendar"):
        client.reference.take(document, said, wrong)
    with pytest.raises(Refused):
        client.reference.read_next(turned(document, len(document) // 2), client.trust, beacon)
    with pytest.raises(Refused, match="not the one the beacon names"):
        client.reference.read_next(document, client.trust, beacon | {"snap_h": bytes(8)})

    assert client.reference.files == {}


async def test_an_application_and_its_approval_are_stored_as_they_were_signed(interop, client):
    await applied(interop, client)
    log, sent = client.log, await client.upload()

    stored = await interop.country.rows(tables.event)
    payloads = {row["eh"]: row["data"] for row in await interop.country.rows(tables.payload)}
    assert [row["frame"] for row in stored] == [replace(e, payload=None).frame for e in log.entries]
    assert [row["eh"] for row in stored] == [each.hash for each in log.entries]
    assert {eh: data for eh, data in payloads.items() if eh in {e.hash for e in log.entries}} == {
        each.hash: each.payload for each in log.entries if each.payload is not None
    }
    assert (sent["code"], sent["through"], sent["head"]) == ("ok", log.last, log.entries[-1].hash)
    assert sent["items"] == [
        [seq, seq, int(log.entries[seq - 1].said["kind"] in JUDGED)]
        for seq in range(1, log.last + 1)
    ]
    said = log.entries[-2].said["body"]
    row = (await interop.country.rows(tables.application))[0]
    assert row["app"] == said["app"]


JUDGED = {"teacher.register", "teacher.present", "app.revise", "officer.approve"}

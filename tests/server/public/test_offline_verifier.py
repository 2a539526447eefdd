"""`docs/verify_receipt.py` as a stranger runs it: published keys, a receipt, no program of ours."""

import asyncio
import json
import subprocess
import sys

import pytest

from core.season.address import receipt_address, to_base32
from core.signature import SignatureType
from core.wire.checkpoint import Checkpoint, LogTree
from core.wire.document import sign_document
from core.wire.receipt import MINUTE_MS, check_code, to_base45
from server.store.tables import backup, event
from tests.fakes.device import Device
from tests.server.public.receipts import device_receipt, restored, server_receipt
from tests.server.running import read_rows
from tests.server.season.country import SUBMIT_MS, Site
from tests.server.test_refiling import begin, renewed

SERVER = "https://transfer.example.edu.tw"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def site(desk):
    return Site(desk.country, "134601")


async def verifier(root, *arguments):
    """Exit code and words of the script in an interpreter that finds nothing of ours."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-P", root / "docs/verify_receipt.py", *map(str, arguments)],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


async def published_keys(desk, folder):
    place = folder / "keys.json"
    place.write_text((await desk.get("/verify/keys.json")).html)
    return place


def checkpointed(desk, centre):
    """A backup that holds the log so far, as its row says."""
    store = desk.country.store
    with store.writing() as connection:
        tree = LogTree()
        for row in sorted(read_rows(connection, event), key=lambda row: row["log_index"]):
            tree.append(row["eh"])
        said = Checkpoint(
            v=1, epoch=bytes(8), size=tree.size, root=tree.root(), t=SUBMIT_MS, sealed=None
        )
        connection.execute(
            backup.insert().values(
                made_ms=SUBMIT_MS,
                verified_ms=SUBMIT_MS,
                last_index=tree.size,
                file="backup",
                bytes=1,
                checkpoint=sign_document(SignatureType.CHECKPOINT, said, centre.receipt),
            )
        )


async def test_both_receipts_are_verified_by_the_published_keys_alone(
    desk, site, centre, root, tmp_path
):
    applied = site.applied(1, "134601", ("144601",))
    keys = await published_keys(desk, tmp_path)
    mine = device_receipt(site.device, applied.link)
    servers = server_receipt(centre, site.device, applied.link, log_index=0x01_0000_002A)

    for text, words in (
        (to_base32(mine), "已存於服務站"),
        (to_base45(mine), "已存於服務站"),
        (receipt_address(SERVER, servers), "總序號 4294967338"),
    ):
        code, said = await verifier(root, keys, text)
        assert (code, words in said) == (0, True), said
        assert check_code(applied.link.hash) in said


async def test_no_turned_bit_and_no_other_key_passes(desk, site, centre, root, tmp_path):
    applied = site.applied(1, "134601", ("144601",))
    keys = await published_keys(desk, tmp_path)
    honest = device_receipt(site.device, applied.link)
    stranger = Device(centre, "134601")
    stranger.id = site.device.id
    forged = [device_receipt(stranger, applied.link)]
    for place in (0, 1, 9, 13, 20, 33, 40, 45, 108):
        turned = bytearray(honest)
        turned[place] ^= 0x10
        forged.append(bytes(turned))

    outcomes = await asyncio.gather(*(verifier(root, keys, to_base32(each)) for each in forged))

    assert [code for code, _ in outcomes] == [1] * len(forged)
    assert all("Traceback" not in said for _, said in outcomes)


async def test_the_proof_from_the_page_shows_the_entry_under_the_checkpoint(
    desk, site, centre, root, tmp_path
):
    applied = [site.applied(number, "134601", ("144601",)) for number in range(1, 8)]
    desk.country.receive(site.device)
    checkpointed(desk, centre)
    keys = await published_keys(desk, tmp_path)
    text = to_base32(device_receipt(site.device, applied[3].link))
    other = to_base32(device_receipt(site.device, applied[4].link))

    page = await desk.get(f"/V/{text}")
    given = await desk.get(f"/verify/proof.json?code={text}")
    place = tmp_path / "proof.json"
    place.write_text(given.html)

    assert "檢查點證明" in page.text
    code, said = await verifier(root, keys, text, place)
    assert (code, "檢查點之內" in said) == (0, True), said
    proof = json.loads(given.html)
    turned = bytearray.fromhex(proof["checkpoint"])
    turned[-1] ^= 1
    broken = {
        "another entry": (other, proof),
        "another path": (text, proof | {"path": proof["path"][::-1]}),
        "another place": (text, proof | {"log_index": proof["log_index"] + 1}),
        "another checkpoint": (text, proof | {"checkpoint": turned.hex()}),
    }
    for what, (receipt, changed) in broken.items():
        place.write_text(json.dumps(changed))
        code, said = await verifier(root, keys, receipt, place)
        assert (code, "不符" in said) == (1, True), what


async def test_of_an_entry_that_a_renewed_machine_carried_the_proof_shows_the_carrier(
    desk, site, centre, root, tmp_path
):
    """PROTOCOL 2.12: its place in the tree is that of the ``replay`` entry which names it."""
    sent, unsent = (site.applied(number, "134601", ("144601",)) for number in (1, 2))
    later = renewed(site.device, centre)
    desk.country.certify(later.certificate)
    begin(later, *site.device.links)
    desk.country.receive(later)
    checkpointed(desk, centre)
    keys = await published_keys(desk, tmp_path)
    text = to_base32(device_receipt(site.device, unsent.link))
    other = to_base32(device_receipt(site.device, sent.link))

    page = await desk.get(f"/V/{text}")
    proof = json.loads((await desk.get(f"/verify/proof.json?code={text}")).html)
    place = tmp_path / "proof.json"
    place.write_text(json.dumps(proof))

    assert "已送達" in page.text
    code, said = await verifier(root, keys, text, place)
    assert (code, "檢查點之內" in said) == (0, True), said
    carrier = bytes.fromhex(proof["carrier"])
    of_another = later.links[2].frame.event
    broken = {
        "another entry": (other, proof),
        "no carrier": (text, {name: proof[name] for name in proof if name != "carrier"}),
        "another carrier": (text, proof | {"carrier": of_another.hex()}),
        "a changed carrier": (text, proof | {"carrier": (carrier[:-1] + b"\0").hex()}),
    }
    for what, (receipt, changed) in broken.items():
        place.write_text(json.dumps(changed))
        code, said = await verifier(root, keys, receipt, place)
        assert (code, "不符" in said, "Traceback" in said) == (1, True, False), what


async def test_a_receipt_from_before_a_restore_is_proved_at_the_new_place(
    desk, site, centre, root, tmp_path
):
    applied = site.applied(1, "134601", ("144601",))
    desk.country.receive(site.device)
    checkpointed(desk, centre)
    restored(desk)
    keys = await published_keys(desk, tmp_path)
    minute = desk.country.now_ms // MINUTE_MS
    mine = server_receipt(centre, site.device, applied.link, log_index=77, minute=minute)
    text = to_base32(mine)
    place = tmp_path / "proof.json"

    place.write_text((await desk.get(f"/verify/proof.json?code={text}")).html)
    code, said = await verifier(root, keys, text, place)

    assert (code, "檢查點之內" in said) == (0, True), said
    assert "收據上的總序號是 77" in said


async def test_without_a_checkpoint_there_is_no_proof(desk, site):
    applied = site.applied(1, "134601", ("144601",))
    desk.country.receive(site.device)
    text = to_base32(device_receipt(site.device, applied.link))

    page = await desk.get(f"/V/{text}")
    given = await desk.get(f"/verify/proof.json?code={text}")

    assert "檢查點" not in page.text
    assert (given.status, json.loads(given.html)) == (404, {"code": "no_proof"})


async def test_what_is_no_receipt_is_said_to_be_none(desk, root, tmp_path):
    keys = await published_keys(desk, tmp_path)

    for text in ("", "X", "0" * 175, "封箱碼"):
        code, said = await verifier(root, keys, text)
        assert code == 1
        assert "Traceback" not in said

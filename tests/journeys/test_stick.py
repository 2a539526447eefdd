"""A season without a line: two schools carry everything on one stick, there and back.

Certificates were granted before; then the line is cut and stays so. Officers' certificates, lists,
applications, reviews, receipts and results travel as files.
"""

import json
import threading
import time
from collections import Counter
from contextlib import suppress

import pytest
from typer.testing import CliRunner

import server.commands
import syncd.commands
from core.wire.client import Delivery
from core.wire.receipt import open_receipt
from core.wire.reference import Trust
from core.wire.stick_name import parse_name
from provisioning.demo.comparison import compare
from provisioning.demo.country import Country
from provisioning.demo.place import Place
from provisioning.demo.process import run
from provisioning.demo.season import Season
from provisioning.keyring import read_secret
from syncd.courier import stored_trust
from syncd.store.database import open_store

KIOSKS, TEACHERS = 2, 5
PHASE_S = 240.0
PAUSE_S = 1.0
STICK_KINDS = {"usb.export", "usb.import", "beacon.carried", "inbox.seen"}


def jiepin(app, *words):
    """A command in this process: what it says as JSON."""
    done = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert done.exit_code in {0, 3}, (words, done.output, done.exception)
    return done.exit_code, json.loads(done.stdout.splitlines()[-1])


class ByStick(Season):
    """The headless season, with a stick where the line was."""

    def __init__(self, country, stick):
        super().__init__(country, lambda _: None, outages=False)
        self._stick = stick
        self.carried_before = -1

    def found(self):
        self._country.found()
        self._country.enrol(self._country.world.sites)
        until = time.monotonic() + PHASE_S
        while any(self._log_is_empty(site) for site in self._country.world.sites):
            assert time.monotonic() < until
            time.sleep(PAUSE_S)
        self._country.line.go_down()
        self.carried_before = self._country.line.tally.carried

    def _log_is_empty(self, site):
        """Whether syncd has not written its first entry yet."""
        folder = self._country.place.station(site.name)
        with open_store(
            folder / "kiosk.db", read_secret(folder / "credentials/store.key")
        ) as store:
            return store.ledger.head().seq == 0

    def trip(self):
        """Every station writes, the centre reads and answers, every station reads."""
        place = self._country.place
        stations = [place.station(site.name) for site in self._country.world.sites]
        for station in stations:
            code, said = jiepin(
                *(syncd.commands.app, "usb", "export", "--station", station, "--to", self._stick)
            )
            assert (code, said["removable"]) == (0, True)
        code, said = jiepin(
            *(server.commands.app, "usb", "import", self._stick, "--home", place.server),
            *("--seal-key", place.keys / "seal" / "seal.key", "--answers", self._stick),
        )
        assert (code, {each["code"] for each in said["files"]}) == (0, {"ok"}), said
        for station in stations:
            code, _ = jiepin(syncd.commands.app, "usb", "import", "--station", station, self._stick)
            assert code == 0

    def _with_trouble(self, make):
        """While people work, somebody carries the stick."""
        crowd = make()
        worker = threading.Thread(target=crowd.run, args=(PHASE_S,), daemon=True)
        worker.start()
        try:
            while worker.is_alive():
                self.trip()
                time.sleep(PAUSE_S)
        finally:
            crowd.stop()
        self.trip()


@pytest.fixture
def country(tmp_path, seed):
    made = Country(place=Place(tmp_path / "country"), seed=seed, kiosks=KIOSKS, teachers=TEACHERS)
    yield made
    made.stop()


def test_a_season_by_stick_loses_nothing_and_brings_the_results_back(country, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "holiday.jpg").write_bytes(b"somebody's picture")
    season = ByStick(country, stick)

    season.found()
    season._with_trouble(season._apply)  # noqa: SLF001 - the steps of the season, one by one
    season._with_trouble(season._review)  # noqa: SLF001
    season._publish()  # noqa: SLF001
    season._with_trouble(season._read_results)  # noqa: SLF001

    place = country.place
    stations = [place.station(site.name) for site in country.world.sites]
    outputs = sorted(place.logs.glob("robot-*.out"))
    found = compare(
        database=country.database,
        stations=stations,
        outputs=outputs,
        acts=season._acts,  # noqa: SLF001
    )
    results = [
        json.loads(line)["result"]
        for path in outputs
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("{") and isinstance(json.loads(line).get("result"), dict)
    ]
    assert found.submitted == found.received >= TEACHERS
    assert (found.duplicated, found.invented, found.forks) == (0, 0, 0)
    assert len(results) == TEACHERS
    assert country.line.tally.carried == season.carried_before
    for station in stations:
        check_station(station)
    run(["server", "refold", "--check", "--home", str(place.server)])
    assert (stick / "holiday.jpg").read_bytes() == b"somebody's picture"
    ours = Counter(
        parse_name(each.name).ending for each in stick.iterdir() if each.name.startswith("TTX-")
    )
    assert set(ours) == {".ttx", ".tta"}
    check_no_names(stick.glob("TTX-*"), country)
    check_no_names(place.logs.glob("*.log"), country)
    for station in stations:
        check_no_names(station.rglob("*"), country)


def check_station(station):
    """Delivered up to what the last trips themselves wrote; every version has its receipt."""
    key = read_secret(station / "credentials" / "store.key")
    with open_store(station / "kiosk.db", key) as store:
        trust: Trust = stored_trust(store.identity.read())
        links = store.ledger.links(1, 100_000)
        pending = [
            link for link in links if store.outbox.delivery(link.event.seq) is Delivery.STORED
        ]
        assert {link.event.kind for link in pending} <= STICK_KINDS
        versions = [link for link in links if link.event.kind == "app.revise"]
        assert versions
        for link in versions:
            seq = link.event.seq
            receipt = open_receipt(store.outbox.receipt(seq), trust.receipt[0])
            assert (receipt.seq, receipt.event) == (seq, link.hash[:16])
            assert store.outbox.delivery(seq) in {Delivery.DELIVERED, Delivery.BACKED_UP}
        assert store.reference.version() is not None


def check_no_names(places, country):
    """I11: nothing of a person can be read off the stick, a log or any file of a kiosk."""
    people = [person for site in country.world.sites for person in site.teachers]
    names = [each.person.name.encode() for each in people]
    numbers = [each.person.national_id.text.encode() for each in people]
    files = [path for path in places if path.is_file()]
    assert files
    for path in files:
        with suppress(FileNotFoundError):  # programs still run, and tidy up
            data = path.read_bytes()
            assert not [each for each in (*names, *numbers) if each in data], path.name

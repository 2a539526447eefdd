"""A station folder as enrolment leaves it, and a county that certifies officers; no network."""

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.domain.ids import DeviceId
from core.rules.calendar import build_calendar
from core.wire.client import ClientState
from syncd.station import Settings, Station, create_station, read_station
from syncd.store.identity import Identity
from syncd.store.link_state import LinkState
from syncd.store.moment import read_moment
from tests.fakes.centre import Centre
from tests.kiosk.machine import SECRET, Holder, grant, published
from tests.kiosk.people import OFFICER_PASSWORD, OWN, PASSWORD, SEASON

ROOT = Path(__file__).parents[3]
AMY = Holder("林曉芒", "7000001")
BEN = Holder("陳大川", "7000002", sex="M")
CLERK = Holder("王守信", "7000009", OFFICER_PASSWORD, sex="M")
WISHES = ("133601", "143601", "133603")


def running_calendar():
    """A season that began yesterday."""
    day, now = timedelta(days=1), datetime.now(UTC)
    return build_calendar(
        opens=now - day,
        submit=now + day,
        officer=now + 2 * day,
        freeze=now + 3 * day,
        run=now + 4 * day,
        publish=now + 5 * day,
        ends=now + 6 * day,
    )


def make_station(folder: Path, centre: Centre) -> Station:
    """Folder, keys, identity, lists; passwords are cheap here."""
    root = json.dumps({"threshold": 1, "keys": [centre.root.public.hex()]}).encode()
    station = create_station(folder, Settings(server="http://127.0.0.1:1", name="KH-0231"), root)
    settings = json.loads((folder / "station.json").read_text())
    settings |= {"kdf_memory_kib": 64, "kdf_passes": 1, "contact": "王主任 分機 12"}
    (folder / "station.json").write_text(json.dumps(settings))
    document, certificate = centre.certify(station.log_key, name="KH-0231", schools=(OWN,))
    signed, contents = published(centre, running_calendar())
    with station.open_store() as store, store.transaction():
        store.identity.write(
            Identity(
                device=DeviceId(certificate.id),
                inc=1,
                certificate=document,
                trust=centre.signed_trust,
                name="KH-0231",
                schools=(OWN,),
                season=SEASON,
                season_secret=SECRET,
                server_url="http://127.0.0.1:1",
            )
        )
        store.link_state.write(LinkState(client=ClientState.OFFLINE))
        store.reference.install(signed, contents, read_moment())
    return station


class County(threading.Thread):
    """Certifies every officer who asks, as daemon and desk together would."""

    def __init__(self, station: Path, centre: Centre) -> None:
        super().__init__(daemon=True)
        self._station, self._centre = read_station(station), centre
        self._over = threading.Event()

    def run(self) -> None:
        with self._station.open_store() as store:
            while not self._over.wait(0.05):
                for request in store.requests.open():
                    grant(store, self._centre, request)

    def stop(self) -> None:
        self._over.set()
        self.join()


def card(holder: Holder) -> dict[str, str]:
    profile = holder.profile
    return {
        "card_number": profile.card_number,
        "name": holder.name,
        "national_id": profile.national_id.text,
        "birth": profile.birth.isoformat(),
        "sex": profile.sex,
        "issued": profile.issued.isoformat(),
    }


def officer_act(code: str | None = "8F3K-29QD-XW4M") -> dict:
    act = {"card": card(CLERK), "password": CLERK.password}
    return {"officer": act if code is None else act | {"code": code, "name": "王主任"}}


def register_act(*holders: Holder) -> dict:
    return {
        "register": [
            {
                "card": card(each),
                "title": "教師",
                "school": OWN,
                "stage": "elementary",
                "subject": "general",
            }
            for each in holders
        ]
    }


def apply_act(holder: Holder, schools=WISHES, **changes) -> dict:
    act = {
        "card": card(holder),
        "password": PASSWORD,
        "basics": {"phone1": "03-5123456", "phone2": "", "email": "amy@example.tw"},
        "posts": {
            "indigenous": True,
            "area_limit": "general",
            "service_years": 7,
            "subjects": ["general", "special_disability"],
        },
        "counties": ["13", "14"],
        "schools": list(schools),
        "edits": 5,
        "edit_seed": 11,
    }
    return {"apply": act | changes}


def opening(*holders: Holder) -> list[dict]:
    """The officer enrols, waits, registers."""
    return [
        officer_act(),
        {"wait": "certificate", "timeout_s": 60},
        {"wait": "reference"},
        {"wait": "open"},
        register_act(*holders),
    ]


def write_script(folder: Path, acts: list[dict], name: str = "script.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(acts, ensure_ascii=False), encoding="utf-8")
    return path


def start(station: Path, script: Path) -> subprocess.Popen:
    """``jiepin kiosk --robot`` as the demonstration starts it."""
    words = [sys.executable, "-m", "jiepin", "kiosk", "--station", str(station)]
    return subprocess.Popen(
        [*words, "--robot", str(script)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def play(station: Path, script: Path) -> tuple[int, list[dict], str]:
    """Exit code, facts, what was said on standard error."""
    out, err = (program := start(station, script)).communicate(timeout=120)
    return program.returncode, [json.loads(line) for line in out.splitlines()], err


def facts_of(facts: list[dict], name: str) -> list[dict]:
    return [each[name] for each in facts if name in each]

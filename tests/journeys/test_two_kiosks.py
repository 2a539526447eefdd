"""One teacher at two kiosks without a line: a conflict on the real stack, settled by her.

Then she takes the application back at the other kiosk.
"""

import json
import time
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, select

from core.season.pseudonym import teacher_id
from kiosk.session.display import Display, encode_display
from kiosk.session.effect import SaveDisplay
from kiosk.station import open_counter
from provisioning.demo.country import Country
from provisioning.demo.people import card, write_application_script
from provisioning.demo.place import Place
from provisioning.demo.process import Program
from provisioning.keyring import read_secret
from server.store.tables import application
from syncd.station import read_station
from syncd.store.database import open_store

ACT_S = 180.0
PAUSE_S = 0.3


@pytest.fixture
def country(tmp_path, seed):
    made = Country(place=Place(tmp_path / "country"), seed=seed, kiosks=2, teachers=4)
    yield made
    made.stop()


def until(what, done):
    end = time.monotonic() + ACT_S
    while not done():
        assert time.monotonic() < end, what
        time.sleep(PAUSE_S)


def play(country, site, name, script):
    """``jiepin kiosk --robot`` at a station; the facts it told."""
    station = country.place.station(site.name)
    words = ["kiosk", "--station", str(station), "--robot", str(script)]
    robot = Program(f"robot-{name}", words, country.place.logs)
    robot.start()
    assert robot.wait(ACT_S) == 0, robot.tail()
    out = (country.place.logs / f"robot-{name}.out").read_text(encoding="utf-8")
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def act(country, site, name, teacher, **verbs):
    path = country.place.scripts / f"{name}.json"
    who = {"card": card(teacher.person), "password": teacher.person.password}
    path.write_text(json.dumps([{verb: who | more} for verb, more in verbs.items()]))
    return play(country, site, name, path)


def apply(country, site, name, teacher, code=""):
    """The officer is there; ``teacher`` None only registers the school's teachers."""
    path = country.place.scripts / f"{name}.json"
    applicants = () if teacher is None else (teacher,)
    write_application_script(path, site, code, country.seed, applicants)
    return play(country, site, name, path)


def state_of(country):
    """What the server says stands of the one application."""
    engine = create_engine(country.database)
    with engine.connect() as connection:
        rows = connection.execute(select(application.c.state, application.c.revision)).all()
    engine.dispose()
    return [(row.state, row.revision) for row in rows]


def known_at(country, site, app):
    """The hashes of the heads a station knows."""
    folder = country.place.station(site.name)
    with open_store(folder / "kiosk.db", read_secret(folder / "credentials/store.key")) as store:
        return {each.hash.hex() for each in store.ledger.application(bytes.fromhex(app)).heads}


def looks_at(country, site, holder):
    """How somebody wants a station to look, as it knows it."""
    folder = country.place.station(site.name)
    with open_store(folder / "kiosk.db", read_secret(folder / "credentials/store.key")) as store:
        return store.displays.find(holder)


def test_what_she_chose_under_f2_at_one_kiosk_is_there_at_the_other(country):
    country.found()
    here = country.world.sites[0]
    there = replace(here, name="KH-0099", officer=country.world.sites[1].officer)
    country.enrol((here, there))
    for site in (here, there):
        code = country.letter("officer", site, site.officer_title)
        apply(country, site, f"register-{site.name}", None, code)
    looks = Display(theme="contrast", plain=True)

    folder = country.place.station(here.name)
    with read_station(folder).open_store() as store:
        number = here.teachers[0].person.national_id
        holder = teacher_id(store.identity.read().season_secret, number)
    with open_counter(folder) as counter:
        counter.desk.perform(SaveDisplay(teacher=holder, display=looks))

    until("her settings there", lambda: looks_at(country, there, holder) == encode_display(looks))


def test_a_conflict_between_two_kiosks_is_settled_at_one_and_taken_back_at_the_other(country):
    country.found()
    here = country.world.sites[0]
    there = replace(here, name="KH-0099", officer=country.world.sites[1].officer)
    teacher = next(each for each in here.teachers if len(each.wishing.schools) > 1)
    other = replace(
        teacher, wishing=replace(teacher.wishing, schools=teacher.wishing.schools[::-1])
    )
    country.enrol((here, there))
    for site in (here, there):
        code = country.letter("officer", site, site.officer_title)
        apply(country, site, f"register-{site.name}", None, code)

    country.line.go_down()
    first = apply(country, here, "apply-here", teacher)
    second = apply(country, there, "apply-there", other)
    country.line.come_up()
    sent = [
        [each["submitted"] for each in facts if "submitted" in each] for facts in (first, second)
    ]
    until("both versions at the server", lambda: [s for s, _ in state_of(country)] == ["conflict"])
    facts = act(country, here, "resolve", teacher, resolve={"timeout_s": ACT_S})

    (resolved,) = [each["resolved"] for each in facts if "resolved" in each]
    app = resolved["app"]
    assert {each["app"] for versions in sent for each in versions} == {app}
    assert set(resolved["parents"]) == {versions[-1]["hash"] for versions in sent}
    revision = bytes.fromhex(resolved["hash"])
    until("one version in force", lambda: state_of(country) == [("current", revision)])
    until("the news there", lambda: known_at(country, there, app) == {resolved["hash"]})

    taken = act(country, there, "withdraw", teacher, withdraw={})
    (withdrawn,) = [each["withdrawn"] for each in taken if "withdrawn" in each]
    until("nothing in force", lambda: [s for s, _ in state_of(country)] == ["withdrawn"])
    until("the news here", lambda: known_at(country, here, app) == {withdrawn["hash"]})

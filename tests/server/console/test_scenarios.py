"""Pictures of a run and what other rules would have given, on pages of the console."""

import asyncio
import json
import shutil
from functools import lru_cache

import pytest

from matcher.deciding.solve import solve
from matcher.files.problem import problem_from_document
from server.config import PICTURES
from server.console.scenarios import DRAWINGS, stop_drawing
from server.season.pictures import COMPARISON, SCENARIOS, Gallery
from server.season.run import MatcherError
from server.staff.role import Role
from tests.matcher.markets import problem, rules, school, teacher, vacancy, vacancy_phase
from tests.server.console.test_season import frozen_and_run, sites

__all__ = ["sites"]
HASH = bytes(range(32))
NAMES = {"format": "jiepin-names/1", "schools": {"S2": "青山"}, "subjects": {"general": "普通"}}


@lru_cache
def market():
    people = [
        teacher("T1", "S1", "S2", points={"13": 900}),
        teacher("T2", "S3", "S1", points={"13": 800}),
    ]
    schools = [school(name) for name in ("S1", "S2", "S3")]
    return problem_from_document(
        problem(schools, people, vacancies=[vacancy("S2")], rules=rules(vacancy_phase())), "x"
    )


def draw(gallery, document=None):
    here = market()
    data = here.encode() if document is None else document
    return gallery.draw(HASH, problem=data, result=solve(here).encode(), names=NAMES)


async def drawn(desk):
    for _ in range(3000):
        if not desk.running.client.app[DRAWINGS]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("drawing did not end")


@pytest.fixture
def home(tmp_path):
    return tmp_path


async def test_an_album_holds_the_run_and_what_other_rules_give_and_replaces_the_one_before(home):
    gallery = Gallery(home)
    nothing = gallery.find(HASH)
    old = home / PICTURES / HASH.hex() / SCENARIOS
    old.mkdir(parents=True)
    (old / COMPARISON).write_text("{}")

    await draw(gallery)
    album = gallery.find(HASH)

    assert nothing is None
    assert [each.name for each in (home / PICTURES).iterdir()] == [HASH.hex()]
    assert [each.file for each in album.charts] == [
        "ranks.svg",
        "flows.svg",
        "cutoffs.svg",
        "highest.svg",
    ]
    assert album.diagrams == {"component-0001.svg"}
    assert "青山" in gallery.picture(HASH, "run", "component-0001.svg").decode()
    placements = album.comparison["placements"]
    assert [each["name"] for each in placements[:3]] == [
        "正式.json",
        "不開單調缺.json",
        "遺缺續補.json",
    ]
    assert [each["total"] for each in placements[:3]] == [1, 0, 2]
    assert any(each.file == "ranks.svg" for each in album.scenario_pictures)
    for part, file in (("run", "../scenarios/ranks.svg"), ("run", "x.svg"), ("..", "ranks.svg")):
        assert gallery.picture(HASH, part, file) is None


async def test_without_what_draws_there_is_the_comparison_alone(home, tmp_path, monkeypatch):
    extra = tmp_path / "nothing"
    extra.mkdir()
    (extra / "altair.py").write_text("raise ModuleNotFoundError(name='altair')")
    monkeypatch.setenv("PYTHONPATH", str(extra), prepend=":")
    gallery = Gallery(home)

    await draw(gallery)

    album = gallery.find(HASH)
    assert (album.charts, album.scenario_pictures) == ((), ())
    assert album.comparison["teachers"] == 2


async def test_a_problem_the_matcher_refuses_leaves_nothing(home):
    with pytest.raises(MatcherError, match="compare: exit 3"):
        await draw(Gallery(home), json.dumps(market().document() | {"stage": "college"}).encode())

    assert list((home / PICTURES).iterdir()) == []


async def test_drawing_that_is_given_up_leaves_nothing(home):
    task = asyncio.create_task(draw(Gallery(home)))
    await asyncio.sleep(0.3)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert list((home / PICTURES).iterdir()) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("sites")
async def test_the_run_page_shows_pictures_and_leads_to_the_scenarios(desk):
    await frozen_and_run(desk)
    meanwhile = await desk.get("/runs/1")
    await drawn(desk)

    page = await desk.get("/runs/1")
    ranks = await desk.get("/runs/1/run/ranks.svg")
    ring = await desk.get("/runs/1/run/component-0001.svg")
    scenarios = await desk.get("/runs/1/scenarios")
    compared = await desk.get("/runs/1/scenarios/ranks.svg")
    await desk.enter("audit", Role.AUDITOR)
    audited = await desk.get("/runs/1/run/ranks.svg")

    assert "正在畫圖" in meanwhile.text
    assert page.html.count('<img src="/runs/1/run/') == 4
    assert '<a href="/runs/1/run/component-0001.svg">看圖</a>' in page.html
    for each in (ranks, ring, compared, audited):
        assert each.status == 200
        assert each.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert each.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
        assert each.headers["X-Content-Type-Options"] == "nosniff"
        assert "<script" not in each.html
    assert "臺東縣河口國小" in ring.html
    assert "只有 A 是依規則檔產生的結果" in scenarios.text
    assert "A 正式" in scenarios.text
    assert "每個情境對每個人都給相同的結果" in scenarios.text
    assert desk.country.teacher(1, "134601").name not in page.html + scenarios.html + ring.html


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("sites")
async def test_a_run_without_pictures_works_and_whoever_may_run_can_have_it_drawn(desk, tmp_path):
    await frozen_and_run(desk)
    app = desk.running.client.app
    await stop_drawing(app)
    nothing = [
        await desk.get(path)
        for path in ("/runs/1/scenarios", "/runs/1/run/ranks.svg", "/runs/9/run/ranks.svg")
    ]
    page = await desk.get("/runs/1")
    unknown = await desk.send("/runs/1", "/runs/9/pictures")
    await drawn(desk)

    asked = await desk.send("/runs/1", "/runs/1/pictures")
    meanwhile = await desk.get("/runs/1")
    again = await desk.post("/runs/1/pictures", form=page.token)
    under_way = list(app[DRAWINGS])
    await stop_drawing(app)
    await desk.enter("audit", Role.AUDITOR)
    audited = await desk.get("/runs/1")
    forced = await desk.post("/runs/1/pictures", form=(await desk.get("/")).token)

    assert [each.status for each in nothing] == [404] * 3
    assert "還沒有圖表" in page.text
    assert "畫圖並比較情境" in page.text
    assert (asked.status, asked.headers["Location"]) == (303, "/runs/1")
    assert (unknown.status, again.status, under_way) == (303, 303, [1])
    assert "畫圖並比較情境" not in meanwhile.text
    assert "畫圖並比較情境" not in audited.text
    assert forced.status == 403
    assert not any((tmp_path / "home" / PICTURES).glob("*"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("sites")
async def test_pictures_there_is_no_room_for_are_done_without(desk, tmp_path):
    await frozen_and_run(desk)
    await stop_drawing(desk.running.client.app)
    shutil.rmtree(tmp_path / "home" / PICTURES)
    (tmp_path / "home" / PICTURES).write_text("a file in the way")

    await desk.send("/runs/1", "/runs/1/pictures")
    await drawn(desk)

    assert "還沒有圖表" in (await desk.get("/runs/1")).text

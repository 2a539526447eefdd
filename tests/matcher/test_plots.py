"""Pictures: the same bytes every time, readable, with words for who cannot see them."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.domain.place import load_counties
from matcher.commands.match import app
from matcher.deciding.solve import solve
from matcher.files import canon
from matcher.files.counties import read_counties
from matcher.files.problem import COUNTIES, problem_from_document
from matcher.files.refusal import RefusedFileError
from matcher.telling.compare import compare
from matcher.telling.comparing_text import lines
from matcher.telling.diagrams import components
from matcher.telling.names import Names, parse_names
from matcher.telling.picture import cells, shortened
from matcher.telling.plots import BUCKETS, buckets_of, charts, letters_of
from matcher.telling.plotting_text import DASH, PLOTTING
from matcher.telling.report import page
from matcher.telling.reporting_text import REPORTING
from matcher.telling.text import Language
from matcher.telling.vector import INK, SERIES, SOFT, luminance, shade
from tests.matcher.markets import (
    problem,
    ring_phase,
    rules,
    school,
    teacher,
    vacancy,
    vacancy_phase,
)

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
NAMES = Names(
    counties=read_counties(),
    schools={"S0": "大埤國民小學", "S1": "樟樹 & <青山> 國民小學東興分校附設國民中學部"},
    subjects={"general": "普通"},
)


def ring(size, first):
    """People each of whom wants the seat of the next."""
    return [
        teacher(
            f"T{first + n}",
            f"S{first + n}",
            f"S{first + (n + 1) % size}",
            points={"13": 5000 - 100 * (first + n)},
        )
        for n in range(size)
    ]


def market(*, vacancies=(1,)):
    """A chain of two, and rings of two, three, four, five and six."""
    people = [
        teacher("T1", "S1", "S0", points={"14": 9950}),
        teacher("T2", "S2", "S1", points={"13": 4000}),
        teacher("T3", "S3", "S0", points={"14": 3000}),
    ]
    first = 10
    for size in (2, 3, 4, 5, 6):
        people += ring(size, first)
        first += 10
    homes = [each["school"] for each in people]
    schools = [school("S0", "14"), *(school(name) for name in dict.fromkeys(homes))]
    how = rules(vacancy_phase(refill="rounds"), ring_phase(2, 2, "swap"), ring_phase(3, 6))
    return problem_from_document(
        problem(
            schools,
            people,
            vacancies=[vacancy("S0", count) for count in vacancies],
            rules=how,
        ),
        "x",
    )


@pytest.fixture(scope="module")
def compared():
    here = market()
    return compare(
        here, {"正式.json": solve(here), "b/不開缺額.json.zst": solve(market(vacancies=()))}
    )


def drawn(picture):
    return ET.fromstring(picture.svg)  # noqa: S314 - our own


@pytest.mark.parametrize("lang", Language)
def test_every_chart_is_whole_names_itself_and_says_what_it_shows(compared, lang):
    pictures = list(charts(compared, NAMES, lang))

    assert [each.file for each in pictures] == [
        "ranks.svg",
        *(f"{what}-{of}.svg" for of in "ab" for what in ("flows", "cutoffs", "highest")),
    ]
    for each in pictures:
        root = drawn(each)
        assert root.find(f"{SVG}title").text == each.title
        assert root.find(f"{SVG}desc").text == each.description
        assert root.get("role") == "img"
        assert "<script" not in each.svg
        assert "style=" not in each.svg
        assert "href" not in each.svg
        words = "".join(root.itertext())
        assert each.title in words.replace(each.title, "", 1), "the title is drawn too"


def test_charts_of_one_placement_have_no_letters(compared):
    here = market()
    alone = compare(here, {"正式.json": solve(here)})

    ranks, flows, *_ = charts(alone, NAMES, Language.ZH)

    assert (flows.file, flows.title) == ("flows.svg", "縣市流動")
    assert "正式：達成 22 人，平均第 1.00 志願" in ranks.svg
    assert "第 1 志願 22 人。" in ranks.description
    assert "屏東縣→臺東縣 1" in flows.description
    assert "不開缺額" not in ranks.svg
    assert "B　不開缺額：達成 20 人" in next(charts(compared, NAMES, Language.ZH)).svg


def test_the_highest_cut_offs_come_first_with_names(compared):
    highest = next(p for p in charts(compared, NAMES, Language.ZH) if p.file == "highest-a.svg")

    assert highest.description.startswith("1. 大埤國民小學 普通 99.5 分；2. ")
    assert highest.title == "A　最低錄取積分最高的 20 個校科"


def test_drawing_twice_gives_the_same_bytes(compared):
    assert list(charts(compared, NAMES, Language.ZH)) == list(charts(compared, NAMES, Language.ZH))


def test_a_placement_without_moves_has_only_the_chart_of_ranks():
    people = [teacher("T1", "S1", points={})]
    here = problem_from_document(problem([school("S1")], people, rules=rules()), "x")
    nothing = compare(here, {"A": solve(here)})

    (ranks,) = charts(nothing, NAMES, Language.EN)

    assert "0 moved, mean wish —" in ranks.svg
    assert "<h2>" not in page(nothing, NAMES, Language.EN)


def test_ranks_are_counted_into_buckets_that_leave_nothing_out():
    ranks = dict.fromkeys(range(1, 100), 1)

    assert buckets_of(ranks) == [1, 1, 1, 3, 4, 10, 20, 59]
    assert all(high + 1 == low for (_, high), (low, _) in pairwise(BUCKETS))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (Language.ZH, ("第 1 志願", f"第 4{DASH}6 志願", "第 41 志願以後")),
        (Language.EN, ("wish 1", f"wishes 4{DASH}6", "wish 41 and on")),
    ],
)
def test_buckets_are_named_by_their_ends(lang, said):
    texts = PLOTTING[lang]

    assert (texts.bucket(1, 1), texts.bucket(4, 6), texts.bucket(41, None)) == said


def test_letters_go_on_after_z(compared):
    class Many:
        accounts = compared.accounts * 27

    letters = letters_of(Many)

    assert (letters[0], letters[25], letters[26], letters[53]) == ("A", "Z", "AA", "BB")


@pytest.mark.parametrize("hundredth", range(101))
def test_numbers_are_readable_on_every_shade(hundredth):
    colour, ink = shade(hundredth / 100)

    assert contrast(colour, ink) >= 4.5


def test_words_and_bars_stand_out_from_the_page():
    assert min(contrast(each, "#ffffff") for each in (INK, SOFT)) >= 4.5
    assert min(contrast(each, "#ffffff") for each in SERIES) >= 3


def contrast(*colours):
    low, high = sorted(luminance([int(each[n : n + 2], 16) for n in (1, 3, 5)]) for each in colours)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("lang", Language)
def test_every_chain_and_ring_is_drawn_with_a_box_per_seat_and_an_arrow_per_move(lang):
    here = market()
    placement = solve(here)

    pictures = list(components(here, placement, NAMES, lang))

    assert [each.file for each in pictures][-1] == "component-0006.svg"
    for picture, component in zip(pictures, placement.components, strict=True):
        root = drawn(picture)
        seats = [each for each in root.iter(f"{SVG}rect") if each.get("rx")]
        people = len(component.moves)
        assert len(seats) == people + (component.kind == "chain")
        assert len(list(root.iter(f"{SVG}polygon"))) == people
        words = "".join(root.itertext())
        for move in component.moves:
            assert move.teacher in words
            assert f"{move.teacher} " in picture.description
        width, height = int(root.get("width")), int(root.get("height"))
        for each in root.iter(f"{SVG}rect"):
            assert int(each.get("x", 0)) >= 0
            assert int(each.get("x", 0)) + int(each.get("width")) <= width
            assert int(each.get("y", 0)) + int(each.get("height")) <= height


def test_boxes_of_a_ring_do_not_touch():
    here = market()

    for picture in components(here, solve(here), NAMES, Language.ZH):
        seats = [
            (int(each.get("x")), int(each.get("y")))
            for each in drawn(picture).iter(f"{SVG}rect")
            if each.get("rx")
        ]
        for n, (x, y) in enumerate(seats):
            for left, top in seats[n + 1 :]:
                assert abs(x - left) >= 190 + 20 or abs(y - top) >= 48 + 20


def test_a_chain_begins_with_its_vacancy_and_names_are_cut_to_their_box():
    here = market()

    first = next(components(here, solve(here), NAMES, Language.ZH))

    assert first.title == "第 1 案　單調　2 人"
    assert "臺東　普通（缺額）" in first.svg
    assert "樟樹 &amp; &lt;青山&gt; 國民小…" in first.svg
    assert first.description.startswith(
        "T1 由 樟樹 & <青山> 國民小學東興分校附設國民中學部（普通） 調至 大埤國民小學（普通）"
        "（第 1 志願，99.5 分）。"
    )


def test_a_chinese_character_is_as_wide_as_two_letters():
    assert cells("A校") == 3
    assert shortened("校校校", 6) == "校校校"
    assert shortened("校校校校", 6) == "校校…"


def test_every_county_code_has_a_name_of_today():
    for code in COUNTIES:
        assert NAMES.county(code, Language.ZH) != code
        assert NAMES.county(code, Language.EN).isascii()
    assert NAMES.county("99", Language.ZH) == NAMES.today_code("99") == "99"
    assert NAMES.today_code("19") == "06"
    assert len(load_counties_again()) == 22


def load_counties_again():
    text = (ROOT / "core/rules/tables/counties.toml").read_text(encoding="utf-8")
    return load_counties(text)


def test_a_file_of_names_is_read_as_strictly_as_any_other():
    good = {"format": "jiepin-names/1", "schools": {"S1": "甲"}, "subjects": {"general": "普通"}}

    names = parse_names(canon.encode(good), "n", ())
    with pytest.raises(RefusedFileError) as caught:
        parse_names(canon.encode(good | {"schools": {"S1": 1}, "x": 2}), "n", ())

    assert (names.school("S1"), names.school("S2")) == ("甲", "S2")
    assert names.subject("art") == "art"
    assert {fault.path for fault in caught.value.faults} == {"$.x", "$.schools.S1"}


def test_the_words_name_counties_differences_and_reasons(compared):
    chinese = list(lines(compared, NAMES, Language.ZH))
    english = list(lines(compared, NAMES, Language.EN))

    assert "  達成 22：單調 2、互調 2、多角調 18" in chinese
    assert "  （由另一份問題檔產生：規則或缺額不同）" in chinese
    assert "  臺東縣 調出 0、調入 1、淨 +1" in chinese
    assert "結果不同的有 2 人，共 23 人。" in chinese
    assert "  b/不開缺額.json.zst: 留任原校; 那裡最後還有空缺，但沒有分發給她" in chinese
    assert "T1\t1 / -\t正式.json" in chinese
    assert "  moved 20: vacancies 0, swaps 2, longer rings 18" in english
    assert "2 of 23 teachers get different results." in english
    assert "  正式.json: wish 1, 大埤國民小學 (普通), vacancies" in english
    assert any("passed over by lower priority: 0 (0 pairs); wanting a seat" in e for e in english)


@pytest.mark.parametrize("lang", Language)
def test_the_report_is_one_page_that_loads_nothing(compared, lang):
    text = page(compared, NAMES, lang)

    assert text.count("<img ") == 7
    assert text.count('src="data:image/svg+xml;base64,') == 7
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert "樟樹 &amp; &lt;青山&gt; 國民小學" in text
    assert "http" not in text.replace("http-equiv", "")


@pytest.fixture
def folder(tmp_path):
    here = market()
    (tmp_path / "problem.json").write_bytes(here.encode())
    (tmp_path / "a.json").write_bytes(solve(here).encode())
    (tmp_path / "b.json").write_bytes(solve(market(vacancies=())).encode())
    (tmp_path / "names.json").write_bytes(
        canon.encode({"format": "jiepin-names/1", "schools": {"S0": "大埤"}, "subjects": {}})
    )
    return tmp_path


def call(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_plot_writes_pictures_and_a_list_that_tells_what_each_shows(folder):
    names, out = folder / "names.json", folder / "new" / "pictures"

    done = call("plot", folder / "problem.json", folder / "a.json", "--out", out, "--names", names)

    index = json.loads((out / "index.json").read_bytes())
    listed = [each["file"] for each in index["pictures"]]
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "ranks.svg\t志願序分布")
    assert sorted([*listed, "index.json"]) == sorted(each.name for each in out.iterdir())
    assert listed[4:] == [f"component-000{n}.svg" for n in range(1, 7)]
    assert index["placements"] == [solve(market()).identity()]
    assert "大埤" in (out / "component-0001.svg").read_text(encoding="utf-8")


def test_plot_of_several_draws_no_single_chains_and_a_dry_run_writes_nothing(folder):
    out = folder / "out"
    files = (folder / "problem.json", folder / "a.json", folder / "b.json", "--out", out)

    done = call("plot", *files, "--dry-run", "--lang", "en")

    assert (done.exit_code, out.exists()) == (0, False)
    assert len(done.output.splitlines()) == 7
    assert "component" not in done.output


def test_a_folder_that_cannot_be_made_is_told(folder):
    out = folder / "a.json" / "inside"

    done = call("plot", folder / "problem.json", folder / "a.json", "--out", out)

    assert done.exit_code == 1
    assert str(out) in done.output


def test_compare_writes_its_report_whole_or_not_at_all(folder):
    report = folder / "report.html"
    words = ("compare", folder / "problem.json", folder / "a.json", "--report", report)

    dry = call(*words, "--dry-run")
    kept = report.exists()
    done = call(*words)

    assert (dry.exit_code, kept, done.exit_code) == (0, False, 0)
    assert report.read_text(encoding="utf-8").endswith("</html>\n")


@pytest.mark.parametrize("command", ["plot", "compare"])
def test_without_what_draws_the_extra_is_named(folder, command):
    rest = {"plot": ["--out", folder / "x"], "compare": ["--report", folder / "x.html"]}[command]
    code = (
        "import sys; sys.modules['altair'] = None\n"
        "from matcher.commands.match import app; app(sys.argv[1:])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, command, folder / "problem.json", folder / "a.json", *rest],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr.strip() == "altair: pip install 'jiepin[match]'"
    assert not (folder / "x").exists()


def test_other_commands_do_not_load_what_draws():
    code = (
        "import sys, matcher.commands.match\n"
        "sys.exit('altair' in sys.modules or 'vl_convert' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_pictures_do_not_depend_on_the_seed_of_hashes_or_the_zone(folder):
    made = set()
    for seed in ("1", "77"):
        out = folder / seed
        subprocess.run(
            [
                *(sys.executable, "-m", "matcher", "plot", folder / "problem.json"),
                *(folder / "a.json", "--out", out),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Chatham", "LC_ALL": "C"},
            check=True,
            capture_output=True,
        )
        made.add(tuple((each.name, each.read_bytes()) for each in sorted(out.iterdir())))

    assert len(made) == 1


def test_a_report_of_equal_placements_says_so_and_lists_nobody():
    here = market()
    text = page(compare(here, {"A": solve(here), "B": solve(here)}), NAMES, Language.ZH)

    told = text[text.index(REPORTING[Language.ZH].differences) :]
    assert "<table" not in told

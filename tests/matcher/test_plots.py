"""Pictures: the same bytes every time, readable, with words for who cannot see them."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import altair as alt
import pytest

from core.domain.place import load_counties
from matcher.deciding.solve import solve
from matcher.files import canon
from matcher.files.problem import COUNTIES, problem_from_document
from matcher.files.refusal import RefusedFileError
from matcher.telling.compare import compare
from matcher.telling.comparing_text import lines
from matcher.telling.diagrams import components
from matcher.telling.names import parse_names
from matcher.telling.picture import cells, shortened
from matcher.telling.plots import BUCKETS, buckets_of, charts, letters_of
from matcher.telling.plotting_text import DASH, PLOTTING
from matcher.telling.report import page
from matcher.telling.reporting_text import REPORTING
from matcher.telling.text import Language
from matcher.telling.vector import (
    INK,
    SERIES,
    SOFT,
    Caption,
    View,
    draw,
    luminance,
    shade,
    values,
)
from tests.matcher.calling import invoke
from tests.matcher.markets import (
    problem,
    rules,
    school,
    teacher,
    vacancy,
    vacancy_phase,
)
from tests.matcher.pictures import KEPT, NAMES, PARTS, market, two_placements

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def compared():
    return two_placements()


@pytest.mark.parametrize("beginnings", PARTS)
def test_pictures_and_reports_are_those_that_were_looked_at(beginnings):
    kept = {
        path.name: path.read_text(encoding="utf-8")
        for path in KEPT.iterdir()
        if path.name.startswith(tuple(beginnings.split()))
    }

    assert kept == dict(PARTS[beginnings]()), "look, then: python -m tests.matcher.pictures"


def test_every_picture_that_is_kept_is_told():
    beginnings = tuple(each for part in PARTS for each in part.split())

    assert [path.name for path in KEPT.iterdir() if not path.name.startswith(beginnings)] == []


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


def downwards(picture):
    """What stands in a chart, from above."""
    where = re.compile(r"<text [^>]*translate\([^,]+,([^)]+)\)[^>]*>([^<]+)</text>")
    return [
        words for _, words in sorted((float(y), words) for y, words in where.findall(picture.svg))
    ]


@pytest.mark.parametrize("lang", Language)
def test_ranks_stand_from_the_first_wish_down(lang):
    schools = [school("S0"), school("S1")] + [school(f"V{n:02}") for n in range(1, 13)]
    wishes = [f"V{n:02}" for n in range(1, 13)]
    people = [
        teacher("T1", "S0", *wishes, points={"13": 100}),
        teacher("T2", "S1", "V01", "V11", points={"13": 100}),
    ]
    here = problem_from_document(
        problem(
            schools,
            people,
            vacancies=[vacancy("V12"), vacancy("V11")],
            rules=rules(vacancy_phase()),
        ),
        "x",
    )

    ranks = next(charts(compare(here, {"a.json": solve(here)}), NAMES, lang))

    labels = [PLOTTING[lang].bucket(low, high) for low, high in BUCKETS[:6]]
    assert [each for each in downwards(ranks) if each in labels] == labels


def test_charts_of_one_placement_have_no_letters(compared):
    here = market()
    alone = compare(here, {"正式.json": solve(here)})

    ranks, flows, *_ = charts(alone, NAMES, Language.ZH)

    assert (flows.file, flows.title) == ("flows.svg", "縣市流動")
    assert "正式：達成 22 人，平均第 1.00 志願" in drawn(ranks).itertext()
    assert not any("結果不同" in line for line in lines(alone, NAMES, Language.ZH))
    assert "第 1 志願 22 人。" in ranks.description
    assert "屏東縣→臺東縣 1" in flows.description
    assert "不開缺額" not in ranks.svg
    assert "B　不開缺額：達成 20 人" in next(charts(compared, NAMES, Language.ZH)).svg


def test_the_highest_cut_offs_come_first_with_names(compared):
    highest = next(p for p in charts(compared, NAMES, Language.ZH) if p.file == "highest-a.svg")

    assert highest.description.startswith("1. 大埤國民小學 普通 99.5 分；2. ")
    assert highest.title == "A　最低錄取積分最高的 20 個校科"


@pytest.fixture(scope="module")
def crowded():
    """Into 24 schools of two counties, one each and two into V21; from a county of old, too."""
    schools = [school("H1"), school("H2", "02"), school("H3", "06"), school("H4", "19")]
    schools += [school(f"V{n:02}", "14" if n < 13 else "02") for n in range(24)]
    people = [
        teacher(f"T{n + 1}", f"H{n % 4 + 1}", f"V{n:02}", points={county: 3000 + 100 * n})
        for n in range(24)
        for county in ("14" if n < 13 else "02",)
    ]
    people += [
        teacher("T31", "H2", "V21", points={"02": 5720}),
        teacher("T32", "H2", "V23", points={"02": 734}),
        teacher("T33", "H2", "V03", points={"14": 3400}),
    ]
    opened = [vacancy(f"V{n:02}", 2) for n in range(24)]
    here = problem_from_document(
        problem(schools, people, vacancies=opened, rules=rules(vacancy_phase())), "x"
    )
    return compare(here, {"a.json": solve(here)})


@pytest.mark.parametrize(
    ("lang", "merged", "range_of", "last"),
    [
        (
            Language.ZH,
            "臺中市→宜蘭縣 6、臺中市→臺東縣 6、宜蘭縣→宜蘭縣 5、",
            f"51.0{DASH}57.2 分（2 人）",
            f"33.0{DASH}34.0 分（2 人）",
        ),
        (
            Language.EN,
            "Taichung→Yilan 6、Taichung→Taitung 6、Yilan→Yilan 5、",
            f"51.0{DASH}57.2 (2)",
            f"33.0{DASH}34.0 (2)",
        ),
    ],
)
def test_charts_of_many_positions_say_the_highest_every_bin_and_counties_of_today(
    crowded, lang, merged, range_of, last
):
    _, flows, cutoffs, highest = charts(crowded, NAMES, lang)

    assert flows.description.startswith(merged)
    assert cutoffs.description == "、".join(
        f"{low}{DASH}{low + 5}: {count}"
        for low, count in zip(range(5, 55, 5), (1, 0, 0, 0, 0, 5, 5, 5, 5, 3), strict=True)
    )
    bins = [f"{low}{DASH}{low + 5}" for low in range(5, 55, 5)]
    assert [each for each in downwards(cutoffs) if each in bins] == bins
    rows = highest.description.split("；")
    assert [row.partition(" ")[0] for row in rows] == [f"{place}." for place in range(1, 21)]
    assert rows[1] == f"2. V21 普通 {range_of}"
    assert rows[-1] == f"20. V03 普通 {last}"
    labels = [f"{row.partition(' 普通 ')[0]} 普通" for row in rows]
    assert [each for each in downwards(highest) if each in labels] == labels
    words = list(drawn(highest).itertext())
    assert [each for each in words if each.isdecimal()] == list(map(str, range(30, 61, 5)))
    assert {range_of, last} < set(words)
    assert "27" in drawn(flows).itertext(), "how many move at all"


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            Language.ZH,
            ["臺中市 調出 12、調入 0、淨 -12", "宜蘭縣 調出 4、調入 8、淨 +4"],
        ),
        (
            Language.EN,
            ["Taichung: 12 left, 0 entered, net -12", "Yilan: 4 left, 8 entered, net +4"],
        ),
    ],
)
def test_a_county_is_told_once_however_many_became_one(crowded, lang, told):
    spoken = [line.strip() for line in lines(crowded, NAMES, lang)]

    assert [line for line in spoken if line in told] == told[::-1]
    assert sum(line.startswith(told[0][:4]) for line in spoken) == 1


def test_the_report_lists_counties_of_today_in_the_order_of_government_lists(crowded):
    text = page(crowded, NAMES, Language.ZH)

    rows = re.findall(r'<th scope="row">(..[縣市])</th>' + r'<td class="n">(.+?)</td>' * 3, text)
    assert rows == [
        ("臺中市", "12", "0", "-12"),
        ("宜蘭縣", "4", "8", "+4"),
        ("屏東縣", "6", "0", "-6"),
        ("臺東縣", "0", "14", "+14"),
    ]


def test_drawing_twice_gives_the_same_bytes(compared):
    assert list(charts(compared, NAMES, Language.ZH)) == list(charts(compared, NAMES, Language.ZH))


def test_a_placement_without_moves_has_only_the_chart_of_ranks():
    people = [teacher("T1", "S1", points={})]
    here = problem_from_document(problem([school("S1")], people, rules=rules()), "x")
    nothing = compare(here, {"A": solve(here)})

    (ranks,) = charts(nothing, NAMES, Language.EN)

    assert "0 moved, mean wish —" in ranks.svg
    assert re.findall(r">([\d.]+)</text>", ranks.svg) == ["0", "1", "0"], "ends, and nobody"
    assert "  共 0 案，最大一案 0 人（一人未報到，同案都受影響）" in lines(
        nothing, NAMES, Language.ZH
    )
    assert "  0 chains and rings, the largest of 0 (one no-show touches them all)" in lines(
        nothing, NAMES, Language.EN
    )
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


def test_bars_of_many_placements_stand_in_the_order_of_the_placements():
    here = market(vacancies=(), rings=(2,))
    placement = solve(here)
    many = compare(here, {f"{n}.json": placement for n in range(28)})

    svg = next(charts(many, NAMES, Language.ZH)).svg

    told = re.findall(r"<text [^>]*translate\(525,([\d.]+)\)[^>]*>([A-Z]+) 2</text>", svg)
    assert re.findall(r">([\d.]+)</text>", svg) == ["0", "1", "2"], "nobody is a part"
    assert [letter for _, letter in told] == letters_of(many)
    assert all(float(upper) < float(lower) for (upper, _), (lower, _) in pairwise(told))


@pytest.mark.parametrize("hundredth", range(101))
def test_numbers_are_readable_on_every_shade(hundredth):
    colour, ink = shade(hundredth / 100)

    assert contrast(colour, ink) >= 4.5


def test_words_and_bars_stand_out_from_the_page():
    assert min(contrast(each, "#ffffff") for each in (INK, SOFT)) >= 4.5
    assert min(contrast(each, "#ffffff") for each in SERIES) >= 3


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((0, 0, 0), 0),
        ((10, 10, 10), 10 / 255 / 12.92),
        ((11, 11, 11), ((11 / 255 + 0.055) / 1.055) ** 2.4),
        ((255, 0, 0), 0.2126),
        ((0, 255, 0), 0.7152),
        ((0, 0, 255), 0.0722),
        ((255, 255, 255), 1),
    ],
)
def test_how_light_a_colour_is_follows_the_guideline(colour, expected):
    assert luminance(colour) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("title", "line", "width"),
    [
        ("短", "short", 300),
        ("題" * 30, "short", 32 + 30 * 17),
        ("短", "字" * 40, 32 + 40 * 13),
    ],
)
def test_a_picture_is_as_wide_as_its_longest_words(title, line, width):
    rows = [{"x": 1}]
    base = alt.Chart(values(rows)).mark_point().encode(x="x:Q")
    caption = Caption(file="a.svg", title=title, lines=[line], description="")
    view = View(width=200, height=50, left=60, right=40, across="")

    root = drawn(draw([base], caption, view))

    assert (root.get("width"), root.get("viewBox").split()[2]) == (str(width), str(width))


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


def test_a_chain_is_told_in_english():
    here = market()

    first = next(components(here, solve(here), NAMES, Language.EN))

    assert first.title == "No. 1, vacancies, 2 people"
    assert first.description == (
        "T1 moves from 樟樹 & <青山> 國民小學東興分校附設國民中學部 (普通) to 大埤國民小學 (普通) "
        "(wish 1, 99.5 points). T2 moves from S2 (普通) to "
        "樟樹 & <青山> 國民小學東興分校附設國民中學部 (普通) (wish 1, 40.0 points)."
    )
    words = list(drawn(first).itertext())
    assert {"T1", "wish 1, 99.5 points", "TTT　普通（vacancy）", "PIF　普通"} <= set(words)


def test_a_chinese_character_is_as_wide_as_two_letters():
    assert cells("A校") == 3
    assert shortened("校校校", 6) == "校校校"
    assert shortened("校校校校", 6) == "校校…"
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdefg", 6) == "abcde…"


def test_every_county_code_has_a_name_of_today():
    for code in COUNTIES:
        assert NAMES.county(code, Language.ZH) != code
        assert NAMES.county(code, Language.EN).isascii()
    assert NAMES.county("99", Language.ZH) == NAMES.today_code("99") == "99"
    assert NAMES.today_code("19") == "06"
    assert len(load_counties_again()) == 22


@pytest.mark.parametrize(("lang", "width"), [(Language.ZH, 4), (Language.EN, 3)])
def test_every_county_has_a_short_name_of_its_own_that_fits_a_cell(lang, width):
    short = [PLOTTING[lang].short_county(NAMES, county.code) for county in NAMES.counties]

    assert len(set(short)) == len(short) == 22
    assert {cells(each) for each in short} == {width}


def load_counties_again():
    text = (ROOT / "core/rules/tables/counties.toml").read_text(encoding="utf-8")
    return load_counties(text)


def test_a_file_of_names_is_read_as_strictly_as_any_other():
    good = {"format": "jiepin-names/1", "schools": {"S1": "甲"}, "subjects": {"general": "普通"}}

    spoilt = good | {"schools": {"S1": 1}, "subjects": {"art": 2}, "x": 3}

    names = parse_names(canon.encode(good), "n", ())
    with pytest.raises(RefusedFileError) as caught:
        parse_names(canon.encode(spoilt), "n", ())

    assert (names.school("S1"), names.school("S2")) == ("甲", "S2")
    assert (names.subject("general"), names.subject("art")) == ("普通", "art")
    assert {(fault.file, fault.path) for fault in caught.value.faults} == {
        ("n", "$.x"),
        ("n", "$.schools.S1"),
        ("n", "$.subjects.art"),
    }
    with pytest.raises(RefusedFileError) as whole:
        parse_names(canon.encode(good | {"schools": ["S1"]}), "n", ())
    assert [fault.path for fault in whole.value.faults] == ["$.schools"]


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
    return invoke(*words)


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


@pytest.mark.parametrize("start", [[], ["/bin/sh", "-c", 'exec "$@" <&-', "sh"]])
def test_pictures_do_not_depend_on_the_seed_of_hashes_or_the_zone_or_an_input(folder, start):
    words = [*start, sys.executable, "-m", "matcher", "plot", folder / "problem.json"]
    made = set()
    for seed in ("1", "77"):
        out = folder / seed
        done = subprocess.run(
            [*words, folder / "a.json", "--out", out],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Chatham", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        made.add(tuple((each.name, each.read_bytes()) for each in sorted(out.iterdir())))

    assert len(made) == 1


def test_a_report_of_equal_placements_says_so_and_lists_nobody():
    here = market()
    text = page(compare(here, {"A": solve(here), "B": solve(here)}), NAMES, Language.ZH)

    told = text[text.index(REPORTING[Language.ZH].differences) :]
    assert "<table" not in told

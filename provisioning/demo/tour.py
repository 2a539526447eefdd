"""The demo with a person.

Simulated kiosks in the background, one real kiosk in this terminal, and a small menu around it.
"""

import json
import subprocess
import sys
import threading
from dataclasses import replace

import typer
from rich.cells import cell_len

from core.domain.ids import generate_national_id
from core.domain.place import load_counties
from provisioning.demo.country import Country
from provisioning.demo.crowd import Crowd
from provisioning.demo.lists import table
from provisioning.demo.people import card, write_application_script, write_review_script
from provisioning.demo.process import Program, ProgramError
from provisioning.demo.world import Site, Teacher

PHASE_S = 900.0
LABELS = ("首次使用", "罕用字，首次使用", "居留證，首次使用")
BOX = 76
NAME_CELLS = 20
DEMO_PASSWORD = "taiwan-demo-115"  # noqa: S105 - invented people only; printed on the screen
FRESH_TEACHERS = 3
LISTED_TEACHERS = 5
MENU = """
  1  開啟服務站（離開：Ctrl+Q）
  2  人事初審全部通過 → 凍結 → 媒合 → 獨立檢核 → 兩人核可 → 公告
  3  拔掉或插回網路線（目前{line}）
  4  結束示範
"""


class Tour:
    """A country with one more kiosk than is simulated: the one here."""

    def __init__(self, country: Country, size: str | None) -> None:
        """``size`` such as ``80x24``, or what the terminal has."""
        self._country = country
        self._size = size
        self._simulated: tuple[Site, ...] = ()
        self._here: Site | None = None
        self._crowd_fault: ProgramError | None = None

    def run(self) -> None:
        """Build, show, let the person play, clean up."""
        country = self._country
        try:
            self._build()
            self._box()
            self._menu()
        except ProgramError as error:
            typer.echo(f"示範無法繼續：{error}", err=True)
            raise typer.Exit(1) from error
        except KeyboardInterrupt:
            typer.echo("", err=True)
        finally:
            country.stop()
        typer.echo(f"資料在 {country.place.folder}，刪掉就沒了。", err=True)

    def _build(self) -> None:
        country = self._country
        country.kiosks += 1
        country.teachers = max(country.teachers, LISTED_TEACHERS * country.kiosks)
        typer.echo("  準備金鑰、名單、伺服器…", err=True)
        country.found()
        *simulated, here = country.world.sites
        self._simulated = tuple(simulated)
        self._here = _with_one_password(_with_special_cards(here))
        typer.echo(f"  {len(country.world.sites)} 台服務站登錄中…", err=True)
        country.enrol(country.world.sites)
        self._prepare_here(self._here)
        threading.Thread(target=self._simulate, daemon=True, name="simulated-kiosks").start()

    def _prepare_here(self, site: Site) -> None:
        """The officer of this kiosk has enrolled and registered everyone.

        The teachers have not applied, but for two.
        """
        place = self._country.place
        script = place.scripts / "here-apply.json"
        code = self._country.letter("officer", site, site.officer_title)
        write_application_script(
            script, site, code, self._country.seed, site.teachers[FRESH_TEACHERS:]
        )
        station = place.station(site.name)
        cards = [
            *(
                {"label": _label(each, site), "profile": card(each.person)}
                for each in site.teachers[:LISTED_TEACHERS]
            ),
            {"label": f"{site.officer_title}（人事）", "profile": card(site.officer)},
            {
                "label": "未登錄 何○○（本校未登錄）",
                "profile": card(self._simulated[0].teachers[0].person),
            },
            {"label": "讀不到的卡", "fault": "unreadable"},
            {"label": "反插的卡", "fault": "reversed"},
            {"label": "別種晶片卡", "fault": "foreign"},
        ]
        (station / "virtual_cards.json").write_text(
            json.dumps(cards, ensure_ascii=False), encoding="utf-8"
        )
        typer.echo("  這台服務站的人事登錄教師…", err=True)
        words = ["kiosk", "--station", str(station), "--robot", str(script)]
        program = Program("robot-here", words, place.logs)
        program.start()
        if program.wait(PHASE_S) != 0:
            raise ProgramError(f"the officer could not register the teachers: {program.tail()}")

    def _simulate(self) -> None:
        try:
            Crowd(self._robots("apply", self._simulated), at_once=2).run(PHASE_S)
        except ProgramError as error:
            self._crowd_fault = error

    def _robots(self, what: str, sites: tuple[Site, ...]) -> dict[str, Program]:
        place = self._country.place
        programs = {}
        for site in sites:
            script = place.scripts / f"{site.name}-{what}.json"
            if what == "apply":
                code = self._country.letter("officer", site, site.officer_title)
                write_application_script(script, site, code, self._country.seed)
            else:
                write_review_script(script, site)
            words = ["kiosk", "--station", str(place.station(site.name)), "--robot", str(script)]
            programs[site.name] = Program(f"robot-{site.name}-{what}", words, place.logs)
        return programs

    def _box(self) -> None:
        country = self._country
        rows = [
            ("示範資料夾", f"{country.place.folder}（刪掉就沒了）"),
            ("控制台", country.address),
            *((f"  帳號 {name}", password) for name, password in country.passwords.items()),
            ("服務站", f"{len(self._simulated)} 台模擬，1 台在這裡（虛擬讀卡機）"),
            ("虛擬卡密碼", f"{DEMO_PASSWORD}（人事，以及已用過的老師）"),
            ("虛構教師", f"{country.teachers} 位，seed {country.seed}"),
            ("有缺額的縣市", "、".join(self._open_counties())),
        ]
        typer.echo("-" * BOX)
        for name, value in rows:
            typer.echo(f"  {name}{' ' * (NAME_CELLS - cell_len(name))}{value}")
        typer.echo("-" * BOX)

    def _open_counties(self) -> list[str]:
        """Where a wish can come true: every county has schools, few have seats."""
        places = {school[:2] for school, _ in self._country.world.vacancies}
        counties = load_counties(table("counties.toml"))
        return [each.name for each in counties if places & set(each.prefixes)]

    def _menu(self) -> None:
        typer.prompt("按 Enter 開啟服務站（Ctrl+C 全部結束）", default="", show_default=False)
        choice = "1"
        while choice != "4":
            match choice:
                case "1":
                    self._kiosk()
                case "2":
                    self._finish()
                case "3":
                    self._toggle_line()
                case _:
                    typer.echo("請輸入 1 到 4。")
            typer.echo(MENU.format(line="連線" if self._country.line.up else "斷線"))
            choice = typer.prompt("選擇", default="1").strip()

    def _kiosk(self) -> None:
        if self._here is None:
            return
        station = self._country.place.station(self._here.name)
        words = [sys.executable, "-m", "jiepin", "kiosk", "--station", str(station)]
        words.append("--virtual-reader")
        if self._size:
            words += ["--size", self._size]
        subprocess.run(words, check=False)  # noqa: S603 - our own words

    def _toggle_line(self) -> None:
        line = self._country.line
        if line.up:
            line.go_down()
            typer.echo("網路線已拔掉：服務站照常受理，資料先存在本機。")
        else:
            line.come_up()
            typer.echo("網路線已插回：syncd 會自動上傳。")

    def _finish(self) -> None:
        if self._crowd_fault is not None:
            raise self._crowd_fault
        country = self._country
        country.line.come_up()
        typer.echo("  人事初審…")
        country.publish_reference()
        everyone = (*self._simulated, *((self._here,) if self._here else ()))
        Crowd(self._robots("review", everyone), at_once=2).run(PHASE_S)
        names = {
            "county-pass": "縣市積分審查",
            "freeze": "凍結",
            "match": "媒合與獨立檢核",
            "approve": "第二人核可",
            "publish": "公告",
        }
        facts = country.close_season(lambda act: typer.echo(f"  {names[act]}…"))
        for name in ("input_root", "moved", "check_ok"):
            typer.echo(f"      {name}: {facts.get(name)}")
        typer.echo("  完成。結果已送往服務站：再開服務站插卡，看「查詢申請狀況」。")


def _with_one_password(site: Site) -> Site:
    officer = replace(site.officer, password=DEMO_PASSWORD)
    teachers = tuple(
        replace(each, person=replace(each.person, password=DEMO_PASSWORD)) for each in site.teachers
    )
    return replace(site, officer=officer, teachers=teachers)


def _with_special_cards(site: Site) -> Site:
    """The second teacher's name has a character no card can hold, the third is a foreigner."""
    first, second, third, *rest = site.teachers
    rare = replace(second.person, name="游子堃")
    digits = third.person.national_id.text[2:9]
    number = generate_national_id("F", "9" if third.person.sex == "F" else "8", digits)
    foreign = replace(third.person, name="Lee Robin", national_id=number)
    changed = (replace(second, person=rare), replace(third, person=foreign))
    return replace(site, teachers=(first, *changed, *rest))


def _label(teacher: Teacher, site: Site) -> str:
    place = site.teachers.index(teacher)
    note = LABELS[place] if place < FRESH_TEACHERS else "已送出第 1 版"
    return f"{teacher.person.name}（{note}）"

"""How fast the kiosk is: start, memory, key to paint, filter, card to name, paper.

As a program of its own in a pseudo terminal.

The parent types and listens as a terminal would; the child is the real application on a stage whose
desk answers nothing, so that only drawing is measured; beside it stand two bare tables of Textual
with the same rows. `measure` gives rows for `make bench`.
"""

import csv
import fcntl
import json
import os
import pty
import select
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import DataTable, Static

from core.domain.application import Reference
from core.domain.ids import CountyCode, SchoolId
from core.domain.reading import load_readings
from core.domain.school import School, Stage, short_name_of
from kiosk.session.draft import Draft
from kiosk.session.effect import Effect
from kiosk.session.listing import candidates
from kiosk.session.page import WishesPage
from kiosk.session.state import SignedIn
from tests.kiosk.people import COMPLETE, POST, REFERENCE, table
from tests.kiosk.screens.gallery import STATION, teacher
from tests.kiosk.screens.stage import LARGE, StagedKiosk

ROOT = Path(__file__).parents[2]
SCHOOLS_FILE = ROOT / "../shared/data/114_basec.csv"
INVENTED = 200
KEYS = 600
ALL_SCHOOLS = 3303
STARTS = 7
PATIENCE_S = 20.0
READY = "健 保 卡".encode()
LISTED = "您選擇的志願學校".encode()
WHERE_AM_I, HERE = b"\x1b[6n", b"\x1b[1;2R"
DOWN, UP, TAB, F5, F6, BACK = b"\x1b[B", b"\x1b[A", b"\t", b"\x1b[15~", b"\x1b[17~", b"\x7f"
F9, ENTER = b"\x1b[20~", b"\r"
# What a person does at the list: look, add, filter, move. Every one of these changes the screen.
LOOK = (DOWN, b" ", DOWN, DOWN, b" ", UP)
FILTER = ("新".encode(), BACK, DOWN)
MOVE = (TAB, DOWN, F5, F6, UP, TAB)
ROUND = (*LOOK, *FILTER, *MOVE)
CURSOR = (DOWN, DOWN, UP, DOWN, TAB, DOWN, DOWN, UP, TAB)
"""What a bare table can do as well."""
CURSOR_KEYS = 300
HOUR = 7200
"""Keys of an hour at two a second."""
CARDS = 5
NAME = "林曉芒"
BARE = (
    "from textual.app import App\nfrom textual.widgets import Static\n"
    "class Bare(App):\n    def compose(self):\n        yield Static('健 保 卡')\nBare().run()\n"
)


def real_schools() -> tuple[School, ...]:
    """Every public elementary school of the ministry's list, empty when the list is not here."""
    if not SCHOOLS_FILE.exists():
        return ()
    with SCHOOLS_FILE.open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            School(
                id=SchoolId(row["學校代碼"]),
                name=row["學校名稱"],
                short_name=short_name_of(row["學校名稱"]),
                county=CountyCode(row["縣市代碼"]),
                township=row["鄉鎮市區"],
                stage=Stage.ELEMENTARY,
            )
            for row in csv.DictReader(file)
            if not row["學校名稱"].startswith("私立")
        )


def invented_schools() -> tuple[School, ...]:
    """Two counties with as many schools as large ones have."""
    return tuple(
        School(
            id=SchoolId(f"{county}{at:04}"),
            name=f"試驗{at}國小",
            short_name=f"試驗{at}",
            county=CountyCode(county),
            township=f"第{at % 30}鄉",
            stage=Stage.ELEMENTARY,
        )
        for county in ("13", "14")
        for at in range(INVENTED)
    )


def two_counties() -> tuple[Reference, CountyCode, CountyCode]:
    """The two counties with most schools, and the own school so that the session is whole."""
    schools = real_schools() or invented_schools()
    counts: dict[CountyCode, int] = {}
    for school in schools:
        counts[school.county] = counts.get(school.county, 0) + 1
    first, second, *_ = sorted(counts, key=lambda county: -counts[county])
    listed = [each for each in schools if each.county in {first, second}]
    own = REFERENCE.schools[POST.school]
    reference = replace(REFERENCE, schools={each.id: each for each in (*listed, own)})
    return reference, first, second


def staged() -> StagedKiosk:
    """The wish list of a teacher with a hundred wishes in those counties."""
    reference, first, second = two_counties()
    wishes = tuple(each.id for each in reference.schools.values() if each.id != POST.school)[5:105]
    answers = replace(COMPLETE, county_a=first, county_b=second, wishes=wishes)
    session = teacher(
        WishesPage(county=first),
        station=replace(STATION, reference=reference),
        draft=Draft(answers=answers),
    )
    kiosk = StagedKiosk(session)
    kiosk.desk.asked = Forgotten()
    return kiosk


class Forgotten(list[Effect]):
    """What a desk was asked for, of which an hour of typing leaves nothing."""

    def append(self, _: Effect) -> None:
        """Not kept."""


def peer() -> App[None]:
    """Two bare tables of Textual with the rows of that screen: what the toolkit alone costs."""
    session = staged().session
    scene = session.scene
    assert isinstance(scene, SignedIn)
    reference = session.station.reference
    assert reference is not None
    answers = scene.draft.answers
    page = WishesPage(county=answers.county_a or CountyCode(""))
    left = [each.school for each in candidates(reference, POST, answers, page)]
    right = [reference.schools[each] for each in answers.wishes]

    class Tables(App[None]):
        CSS = "DataTable { width: 1fr; }"

        def compose(self) -> ComposeResult:
            yield Static("您選擇的志願學校")
            with Horizontal():
                for schools in (left, right):
                    table: DataTable[str] = DataTable(cursor_type="row")
                    table.add_columns("#", "school", "township")
                    for at, each in enumerate(schools, start=1):
                        table.add_row(str(at), each.name, each.township)
                    yield table

    return Tables()


class Program:
    """A program in a pseudo terminal of 120 by 40; answers where its cursor is, as terminals do."""

    def __init__(self, words: list[str]) -> None:
        self.began = time.perf_counter()
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            os.chdir(ROOT)
            os.execv(words[0], words)  # noqa: S606
        fcntl.ioctl(
            self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LARGE[1], LARGE[0], 0, 0)
        )

    def read(self, patience_s: float) -> bytes:
        """What it wrote within this time, empty for nothing."""
        ready, _, _ = select.select([self._terminal], [], [], patience_s)
        if not ready:
            return b""
        data = os.read(self._terminal, 1 << 16)
        if WHERE_AM_I in data:
            os.write(self._terminal, HERE)
        return data

    def until(self, words: bytes) -> float:
        """Seconds from its start until it wrote these words."""
        self.hear(words)
        return time.perf_counter() - self.began

    def hear(self, words: bytes) -> None:
        """Wait until it writes these words."""
        heard = b""
        end = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < end:
            heard = heard[-len(words) :] + self.read(0.5)
            if words in heard:
                return
        raise TimeoutError(words.decode())

    def type(self, key: bytes) -> None:
        """A key, without listening."""
        os.write(self._terminal, key)

    def quiet(self, silence_s: float = 0.25) -> None:
        """Read on until it is silent."""
        while self.read(silence_s):
            pass

    def press(self, key: bytes) -> float:
        """Seconds from a key to the first byte of what it paints."""
        began = time.perf_counter()
        os.write(self._terminal, key)
        if not self.read(2.0):
            raise TimeoutError(key.decode())
        return time.perf_counter() - began

    def rss_mib(self) -> float:
        """Resident memory."""
        for row in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if row.startswith("VmRSS"):
                return int(row.split()[1]) / 1024
        return 0.0

    def close(self) -> None:
        """End it."""
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self._terminal)


@contextmanager
def running(*words: str) -> Iterator[Program]:
    """Python with these words, ended afterwards."""
    program = Program([sys.executable, *words])
    try:
        yield program
    finally:
        program.close()


def measure_start(*words: str) -> tuple[float, float]:
    """Best seconds to the first screen of several starts, and memory then, MiB."""
    times, memory = [], 0.0
    for _ in range(STARTS):
        with running(*words) as program:
            times.append(program.until(READY))
            program.quiet()
            memory = max(memory, program.rss_mib())
    return min(times), memory


def measure_station() -> tuple[float, float]:
    """The real command on a real station with a virtual reader."""
    from tests.fakes.centre import Centre  # noqa: PLC0415 - the child does without it
    from tests.kiosk.robot.stations import make_station  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        station = Path(folder) / "station"
        make_station(station, Centre())
        return measure_start("-m", "jiepin", "kiosk", "--station", str(station), "--virtual-reader")


def measure_keys(child: str, keys: tuple[bytes, ...], count: int) -> list[float]:
    """Seconds from key to paint, sorted; ``child`` is the program of this module that is played."""
    with running("-m", "tests.kiosk.bench_screens", child) as program:
        program.until(LISTED)
        program.quiet()
        times = []
        for at in range(count):
            times.append(program.press(keys[at % len(keys)]))
            program.quiet(0.03)
    return sorted(times)


def measure_hour() -> float:
    """Memory, MiB, after the keys of an hour, typed as fast as they are painted."""
    with running("-m", "tests.kiosk.bench_screens", "child") as program:
        program.until(LISTED)
        program.quiet()
        for at in range(HOUR):
            program.press(ROUND[at % len(ROUND)])
        program.quiet()
        return program.rss_mib()


def measure_cards() -> float:
    """Longest seconds from putting a card into the virtual slot to its name on the screen."""
    from tests.fakes.centre import Centre  # noqa: PLC0415 - the child does without it
    from tests.kiosk.robot import stations  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        folder, centre = Path(name), Centre()
        station = folder / "station"
        stations.make_station(station, centre)
        county = stations.County(station, centre)
        county.start()
        script = stations.write_script(folder, stations.opening(stations.AMY))
        code, _, said = stations.play(station, script)
        county.stop()
        if code:
            raise RuntimeError(said)
        cards = json.dumps([{"label": "A", "profile": stations.card(stations.AMY)}])
        (station / "virtual_cards.json").write_text(cards, encoding="utf-8")
        words = ("-m", "jiepin", "kiosk", "--station", str(station), "--virtual-reader")
        with running(*words) as program:
            program.until(READY)
            program.quiet()
            return max(_card_in(program) for _ in range(CARDS))


def _card_in(program: Program) -> float:
    """Seconds from choosing the virtual card to the name; then the card is taken out again."""
    program.press(F9)
    program.quiet()
    began = time.perf_counter()
    program.type(ENTER)
    program.hear(NAME.encode())
    took = time.perf_counter() - began
    program.quiet()
    program.press(F9)
    program.quiet()
    program.press(ENTER)
    program.quiet()
    return took


def measure_paper() -> tuple[float, float]:
    """Seconds of the first sheet, with loading what sets it, and of the slowest one afterwards."""
    from tests.kiosk.paper.bench_paper import first_and_slowest  # noqa: PLC0415

    return first_and_slowest()


def best_of(times: int, act: Callable[[], object]) -> float:
    """Shortest seconds of several tries."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        found.append(time.perf_counter() - began)
    return min(found)


def measure_filter() -> float:
    """Seconds to filter as many schools as the whole country has, all in the county in front."""
    schools = real_schools() or invented_schools()
    front = CountyCode("13")
    copies = (
        replace(schools[at % len(schools)], id=SchoolId(f"{at:06}"), county=front)
        for at in range(ALL_SCHOOLS)
    )
    many = {each.id: each for each in copies}
    reference = replace(REFERENCE, schools=many)
    readings = load_readings(table("readings.toml"))
    pages = (WishesPage(county=front, keyword=typed) for typed in ("光", "ej", "xg"))
    return max(
        best_of(20, lambda page=page: candidates(reference, POST, COMPLETE, page, readings))
        for page in pages
    )


def measure() -> dict[str, Any]:
    """Rows for the table, and the raw figures."""
    start_s, rss = measure_station()
    bare_s, bare_rss = measure_start("-c", BARE)
    keys = measure_keys("child", ROUND, KEYS)
    p50, p99 = keys[len(keys) // 2], keys[int(len(keys) * 0.99)]
    cursor = measure_keys("child", CURSOR, CURSOR_KEYS)
    tables = measure_keys("peer", CURSOR, CURSOR_KEYS)
    (half, most), (peer_half, peer_most) = (
        (times[len(times) // 2], times[int(len(times) * 0.99)]) for times in (cursor, tables)
    )
    beside = (
        f"bare DataTables with the same rows {peer_half * 1000:.1f} / {peer_most * 1000:.1f} ms"
    )
    beside += f": {half / peer_half:.2f} / {most / peer_most:.2f} times"
    hour = measure_hour()
    card_s = measure_cards()
    first_sheet_s, sheet_s = measure_paper()
    filter_s = measure_filter()
    reference, *counties = two_counties()
    source = "real" if SCHOOLS_FILE.exists() else "invented"
    wishes = f"key to paint, wish list, {len(reference.schools) - 1} {source} schools"
    return {
        "start_s": start_s,
        "rss_mib": rss,
        "bare_start_s": bare_s,
        "bare_rss_mib": bare_rss,
        "key_p50_s": p50,
        "key_p99_s": p99,
        "cursor_p50_s": half,
        "cursor_p99_s": most,
        "table_p50_s": peer_half,
        "table_p99_s": peer_most,
        "rss_after_an_hour_mib": hour,
        "card_to_name_s": card_s,
        "first_sheet_s": first_sheet_s,
        "sheet_s": sheet_s,
        "filter_s": filter_s,
        "counties": counties,
        "rows": [
            (
                "kiosk start to first screen",
                f"{start_s:.2f} s",
                f"a one-line Textual program {bare_s:.2f} s",
                "≤ 1.0 s",
                start_s <= 1.0,
            ),
            (
                "kiosk memory at the first screen",
                f"{rss:.0f} MiB",
                f"a one-line Textual program {bare_rss:.0f} MiB",
                "≤ 100 MB",
                rss * 1024 * 1024 <= 100e6,
            ),
            (
                f"{wishes}, p99",
                f"{p99 * 1000:.1f} ms",
                f"p50 {p50 * 1000:.1f} ms",
                "≤ 50 ms",
                p99 <= 0.05,
            ),
            (
                "key to paint, cursor keys alone, p50 / p99",
                f"{half * 1000:.1f} / {most * 1000:.1f} ms",
                beside,
                "none",
                None,
            ),
            (
                f"kiosk memory after an hour of typing ({HOUR:,} keys)",
                f"{hour:.0f} MiB",
                f"at the first screen {rss:.0f} MiB",
                "≤ 100 MB",
                hour * 1024 * 1024 <= 100e6,
            ),
            (
                f"card in the slot to the name on the screen, slowest of {CARDS}",
                f"{card_s * 1000:.0f} ms",
                "limit",
                "≤ 0.5 s",
                card_s <= 0.5,
            ),
            (
                "a form as PDF, the first of a day, with loading the typesetter",
                f"{first_sheet_s:.2f} s",
                f"the slowest of the next four {sheet_s * 1000:.0f} ms",
                "≤ 0.5 s",
                max(first_sheet_s, sheet_s) <= 0.5,
            ),
            (
                f"filter of {ALL_SCHOOLS} schools",
                f"{filter_s * 1000:.1f} ms",
                "one screen refresh 16 ms",
                "≤ 16 ms",
                filter_s <= 0.016,
            ),
        ],
    }  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:] == ["child"]:
        staged().run()
    elif sys.argv[1:] == ["peer"]:
        peer().run()
    else:
        sys.stdout.write(f"{measure()}\n")

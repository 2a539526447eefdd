"""Templates with the filters they use. Everything is escaped unless a template says otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from core.domain.points import Points
from core.domain.roc import TAIPEI, format_roc, format_roc_minute
from core.season.seal_code import seal_code
from core.wire.receipt import check_code
from server.console import text
from server.lists import moment
from server.season.text import REASONS

MINUTE_MS = 60_000
HOUR_MINUTES = 60
DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the path shown on top; without ``address`` it is where we are."""

    name: str
    address: str | None = None


class Layout:
    """Renders the templates of the package."""

    def __init__(self, organiser: str = "") -> None:
        """Load lazily, escape always. ``organiser`` stands at the foot of every page."""
        self._environment = _environment()
        self._organiser = organiser

    def render(self, template: str, **values: object) -> str:
        """The page as text."""
        page = self._environment.get_template(template)
        return page.render({"organiser": self._organiser, **values})


@cache
def _environment() -> Environment:
    """One for the process: templates are data of the package and are compiled once."""
    environment = Environment(
        loader=PackageLoader("server", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "roc": roc,
        "roc_day": roc_day,
        "points": points,
        "hex": hexadecimal,
        "code": check_code,
        "masked_name": text.masked_name,
        "masked_id": text.masked_id,
        "thousands": thousands,
        "ago": ago,
        "exact": exact,
        "span": span,
        "seal": seal_code,
        "hundredths": hundredths,
        "differing": differing,
        "grounds": grounds,
    }
    environment.globals |= {"text": text, "reasons_text": REASONS}
    return environment


def roc(when: datetime | int | None) -> str:
    """A time or milliseconds as ``115/4/28(二) 17:00``."""
    if when is None:
        return "—"
    return format_roc_minute(moment(when) if isinstance(when, int) else when)


def grounds(codes: Iterable[str]) -> str:
    """The officer's grounds in words."""
    return "、".join(text.RETURN_REASONS.get(each, each) for each in codes)


def exact(ms: int | None) -> str:
    """Milliseconds as ``115/4/28(二) 17:00:00.123``: seconds matter at a deadline."""
    if ms is None:
        return "—"
    when = moment(ms).astimezone(TAIPEI)
    return f"{format_roc_minute(when)}:{when.second:02}.{when.microsecond // 1000:03}"


def span(ms: int) -> str:
    """A length of time, in the unit that suits it."""
    for size, name in ((86_400_000, "日"), (3_600_000, "時"), (60_000, "分")):
        if ms >= size:
            whole, rest = divmod(ms, size)
            return f"{whole}.{rest * 10 // size} {name}"
    return f"{ms // 1000}.{ms % 1000 // 100} 秒"


def roc_day(iso: str) -> str:
    """A day as ``74/4/1(一)``."""
    return format_roc(date.fromisoformat(iso))


def points(hundredths: int | None) -> str:
    """Points as printed."""
    return "—" if hundredths is None else str(Points(hundredths))


def hundredths(value: int | None) -> str:
    """A number in hundredths as ``2.31``."""
    return "—" if value is None else f"{value // 100}.{value % 100:02}"


def differing(comparison: Mapping[str, Any], place: int) -> int:
    """How many people get something else by the placement at ``place`` than by the first."""
    return sum(each["got"][place] != each["got"][0] for each in comparison["differences"])


def hexadecimal(data: bytes | None, digits: int = 64) -> str:
    """The first digits of bytes in hex."""
    return "—" if data is None else data.hex()[:digits]


def thousands(number: int) -> str:
    """``1,234``."""
    return f"{number:,}"


def ago(then_ms: int | None, now_ms: int) -> str:
    """How long ago, in the two largest units; never, when it never was."""
    if then_ms is None:
        return "從未"
    minutes = max(0, now_ms - then_ms) // MINUTE_MS
    if minutes < 1:
        return "剛剛"
    if minutes < HOUR_MINUTES:
        return f"{minutes} 分前"
    hours, minutes = divmod(minutes, HOUR_MINUTES)
    if hours < DAY_HOURS:
        return f"{hours} 時 {minutes} 分前"
    days, hours = divmod(hours, DAY_HOURS)
    return f"{days} 日 {hours} 時前"

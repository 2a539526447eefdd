"""What a signed-in teacher looks at, as values.

A screen draws one of them and keeps no truth of its own.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from core.domain.ids import CountyCode, EventHash
from core.domain.refusal import Refusal
from core.domain.school import Mark
from kiosk.session.rare_name import NameEntry
from kiosk.session.record import Version


class Task(StrEnum):
    """The rows of K03, in their order."""

    NOTICES = "notices"
    PASSWORD = "password"  # noqa: S105  # the name of a task
    BASICS = "basics"
    POSTS = "posts"
    WISHES = "wishes"
    CHECK = "check"
    REVIEW = "review"
    STATUS = "status"


class TaskState(StrEnum):
    """UX K03: only ``ATTENTION`` uses the error colour."""

    DONE = "done"
    UNDER_WAY = "under_way"
    NOT_STARTED = "not_started"
    BLOCKED = "blocked"
    ATTENTION = "attention"
    WAITING = "waiting"
    OPEN = "open"


class Question(StrEnum):
    """The five questions of 應聘資料, in their order (UX K04)."""

    INDIGENOUS = "indigenous"
    AREA_LIMIT = "area_limit"
    SERVICE_YEARS = "service_years"
    POST = "post"
    SUBJECTS = "subjects"


QUESTIONS = tuple(Question)
NOTICES = 6
"""注意事項 has six pages (F-040 … F-046)."""
NOTICES_VERSION = "115-1"
"""Which text a teacher agrees to; another text has another number (F-047)."""
NOTICES_TEXTS = MappingProxyType(
    {"115-1": bytes.fromhex("c32d9e5b7f8c9de80b7a3e2f9c4a4562713f812c7b448b521f45bf50dea367e1")}
)
"""SHA-256 of every text there was, its pages one after the other; what is signed at 送出."""


class InsertMode(StrEnum):
    """志願插入模式 (F-127 … F-129)."""

    LAST = "last"
    FIRST = "first"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Insertion:
    """Where the next wish goes; ``rank`` counts from 1 and is used by ``BEFORE`` only."""

    mode: InsertMode = InsertMode.LAST
    rank: int = 1


AT_THE_END = Insertion()


@dataclass(frozen=True, slots=True)
class TasksPage:
    """K03. ``resumed`` says where the teacher left last time, for one sentence after signing in."""

    resumed: Task | None = None


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """注意事項, page ``index`` of 0 … `NOTICES` - 1; agreeing is on the last."""

    index: int = 0


@dataclass(frozen=True, slots=True)
class BasicsPage:
    """基本資料 (K10). ``faults`` are those of the last 繼續; what was typed is in the draft."""

    faults: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class NamePage:
    """罕用字更正, opened from 基本資料."""

    entry: NameEntry


@dataclass(frozen=True, slots=True)
class PostsPage:
    """應聘資料 (K04), one question at a time."""

    question: Question = Question.INDIGENOUS
    faults: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class CountiesPage:
    """志願縣市: the two counties, whose order does not rank."""

    faults: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WishesPage:
    """志願學校 (K05). ``county`` is the tab in front, None for the schools of both counties.

    ``township`` None is 不分區, ``keyword`` as typed.
    """

    county: CountyCode | None
    township: str | None = None
    keyword: str = ""
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """送出前檢查 (K06).

    ``faults`` is what keeps the application from being sent, always up to date. ``asked`` is set
    once 送出 was pressed in vain: the summary then takes the top of the screen.
    ``password_wanted`` asks for the password again, because the last entry is older than ten
    minutes; ``password_wrong`` says the last one failed.
    """

    faults: tuple[Refusal, ...] = ()
    ticked: bool = False
    asked: bool = False
    password_wanted: bool = False
    password_wrong: bool = False


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Versions that did not know of each other, two of them side by side (PROTOCOL 2.9).

    The first head stands on the left, head number ``right`` on the right.
    """

    right: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPage:
    """撤回申請: what it means, until when it can be undone, and the button.

    ``faults`` and the password as in `CheckPage`.
    """

    faults: tuple[Refusal, ...] = ()
    password_wanted: bool = False
    password_wrong: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """K07, right after sending; ``version`` is kept up to date, so that 已送達 can appear."""

    version: Version


@dataclass(frozen=True, slots=True)
class StatusPage:
    """K11: versions, review, points, result.

    ``version`` is the one whose difference to the draft is shown.
    """

    version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPage:
    """通知設定: how the teacher is reached. ``fault`` is why the last act did not do."""

    behind: "BasicsPage | CheckPage | ReceiptPage | StatusPage"
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheckPage:
    """資格檢核: her own service held against the regulation; what she says is in the draft."""

    behind: "PostsPage | CheckPage"


@dataclass(frozen=True, slots=True)
class StepsPage:
    """The list of steps that can be taken back or redone (UX 4.10)."""

    behind: "Page"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage:
    """版本紀錄: every version sent, each compared with ``base``; None is the draft."""

    behind: "Page"
    base: EventHash | None = None


class Doubt(StrEnum):
    """What an interruption page asks before something that is hard to take back."""

    INDIGENOUS_YES = "indigenous_yes"
    CHANGE_COUNTY = "change_county"
    CLEAR_WISHES = "clear_wishes"
    REMOVE_CLOSED = "remove_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """A page of its own with 取消 (focused) and 確定. ``count`` is how many wishes it touches.

    ``slot`` and ``county`` belong to ``CHANGE_COUNTY``: slot ``a`` or ``b`` becomes ``county``.
    """

    asks: Doubt
    behind: "Page"
    count: int = 0
    slot: Literal["a", "b"] | None = None
    county: CountyCode | None = None


Page = (
    TasksPage
    | NoticesPage
    | BasicsPage
    | NamePage
    | PostsPage
    | CountiesPage
    | WishesPage
    | CheckPage
    | ConflictPage
    | WithdrawPage
    | ReceiptPage
    | StatusPage
    | ContactPage
    | SelfCheckPage
    | StepsPage
    | VersionsPage
    | Interruption
)

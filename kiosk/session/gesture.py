"""What a person at the kiosk does: anywhere, signing in, and as a teacher."""

from dataclasses import dataclass, field
from typing import Literal

from core.domain.ids import CountyCode, EventHash, SchoolId, SubjectCode
from core.domain.school import Mark, Stage
from kiosk.session.device import Happening
from kiosk.session.display import Place
from kiosk.session.page import Insertion, Question, Task
from kiosk.session.paper import Form
from kiosk.session.person import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched(Happening):
    """Any key or click that means nothing else: somebody is here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WentBack(Happening):
    """Esc: one step back; never loses anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WentOn(Happening):
    """Enter on 繼續, 確定, 我同意, 確認: the one way forward a page has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Happening):
    """F10: end the session and take the card back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreTimeAsked(Happening):
    """需要更多時間: 15 minutes of silence for this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayChosen(Happening):
    """One choice of F2: a field of `kiosk.session.display.Display`, and its value."""

    place: Place
    value: str | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealAsked(Happening):
    """Show the full number for five seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChosen(Happening):
    """申請階段別 on K02."""

    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordTyped(Happening):
    """A password where one is asked for: teacher, witness or officer."""

    password: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordForgotten(Happening):
    """F7 on K02: the witnessed path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredOnce(Happening):
    """After the witness: in, this once, and no password is set (U-031)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChosen(Happening):
    """A new password, twice."""

    password: Secret
    again: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersCalled(Happening):
    """F9 on K01."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeAsked(Happening):
    """F4 on K01."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAsked(Happening):
    """F6 on K01: something is wrong with the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolsAsked(Happening):
    """F5 on K01: the lists, without a card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolsNarrowed(Happening):
    """Which schools are looked through; ``county`` None is all of them."""

    stage: Stage
    county: CountyCode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentTyped(Happening):
    """An officer's first time: one-time code and password (twice when it is a new one)."""

    code: Secret
    password: Secret
    again: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(Happening):
    """A row of K03, or one of the change buttons of K06."""

    task: Task


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTyped(Happening):
    """A keystroke in a text field of 基本資料: the whole text as it is now."""

    place: Literal["phone1", "phone2", "email"]
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameOpened(Happening):
    """F8 where a name is shown: 罕用字更正."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingTyped(Happening):
    """Keys of the 注音 layout, as many as stand in the box now; a tone ends the syllable."""

    keys: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacterChosen(Happening):
    """One of the characters that were found, for the first place still open."""

    character: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacterErased(Happening):
    """The last place filled is open again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterNameTaken(Happening):
    """The name the school has registered, as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndigenousAnswered(Happening):
    """原民調. 是 leads to an interruption page first."""

    answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageAnswered(Happening):
    """Certified to teach 客語 or a 族語 (介聘辦法 第八條第二項)."""

    answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLimitAnswered(Happening):
    """教師證任教地區限制."""

    answer: Literal["general", "restricted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceYearsAnswered(Happening):
    """服務年資 in full years; None when the box was emptied."""

    answer: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAnswered(Happening):
    """申請應聘科(類)別 2 or 3; ``""`` is 無."""

    slot: Literal[2, 3]
    subject: SubjectCode | Literal[""]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionOpened(Happening):
    """One of the five questions, directly."""

    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyChosen(Happening):
    """甲 or 乙 becomes this county; asks first when wishes would move aside."""

    slot: Literal["a", "b"]
    county: CountyCode


@dataclass(frozen=True, slots=True, kw_only=True)
class CountiesOpened(Happening):
    """修改志願縣市 on K05."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TabChosen(Happening):
    """The county whose schools stand on the left of K05; None for those of both."""

    county: CountyCode | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TownshipChosen(Happening):
    """Filter by township; None is 不分區. With ``county`` its tab comes to the front first."""

    township: str | None
    county: CountyCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordTyped(Happening):
    """Filter by school code or name: the whole text as it is now."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksChosen(Happening):
    """Filter by marks; a school with any of them stays, all schools when empty."""

    marks: frozenset[Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class InsertionChosen(Happening):
    """志願插入模式."""

    insertion: Insertion


@dataclass(frozen=True, slots=True, kw_only=True)
class WishAdded(Happening):
    """A school from the left, to where the insertion mode says.

    Already chosen ones are removed: Space toggles.
    """

    school: SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class WishRemoved(Happening):
    """A school out of the list."""

    school: SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class WishMoved(Happening):
    """A school to this rank, from 1; beyond either end means the end."""

    school: SchoolId
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearAsked(Happening):
    """清空志願: asks first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRemovalAsked(Happening):
    """Remove every wish that is no longer on the lists: asks first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone(Happening):
    """F7: take the last step back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redone(Happening):
    """The last step taken back again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsOpened(Happening):
    """Enter on the state line: the list of steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChosen(Happening):
    """Go to the state after this many steps, 0 … all of past and future."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRestored(Happening):
    """Make a draft from a version sent earlier."""

    version: EventHash


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsOpened(Happening):
    """版本紀錄 on K05, K06 or K11."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseChosen(Happening):
    """What versions are compared with: this one, or None for the draft."""

    version: EventHash | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PasteCut(Happening):
    """More was pasted into a box than it takes; the rest is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceAsked(Happening):
    """F4 on K11: what differs between the draft and this version; None closes it."""

    version: EventHash | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictOpened(Happening):
    """The versions that stand against each other, side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadTurned(Happening):
    """With three or more: the next one on the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadChosen(Happening):
    """This version shall go on: as it is (``edit`` false: on to K06), or changed first."""

    version: EventHash
    edit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAsked(Happening):
    """撤回申請 on K03 or K11: asks first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawConfirmed(Happening):
    """撤回 on its page. ``password`` is given when the page wanted it."""

    password: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChosen(Happening):
    """F6 on K07 and K11: this form on paper."""

    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared(Happening):
    """The tick of K06: 我已詳閱注意事項，以上資料正確."""

    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAsked(Happening):
    """送出申請. ``password`` is given when the page wanted it."""

    password: Secret | None = None

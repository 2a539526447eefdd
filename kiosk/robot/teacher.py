"""A simulated teacher: signs in with a witness if need be, fills in every page, wavers, sends."""

from random import Random

from core.domain.ids import CountyCode, SchoolId, SubjectCode
from kiosk.robot.hands import Hands, RefusedError, RobotError, codes_of
from kiosk.robot.script import ApplyAct, OfficerAct, ResolveAct
from kiosk.session.draft import Answers
from kiosk.session.form import answers_of
from kiosk.session.gesture import (
    AreaLimitAnswered,
    ConflictOpened,
    CountiesOpened,
    CountyChosen,
    Declared,
    HeadChosen,
    IndigenousAnswered,
    LanguageAnswered,
    PasswordChosen,
    PasswordTyped,
    QuestionOpened,
    ServiceYearsAnswered,
    SubjectAnswered,
    SubmitAsked,
    TaskOpened,
    TextTyped,
    Undone,
    WentOn,
    WishAdded,
    WishMoved,
    WishRemoved,
    WithdrawAsked,
    WithdrawConfirmed,
)
from kiosk.session.page import (
    NOTICES,
    CheckPage,
    ConflictPage,
    Interruption,
    Question,
    ReceiptPage,
    Task,
    WithdrawPage,
)
from kiosk.session.person import Secret
from kiosk.session.record import Record, Version
from kiosk.session.sending import VERSION_ARRIVED
from kiosk.session.state import (
    AskingPassword,
    CardWantedBack,
    ChoosingPassword,
    PrivacyNotice,
    SignedIn,
    WitnessConfirming,
    WitnessPassword,
    WitnessWanted,
)
from kiosk.session.tasks import open_faults
from kiosk.virtual_cards import CardText

KEYS_AT_ONCE = 5
"""A robot types this many letters between two drafts, as a quick person between two commits."""
LOOKS = 3
"""How often a robot looks again at a version that arrived while it was sending."""


def sign_in(hands: Hands, card: CardText, password: str, witness: OfficerAct | None) -> SignedIn:
    """From the card to the task list; the first time with the officer beside her.

    Raises:
        RobotError: The kiosk shows something else.
    """
    chip, typed = card.card(), Secret.from_text(password)
    hands.swap(chip)
    if isinstance(hands.scene, WitnessWanted):
        if witness is None:
            raise RobotError("a first use needs an officer before it in the script")
        hands.swap(witness.card.card())
        hands.must(WitnessPassword, "witness")
        hands.press(PasswordTyped, password=Secret.from_text(witness.password))
        hands.must(WitnessConfirming, "witness")
        hands.press(WentOn)
        hands.must(CardWantedBack, "witness")
        hands.swap(chip)
        hands.must(PrivacyNotice, "first use")
        hands.press(WentOn)
        hands.must(ChoosingPassword, "first use")
        hands.press(PasswordChosen, password=typed, again=typed)
    else:
        hands.must(AskingPassword, "sign in")
        hands.press(PasswordTyped, password=typed)
    return hands.must(SignedIn, "sign in")


class SimulatedTeacher:
    """At the kiosk, signed in, until the receipt."""

    def __init__(self, hands: Hands, act: ApplyAct) -> None:
        self._hands = hands
        self._act = act

    def sent_before(self) -> Version | None:
        """The version this act has made already, told by its content.

        One that revives an application stands after the withdrawal.
        """
        versions = self._scene().record.versions
        if self._act.revive:
            back = [at for at, version in enumerate(versions, start=1) if version.withdrawn]
            versions = versions[back[-1] :] if back else ()
        for version in versions:
            if version.claim is None or version.wishes is None:
                continue
            if self._is_meant(answers_of(version.claim, version.wishes)):
                return version
        return None

    def apply(self) -> Version:
        """Fill in and send; the version that was made.

        Raises:
            RefusedError: The kiosk refuses the application.
            RobotError: A page is not as expected.
        """
        self._read_notices()
        self._basics()
        self._posts()
        self._counties()
        self._waver()
        self._arrange()
        return send(self._hands, self._act.password)

    def _scene(self) -> SignedIn:
        return self._hands.must(SignedIn, "application")

    def _answers(self) -> Answers:
        return self._scene().draft.answers

    def _is_meant(self, answers: Answers) -> bool:
        basics, posts = self._act.basics, self._act.posts
        second, third = self._more_subjects()
        return (
            (answers.phone1, answers.phone2, answers.email)
            == (basics.phone1, basics.phone2, basics.email)
            and (answers.indigenous, answers.language, answers.area_limit)
            == (posts.indigenous, posts.language, posts.area_limit)
            and answers.service_years == posts.service_years
            and (answers.subject2, answers.subject3) == (second, third)
            and (answers.county_a, answers.county_b) == self._act.counties
            and answers.wishes == self._act.schools
        )

    def _more_subjects(self) -> tuple[SubjectCode, SubjectCode]:
        second, third = (*self._act.posts.subjects[1:], "", "")[:2]
        return SubjectCode(second), SubjectCode(third)

    def _confirm(self) -> None:
        if isinstance(self._scene().page, Interruption):
            self._hands.press(WentOn)

    def _read_notices(self) -> None:
        if self._answers().agreed_ms is not None:
            return
        self._hands.press(TaskOpened, task=Task.NOTICES)
        for _ in range(NOTICES):
            self._hands.press(WentOn)

    def _basics(self) -> None:
        self._hands.press(TaskOpened, task=Task.BASICS)
        basics, answers = self._act.basics, self._answers()
        for place, text, there in (
            ("phone1", basics.phone1, answers.phone1),
            ("phone2", basics.phone2, answers.phone2),
            ("email", basics.email, answers.email),
        ):
            if text == there:
                continue
            for end in (*range(0, len(text), KEYS_AT_ONCE), len(text)):
                self._hands.press(TextTyped, place=place, text=text[:end])
        self._hands.press(WentOn)

    def _posts(self) -> None:
        hands, posts = self._hands, self._act.posts
        hands.press(TaskOpened, task=Task.POSTS)
        hands.press(QuestionOpened, question=Question.INDIGENOUS)
        if self._answers().indigenous != posts.indigenous:
            hands.press(IndigenousAnswered, answer=posts.indigenous)
            self._confirm()
        hands.press(LanguageAnswered, answer=posts.language)
        hands.press(WentOn)
        hands.press(AreaLimitAnswered, answer=posts.area_limit)
        hands.press(WentOn)
        hands.press(ServiceYearsAnswered, answer=posts.service_years)
        hands.press(WentOn)
        hands.press(WentOn)
        for slot, subject in zip((2, 3), self._more_subjects(), strict=True):
            hands.press(SubjectAnswered, slot=slot, subject=subject)
        hands.press(WentOn)

    def _counties(self) -> None:
        first, second = self._act.counties
        self._hands.press(TaskOpened, task=Task.WISHES)
        answers = self._answers()
        if (answers.county_a, answers.county_b) == self._act.counties:
            return
        self._hands.press(CountiesOpened)
        for slot, county in (("a", first), ("b", second)):
            self._hands.press(CountyChosen, slot=slot, county=CountyCode(county))
            self._confirm()
        self._hands.press(WentOn)

    def _waver(self) -> None:
        """Detours that end where they began: add, move or remove, then take it back."""
        rng = Random(self._act.edit_seed)  # noqa: S311 - a whim that can be replayed
        schools = [SchoolId(each) for each in self._act.schools]
        for _ in range(self._act.edits if schools else 0):
            before = self._answers().wishes
            school, rank = rng.choice(schools), rng.randrange(1, len(before) + 2)
            if school not in before:
                self._hands.press(WishAdded, school=school)
            elif rng.random() < 1 / 2:
                self._hands.press(WishMoved, school=school, rank=rank)
            else:
                self._hands.press(WishRemoved, school=school)
            if self._answers().wishes != before:
                self._hands.press(Undone)

    def _arrange(self) -> None:
        """The list as meant, whatever an earlier, cut off session left in the draft."""
        wanted = tuple(SchoolId(each) for each in self._act.schools)
        for school in self._answers().wishes:
            if school not in wanted:
                self._hands.press(WishRemoved, school=school)
        for school in wanted:
            if school not in self._answers().wishes:
                self._hands.press(WishAdded, school=school)
                if school not in self._answers().wishes:
                    raise RefusedError(f"wish {school}: {self._scene().toast}")
        for rank, school in enumerate(wanted, start=1):
            if self._answers().wishes[rank - 1 : rank] != (school,):
                self._hands.press(WishMoved, school=school, rank=rank)


def send(hands: Hands, password: str) -> Version:
    """From the draft to the receipt, looking again at what arrives meanwhile.

    Raises:
        RefusedError: The rules, or the deadline.
        RobotError: The store, or a conflict nobody has chosen in.
    """
    for _ in range(LOOKS):
        hands.press(TaskOpened, task=Task.CHECK)
        hands.press(Declared, ticked=True)
        _with_password(hands, SubmitAsked, password)
        if hands.must(SignedIn, "application").toast != VERSION_ARRIVED:
            break
    scene = hands.must(SignedIn, "application")
    match scene.page:
        case ReceiptPage(version=version):
            return version
        case CheckPage(faults=faults) if faults:
            raise RefusedError(f"not sent: {codes_of(faults)}")
        case CheckPage() | ConflictPage():
            raise RobotError(f"not sent: {scene.alarm or scene.toast or 'conflict'}")
        case _:
            faults = open_faults(scene, hands.talk.session.station)
            raise RefusedError(f"not sent: {codes_of(faults) or 'closed'}")


def withdraw(hands: Hands, password: str) -> Version:
    """From wherever she is to the receipt of the withdrawal.

    Raises:
        RefusedError: Nothing to take back, or too late.
        RobotError: The store.
    """
    hands.press(WithdrawAsked)
    scene = hands.must(SignedIn, "withdraw")
    if isinstance(scene.page, WithdrawPage):
        _with_password(hands, WithdrawConfirmed, password)
        scene = hands.must(SignedIn, "withdraw")
    match scene.page:
        case ReceiptPage(version=version):
            return version
        case WithdrawPage(faults=faults) if scene.alarm is not None:
            raise RobotError(f"not withdrawn: {scene.alarm}")
        case WithdrawPage(faults=faults):
            raise RefusedError(f"not withdrawn: {codes_of(faults) or scene.toast}")
        case _:
            raise RefusedError(f"not withdrawn: {scene.toast}")


def resolve(hands: Hands, act: ResolveAct) -> Version:
    """Take one of the versions that stand against each other, and send it.

    Raises:
        RefusedError: The content of none of them is here, or as `send`.
        RobotError: As `send`.
    """
    record = hands.must(SignedIn, "conflict").record
    heads = [each for each in record.heads if each.complete]
    if not heads:
        raise RefusedError("not resolved: version_elsewhere")
    hands.press(ConflictOpened)
    hands.press(HeadChosen, version=heads[0 if act.take == "earliest" else -1].hash)
    return send(hands, act.password)


def resolved(record: Record) -> Version | None:
    """The version that ended a conflict; None while there was none, or it lasts."""
    current = record.current
    return current if current is not None and len(current.parents) > 1 else None


def _with_password(
    hands: Hands, kind: type[SubmitAsked] | type[WithdrawConfirmed], password: str
) -> None:
    """Press the button, and again with the password when the page wants it."""
    hands.press(kind)
    page = hands.must(SignedIn, "password").page
    if isinstance(page, CheckPage | WithdrawPage) and page.password_wanted:
        hands.press(kind, password=Secret.from_text(password))

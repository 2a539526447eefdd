"""A simulated teacher: signs in with a witness if need be, fills in every page, wavers, sends."""

from random import Random

from core.domain.ids import CountyCode, SchoolId, SubjectCode
from kiosk.robot.hands import Hands, RefusedError, RobotError, codes_of
from kiosk.robot.script import ApplyAct, OfficerAct
from kiosk.session.draft import Answers
from kiosk.session.form import answers_of
from kiosk.session.gesture import (
    AreaLimitAnswered,
    CountiesOpened,
    CountyChosen,
    Declared,
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
)
from kiosk.session.page import NOTICES, CheckPage, Interruption, Question, ReceiptPage, Task
from kiosk.session.person import Secret
from kiosk.session.record import Version
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
        """The version this act has made already, told by its content."""
        for version in self._scene().record.versions:
            if version.claim is None or version.wishes is None:
                continue
            if self._is_meant(answers_of(version.claim, version.wishes, 0)):
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
        return self._send()

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

    def _send(self) -> Version:
        hands = self._hands
        hands.press(TaskOpened, task=Task.CHECK)
        hands.press(Declared, ticked=True)
        hands.press(SubmitAsked)
        page = self._scene().page
        if isinstance(page, CheckPage) and page.password_wanted:
            hands.press(SubmitAsked, password=Secret.from_text(self._act.password))
        scene = self._scene()
        match scene.page:
            case ReceiptPage(version=version):
                return version
            case CheckPage(faults=faults) if faults:
                raise RefusedError(f"not sent: {codes_of(faults)}")
            case CheckPage():
                raise RobotError(f"not sent: {scene.alarm}")
            case _:
                faults = open_faults(scene, hands.talk.session.station)
                raise RefusedError(f"not sent: {codes_of(faults) or 'closed'}")

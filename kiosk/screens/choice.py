"""Which screen draws a session.

A screen stays while its kind stays and is made anew when that changes.
"""

from collections.abc import Hashable

from kiosk.screens.basics import BasicsScreen
from kiosk.screens.case import CaseScreen
from kiosk.screens.check import CheckScreen
from kiosk.screens.conflict import ConflictScreen
from kiosk.screens.contact import ContactScreen
from kiosk.screens.counties import CountiesScreen
from kiosk.screens.first_password import ChoosePasswordScreen, PrivacyScreen
from kiosk.screens.frame import Frame
from kiosk.screens.identity import PasswordScreen, WitnessScreen
from kiosk.screens.idle import IdleScreen
from kiosk.screens.incident import IncidentScreen
from kiosk.screens.interruption import InterruptionScreen, StepsScreen
from kiosk.screens.name import BasicsNameScreen, NameScreen
from kiosk.screens.notices import NoticesScreen
from kiosk.screens.officer_entry import (
    OfficerCardScreen,
    OfficerEnrolScreen,
    OfficerPasswordScreen,
)
from kiosk.screens.parting import CardOutScreen, CoveredScreen, TakeCardScreen
from kiosk.screens.questions import QUESTION_SCREENS
from kiosk.screens.queue import QueueScreen, RosterScreen, SignedScreen
from kiosk.screens.receipt import ReceiptScreen
from kiosk.screens.register import RegisterScreen
from kiosk.screens.schools import SchoolsScreen
from kiosk.screens.self_check import SelfCheckScreen
from kiosk.screens.status import StatusScreen
from kiosk.screens.tasks import TasksScreen
from kiosk.screens.trouble import TroubleScreen
from kiosk.screens.versions import VersionsScreen
from kiosk.screens.wishes import WishesScreen
from kiosk.screens.withdraw import WithdrawScreen
from kiosk.session import bureau, page, state
from kiosk.session.rare_name import NameEntry

SCENES: dict[type, type[Frame]] = {
    state.Idle: IdleScreen,
    state.Reading: IdleScreen,
    state.Trouble: TroubleScreen,
    state.Searching: SchoolsScreen,
    state.Incident: IncidentScreen,
    state.WitnessWanted: WitnessScreen,
    state.WitnessPassword: WitnessScreen,
    state.WitnessConfirming: WitnessScreen,
    state.CardWantedBack: WitnessScreen,
    state.PrivacyNotice: PrivacyScreen,
    state.ChoosingPassword: ChoosePasswordScreen,
    state.AskingPassword: PasswordScreen,
    state.OfficerCardWanted: OfficerCardScreen,
    state.OfficerEnrolling: OfficerEnrolScreen,
    state.AskingOfficerPassword: OfficerPasswordScreen,
    state.Covered: CoveredScreen,
    state.CardOut: CardOutScreen,
    state.TakeCard: TakeCardScreen,
}
PAGES: dict[type, type[Frame]] = {
    page.TasksPage: TasksScreen,
    page.NoticesPage: NoticesScreen,
    page.BasicsPage: BasicsScreen,
    page.NamePage: BasicsNameScreen,
    page.CountiesPage: CountiesScreen,
    page.WishesPage: WishesScreen,
    page.CheckPage: CheckScreen,
    page.ConflictPage: ConflictScreen,
    page.WithdrawPage: WithdrawScreen,
    page.ReceiptPage: ReceiptScreen,
    page.StatusPage: StatusScreen,
    page.ContactPage: ContactScreen,
    page.SelfCheckPage: SelfCheckScreen,
    page.StepsPage: StepsScreen,
    page.VersionsPage: VersionsScreen,
    page.Interruption: InterruptionScreen,
    bureau.QueuePage: QueueScreen,
    bureau.CasePage: CaseScreen,
    bureau.SignedPage: SignedScreen,
    bureau.RosterPage: RosterScreen,
    bureau.RegisterPage: RegisterScreen,
}


def screen_of(session: state.Session) -> tuple[Hashable, type[Frame]]:
    """The kind of the screen, and its class. Two sessions of one kind are drawn by one screen."""
    match session.scene:
        case state.SignedIn(page=page.PostsPage(question=question)):
            return question, QUESTION_SCREENS[question]
        case (
            state.AskingPassword(naming=NameEntry())
            | state.OfficerSignedIn(page=bureau.RegisterPage(naming=NameEntry()))
        ):
            return "naming", NameScreen
        case state.OfficerSignedIn(page=bureau.RegisterPage(form=form)):
            return ("register", form is None), RegisterScreen
        case state.OfficerSignedIn(page=bureau.CasePage(case=case)):
            return ("case", case.revision), CaseScreen
        case state.SignedIn(page=shown) | state.OfficerSignedIn(page=shown):
            return type(shown).__name__, PAGES[type(shown)]
        case scene:
            screen = SCENES[type(scene)]
            return ("idle" if screen is IdleScreen else type(scene).__name__), screen

"""Which screen draws a session.

A screen stays while its kind stays and is made anew when that changes. Each is loaded when it is
first drawn, or a little after the first one (`kiosk.rest`), which need not wait for thirty others.
"""

from collections.abc import Hashable, Mapping
from importlib import import_module
from types import MappingProxyType

from kiosk.screens.frame import Frame
from kiosk.session import bureau, page, state
from kiosk.session.rare_name import NameEntry

IDLE = "idle.IdleScreen"
SCENES: Mapping[type, str] = MappingProxyType(
    {
        state.Idle: IDLE,
        state.Reading: IDLE,
        state.Trouble: "trouble.TroubleScreen",
        state.Searching: "schools.SchoolsScreen",
        state.Incident: "incident.IncidentScreen",
        state.WitnessWanted: "identity.WitnessScreen",
        state.WitnessPassword: "identity.WitnessScreen",
        state.WitnessConfirming: "identity.WitnessScreen",
        state.CardWantedBack: "identity.WitnessScreen",
        state.PrivacyNotice: "first_password.PrivacyScreen",
        state.ChoosingPassword: "first_password.ChoosePasswordScreen",
        state.AskingPassword: "identity.PasswordScreen",
        state.OfficerCardWanted: "officer_entry.OfficerCardScreen",
        state.OfficerEnrolling: "officer_entry.OfficerEnrolScreen",
        state.AskingOfficerPassword: "officer_entry.OfficerPasswordScreen",
        state.Covered: "parting.CoveredScreen",
        state.CardOut: "parting.CardOutScreen",
        state.TakeCard: "parting.TakeCardScreen",
    }
)
PAGES: Mapping[type, str] = MappingProxyType(
    {
        page.TasksPage: "tasks.TasksScreen",
        page.NoticesPage: "notices.NoticesScreen",
        page.BasicsPage: "basics.BasicsScreen",
        page.NamePage: "name.BasicsNameScreen",
        page.CountiesPage: "counties.CountiesScreen",
        page.WishesPage: "wishes.WishesScreen",
        page.CheckPage: "check.CheckScreen",
        page.ConflictPage: "conflict.ConflictScreen",
        page.WithdrawPage: "withdraw.WithdrawScreen",
        page.ReceiptPage: "receipt.ReceiptScreen",
        page.StatusPage: "status.StatusScreen",
        page.ContactPage: "contact.ContactScreen",
        page.SelfCheckPage: "self_check.SelfCheckScreen",
        page.StepsPage: "interruption.StepsScreen",
        page.VersionsPage: "versions.VersionsScreen",
        page.Interruption: "interruption.InterruptionScreen",
        bureau.QueuePage: "queue.QueueScreen",
        bureau.CasePage: "case.CaseScreen",
        bureau.SignedPage: "queue.SignedScreen",
        bureau.RosterPage: "queue.RosterScreen",
        bureau.RegisterPage: "register.RegisterScreen",
    }
)
QUESTIONS: Mapping[page.Question, str] = MappingProxyType(
    {
        page.Question.INDIGENOUS: "questions.IndigenousScreen",
        page.Question.AREA_LIMIT: "questions.AreaLimitScreen",
        page.Question.SERVICE_YEARS: "questions.ServiceYearsScreen",
        page.Question.POST: "questions.PostScreen",
        page.Question.SUBJECTS: "questions.SubjectsScreen",
    }
)
NAMING = "name.NameScreen"
PLACES = frozenset({*SCENES.values(), *PAGES.values(), *QUESTIONS.values(), NAMING})
MODULES = tuple(sorted({f"kiosk.screens.{place.partition('.')[0]}" for place in PLACES}))


def screen_of(session: state.Session) -> tuple[Hashable, type[Frame]]:
    """The kind of the screen, and its class. Two sessions of one kind are drawn by one screen."""
    kind, place = _place_of(session)
    return kind, load(place)


def load(place: str) -> type[Frame]:
    """The screen of a place."""
    module, _, name = place.partition(".")
    screen: type[Frame] = getattr(import_module(f"kiosk.screens.{module}"), name)
    return screen


def _place_of(session: state.Session) -> tuple[Hashable, str]:
    match session.scene:
        case state.SignedIn(page=page.PostsPage(question=question)):
            return question, QUESTIONS[question]
        case (
            state.AskingPassword(naming=NameEntry())
            | state.OfficerSignedIn(page=bureau.RegisterPage(naming=NameEntry()))
        ):
            return "naming", NAMING
        case state.OfficerSignedIn(page=bureau.RegisterPage(form=form)):
            return ("register", form is None), PAGES[bureau.RegisterPage]
        case state.OfficerSignedIn(page=bureau.CasePage(case=case)):
            return ("case", case.revision), PAGES[bureau.CasePage]
        case state.SignedIn(page=shown) | state.OfficerSignedIn(page=shown):
            return type(shown).__name__, PAGES[type(shown)]
        case scene:
            place = SCENES[type(scene)]
            return ("idle" if place == IDLE else type(scene).__name__), place

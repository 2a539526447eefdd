"""English on request (U-025). Legal text stays Chinese, summed up in English."""

from kiosk.text.english.afterwards import AfterwardsEn
from kiosk.text.english.bureau import BureauEn
from kiosk.text.english.contact import ContactEn
from kiosk.text.english.entry import EntryEn
from kiosk.text.english.form import FormEn
from kiosk.text.english.frame import FrameEn
from kiosk.text.english.help import HelpEn
from kiosk.text.english.lists import ListsEn
from kiosk.text.english.lobby import LobbyEn
from kiosk.text.english.machine import MachineEn
from kiosk.text.english.names import NamesEn
from kiosk.text.english.reckoning import ReckoningEn
from kiosk.text.english.self_check import SelfCheckEn
from kiosk.text.english.sent import SentEn
from kiosk.text.english.wishes import WishesEn


class English(
    FrameEn,
    EntryEn,
    FormEn,
    WishesEn,
    ListsEn,
    SentEn,
    AfterwardsEn,
    ContactEn,
    BureauEn,
    MachineEn,
    LobbyEn,
    NamesEn,
    ReckoningEn,
    SelfCheckEn,
    HelpEn,
):
    """Every sentence in English."""

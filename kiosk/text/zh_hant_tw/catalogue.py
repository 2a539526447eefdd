"""正體中文, the language of the law and of most teachers."""

from kiosk.text.zh_hant_tw.afterwards import AfterwardsZh
from kiosk.text.zh_hant_tw.bureau import BureauZh
from kiosk.text.zh_hant_tw.contact import ContactZh
from kiosk.text.zh_hant_tw.entry import EntryZh
from kiosk.text.zh_hant_tw.form import FormZh
from kiosk.text.zh_hant_tw.frame import FrameZh
from kiosk.text.zh_hant_tw.help import HelpZh
from kiosk.text.zh_hant_tw.lists import ListsZh
from kiosk.text.zh_hant_tw.lobby import LobbyZh
from kiosk.text.zh_hant_tw.machine import MachineZh
from kiosk.text.zh_hant_tw.names import NamesZh
from kiosk.text.zh_hant_tw.reckoning import ReckoningZh
from kiosk.text.zh_hant_tw.self_check import SelfCheckZh
from kiosk.text.zh_hant_tw.sent import SentZh
from kiosk.text.zh_hant_tw.wishes import WishesZh


class ZhHantTw(
    FrameZh,
    EntryZh,
    FormZh,
    WishesZh,
    ListsZh,
    SentZh,
    AfterwardsZh,
    ContactZh,
    BureauZh,
    MachineZh,
    LobbyZh,
    NamesZh,
    ReckoningZh,
    SelfCheckZh,
    HelpZh,
):
    """Every sentence in 正體中文."""

"""Every sentence a person reads, by name.

What a language must have for the program to pass the type check.

Attributes are fixed sentences, methods take values. Line mode speaks from the same catalogue.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from core.domain.school import Mark
from kiosk.session.bureau import CertificateState, QueueFilter
from kiosk.text.afterwards import AfterwardsTexts
from kiosk.text.application import FormTexts, SentTexts, WishesTexts
from kiosk.text.around import EntryTexts, FrameTexts
from kiosk.text.contact import ContactTexts
from kiosk.text.field import FieldPage, FieldWords, Rule
from kiosk.text.lists import ListsTexts
from kiosk.text.lobby import LobbyTexts
from kiosk.text.machine import MachineTexts
from kiosk.text.names import NamesTexts
from kiosk.text.reckoning import ReckoningTexts
from kiosk.text.self_check import SelfCheckTexts
from kiosk.text.words import KeyWord
from kiosk.text.zh_hant_tw.catalogue import ZhHantTw


class BureauTexts(Protocol):
    """Sentences the officer's side."""

    columns_queue: tuple[str, str, str, str, str, str, str]
    queue_own: str
    queue_empty: str
    queue_reopened: str
    roster_title: str
    roster_empty: str
    columns_roster: tuple[str, str, str, str, str, str]
    first_use_done: str
    first_use_open: str
    register_title: str
    register_card_now: str
    register_card_why: str
    register_fix_name: str
    register_known: str
    register_trainee: str
    register_save: str
    label_title: str
    label_school_short: str
    case_points: str
    case_preview: str
    case_no_verdict: str
    case_verdict: str
    verdict_approve: str
    verdict_return: str
    verdict_ineligible: str
    case_reasons: str
    case_remark: str
    pledge: str
    pledge_originals: str
    pledge_clean: str
    sign_password: str
    sign: str
    next_case: str
    back_to_queue: str
    signed_title: str
    label_signature: str
    signed_explained: str
    left_card_what_now: str
    left_card_seen: str

    def bureau_header(self, name: str, role: str) -> str: ...
    def queue_filter_count(self, number: int, which: QueueFilter, count: int) -> str: ...
    def to_do(self, count: int) -> str: ...
    def review_until(self, left: str) -> str: ...
    def certificate(self, state: CertificateState) -> str: ...
    def waited(self, since: timedelta) -> str: ...
    def case_tab(self, tab: str) -> str: ...
    def title(self, code: str) -> str: ...
    def point_field(self, place: str) -> str: ...
    def case_name(self, number: str, name: str, stage: str, version: int) -> str: ...
    def totals(self, first: str, second: str) -> str: ...
    def decided_before(self, verdict: str, at: datetime) -> str: ...
    def registered(self, name: str) -> str: ...
    def roster_count(self, count: int) -> str: ...
    def left_card(self, left: datetime, taken: datetime | None, *, restarted: bool) -> str: ...


class HelpTexts(Protocol):
    """Sentences help and display settings."""

    help_title: str
    help_keys: str
    help_privacy: str
    help_contact: str
    help_close: str
    help_fold: str
    help_unfold: str
    help_screen: str
    help_example: str
    help_machine: str
    help_program: str
    site_label: str
    organiser_label: str
    stored_title: str
    stored_points: tuple[str, str, str, str, str]
    checks_good: tuple[str, str, str]
    checks_bad: tuple[str, str, str]
    checks_remedy: tuple[str, str, str]
    checks_fine: str
    marks_explained: str
    display_title: str
    display_theme: str
    display_now: str
    display_language: str
    own_name: str
    display_more: str
    display_kept: str
    display_ends: str
    more_time: str
    large_letters: str
    quiet: str
    line_by_line: str
    large_text: str
    virtual_title: str
    virtual_intro: str
    virtual_remove: str

    def key_word(self, word: KeyWord) -> str: ...
    def help(self, page: str) -> str: ...
    def field(self, page: FieldPage) -> FieldWords: ...
    def rule(self, rule: Rule) -> tuple[str, ...]: ...
    def help_report(self, machine: str, at: datetime) -> str: ...
    def last_contact(self, at: datetime) -> str: ...
    def mark_meaning(self, mark: Mark) -> str: ...
    def theme(self, name: str) -> str: ...
    def switch(self, *, on: bool) -> str: ...


class Texts(
    FrameTexts,
    EntryTexts,
    FormTexts,
    WishesTexts,
    ListsTexts,
    SentTexts,
    AfterwardsTexts,
    ContactTexts,
    BureauTexts,
    MachineTexts,
    LobbyTexts,
    NamesTexts,
    ReckoningTexts,
    SelfCheckTexts,
    HelpTexts,
    Protocol,
):
    """The whole catalogue of one language."""


TEXTS: Texts = ZhHantTw()
"""What is spoken unless somebody asks for another language."""


@cache
def _english() -> Texts:
    from kiosk.text.english.catalogue import English  # noqa: PLC0415 - on request

    return English()


class Languages(Mapping[str, Texts]):
    """The catalogue of each language by its name; loaded when it is first asked for."""

    def __getitem__(self, name: str) -> Texts:
        match name:
            case "zh":
                return TEXTS
            case "en":
                return _english()
            case _:
                raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(("zh", "en"))

    def __len__(self) -> int:
        return 2


LANGUAGES: Mapping[str, Texts] = Languages()

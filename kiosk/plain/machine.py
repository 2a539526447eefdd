"""Line mode about the machine itself: what is wrong with it, the 封箱碼, how far a version is."""

from core.season.seal_code import seal_code
from kiosk.plain.prompt import Situation
from kiosk.session.record import Delivery, Version
from kiosk.session.station import Sealed


def trouble_lines(now: Situation) -> tuple[str, ...]:
    """What happened, what to do, whom to ask; nothing while all is well."""
    texts, station = now.texts, now.session.station
    code = station.link.trouble
    if code is None:
        return ()
    contact = now.plain.value(texts.whom_to_ask, texts.ask(station.contact))
    return (*texts.machine_trouble(code), contact)


def seal_lines(now: Situation) -> tuple[str, ...]:
    """The code of the closed log, its letters apart so that they are spoken one by one."""
    seal, texts = now.session.station.seal, now.texts
    if seal is None:
        return ()
    lines = list(_sealed(now, texts.seal_closed(seal.closing.at), seal.closing))
    if seal.later is not None:
        lines += _sealed(now, texts.seal_later(seal.later.at), seal.later)
    return (*lines, texts.seal_how)


def track_line(now: Situation, version: Version) -> str:
    """How far a version has come, with what is known of when."""
    texts = now.texts
    words = [texts.delivery_word(version.delivery)]
    if version.submitted is not None and version.delivery is not Delivery.ELSEWHERE:
        stored = texts.delivery_word(Delivery.STORED)
        words.insert(0, f"{stored} {texts.short_minute(version.submitted)}")
    if version.delivered is not None:
        delivered = texts.delivery_word(Delivery.DELIVERED)
        words.insert(-1, f"{delivered} {texts.short_minute(version.delivered)}")
    if version.log_index is not None:
        words.append(texts.log_index(version.log_index))
    return now.plain.value(texts.label_delivery, texts.list_comma.join(words))


def _sealed(now: Situation, when: str, sealed: Sealed) -> tuple[str, str]:
    texts = now.texts
    witness = texts.seal_witnessed if sealed.witnessed else texts.seal_unwitnessed
    code = " ".join(seal_code(sealed.hash))
    return now.plain.value(f"{texts.seal_title} {when}", code), witness

"""One answer of an application as people read it."""

from core.domain.application import Reference
from core.domain.place import find_county
from core.domain.subject import find_subject
from kiosk.session.draft import Answers
from kiosk.session.person import Post
from kiosk.text.catalogue import Texts


def answer_words(
    place: str, answers: Answers, post: Post, reference: Reference | None, texts: Texts
) -> str:
    """One answer as people read it; ``place`` is one of `kiosk.session.difference.FIELDS`."""
    value = getattr(answers, place)
    match place:
        case "indigenous" | "language":
            return texts.applies if value else texts.applies_not
        case "area_limit":
            return texts.area_words[value == "restricted"]
        case "service_years":
            return texts.not_chosen if value is None else texts.serves_years(value)
        case "subject2" | "subject3":
            return _subject(post, value, reference) if value else texts.none
        case "county_a" | "county_b":
            return _county(value, reference) or texts.none
        case _:
            return value or texts.not_given


def _subject(post: Post, code: str, reference: Reference | None) -> str:
    subjects = () if reference is None else reference.subjects
    found = find_subject(post.stage, code, subjects)
    return code if found is None else found.name


def _county(code: str | None, reference: Reference | None) -> str:
    found = None if reference is None or not code else find_county(code, reference.counties)
    return (code or "") if found is None else found.name

"""Help as sentences, the same on the glass and in line mode."""

from kiosk.text.catalogue import Texts
from kiosk.text.field import FieldPage


def field_sentences(page: FieldPage, texts: Texts) -> tuple[str, ...]:
    """What the field is, an example, then the rule with source and date; its label comes first."""
    words = texts.field(page)
    example = f"{texts.help_example}{texts.colon}{words.example}"
    return (
        words.label,
        words.what,
        *((example,) if words.example else ()),
        *(() if page.rule is None else texts.rule(page.rule)),
    )

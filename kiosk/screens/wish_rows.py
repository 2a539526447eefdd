"""How schools look as rows.

A candidate on the left, a wish on the right, and the panels below the list (K05).
"""

from collections.abc import Callable, Iterable

from rich.cells import cell_len

from core.domain.application import Reference
from core.domain.ids import SchoolId, SubjectCode
from core.domain.school import Mark
from kiosk.screens.host import Host
from kiosk.screens.labels import mark_letters
from kiosk.session.draft import Aside
from kiosk.session.form import subjects_of
from kiosk.session.listing import Preview, Wish, preview, wishes
from kiosk.session.naming import county_code, county_name, school_label, school_name
from kiosk.session.state import SignedIn
from kiosk.terminal import PANE_COLUMNS
from kiosk.text.catalogue import Texts
from kiosk.text.schools import family_words
from kiosk.theme import Role
from kiosk.widgets.cells import fit, fit_right, shorten
from kiosk.widgets.painted import Line, Span, line, paragraph
from kiosk.widgets.rows import Row

PREVIEW_ROWS = 3


class WishPainter:
    """Paints rows of one teacher's lists.

    `learn` must come before whenever answers or lists changed.
    """

    def __init__(self, host: Callable[[], Host]) -> None:
        self._host = host
        self._learned: tuple[object, ...] = ()
        self._aside: tuple[Aside, ...] = ()
        self._reference: Reference | None = None
        self._own: SchoolId | None = None
        self._wishes: dict[str, Wish] = {}
        self._ranks: dict[SchoolId, int] = {}
        self._preview = Preview(indigenous=(), ordinary=(), closed=())
        self._indigenous: bool | None = None
        self._subjects: tuple[SubjectCode, ...] = ()
        self.wish_rows: tuple[Row, ...] = ()

    @property
    def texts(self) -> Texts:
        """The sentences in force."""
        return self._host().texts

    @property
    def _wide(self) -> bool:
        return self._host().size.width >= PANE_COLUMNS

    def learn(self, scene: SignedIn, reference: Reference) -> None:
        """Take over the answers; does nothing while they are the same."""
        answers = scene.draft.answers
        self._indigenous = answers.indigenous
        self._subjects = subjects_of(scene.post, answers)
        if self._learned == (answers.wishes, answers.aside, reference.version):
            return
        self._learned = (answers.wishes, answers.aside, reference.version)
        self._reference, self._own = reference, scene.post.school
        found = wishes(reference, scene.post, answers)
        self._wishes = {each.id: each for each in found}
        self._ranks = {each.id: each.rank for each in found}
        self._preview = preview(reference, scene.post, answers)
        self._aside = answers.aside
        rest = tuple(Row(f"@{at}", heading=True) for at in range(len(self._resting())))
        self.wish_rows = (*(Row(each.id) for each in found), *rest) if found else ()

    def _letters(self, marks: frozenset[Mark]) -> tuple[str, str]:
        return mark_letters(marks, self.texts.mark)

    def candidate(self, row: Row, width: int) -> Line:  # noqa: ARG002
        """``[v] 青山國小  特原  第 2`` under a heading with the township."""
        if row.heading:
            return line(f" {row.key[1:]}", role=Role.TITLE)
        reference = self._reference
        school = None if reference is None else reference.schools.get(SchoolId(row.key))
        if school is None or reference is None:
            return ()
        grade, other = self._letters(school.marks_on(reference.on))
        rank = self._ranks.get(school.id)
        usable = school.delegated and school.id != self._own
        box = "[v]" if rank is not None else "[ ]" if usable else "[-]"
        texts, wide = self.texts, self._wide
        marks = f"{fit(grade, 2)} {fit(other, 2)}" if wide else fit(f"{grade}{other}", 4)
        note = "" if usable else texts.not_open
        if rank is not None:
            note = texts.chosen_rank(rank) if wide else texts.chosen_rank_short(rank)
        name = fit(shorten(school_label(school), 22 if wide else 19), 23 if wide else 20)
        role = Role.TEXT if usable else Role.DISABLED
        return line(
            Span(f"   {box} {name}", role),
            Span(marks, role),
            Span(f"{'   ' if wide else ' '}{note}", Role.GOOD if usable else Role.DISABLED),
        )

    def wish(self, row: Row, width: int) -> Line:  # noqa: ARG002
        """``  2 特原 青山國小  三地門鄉``.

        A wish that left the lists says so and keeps its place.
        """
        if row.heading:
            return self._resting()[int(row.key[1:])]
        wish = self._wishes.get(row.key)
        if wish is None:
            return ()
        texts, wide = self.texts, self._wide
        grade, other = self._letters(wish.marks)
        name = row.key if wish.school is None else school_label(wish.school)
        township = "" if wish.school is None else wish.school.township
        role = Role.TEXT if wish.open else Role.WARNING
        rank = fit_right(str(wish.rank), 4)
        if not wide:
            marks = f"{texts.list_short if not wish.open else ''}{grade}{other}"
            return line(
                f"{rank} {fit(marks, 4)} {fit(shorten(name, 19), 20)}{fit(township, 10)}", role=role
            )
        county = "" if wish.school is None else county_code(self._reference, wish.school.county)
        own = texts.own_school if wish.id == self._own else texts.list_removed
        remark = "" if wish.open else own
        marks = f"{fit(grade, 2)} {fit(other, 2)}"
        place = f"{fit(township, 10)}{fit(county, 4)}"
        return line(f"{rank} {marks} {fit(shorten(name, 23), 24)}{place}{remark}", role=role)

    def resting(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        """What rests, below an empty list."""
        return self._resting()

    def _resting(self) -> tuple[Line, ...]:
        """The wishes whose county is not chosen now, with where they stood, below those that are.

        They cannot be selected: they come back with their county.
        """
        if not self._aside:
            return ()
        texts = self.texts
        lines: list[Line] = [(), line(f" {texts.resting_why}", role=Role.DIM)]
        for county in sorted({each.county for each in self._aside}):
            here = [each for each in self._aside if each.county == county]
            name = county_name(self._reference, county)
            lines.append(line(f" {texts.resting(name, len(here))}", role=Role.TITLE))
            lines += (
                line(f"{fit_right(f'({each.rank})', 5)} {self._named(each.school)}", role=Role.DIM)
                for each in sorted(here, key=lambda each: each.rank)
            )
        return tuple(lines)

    def _named(self, school: SchoolId) -> str:
        return shorten(school_name(self._reference, school), 32)

    def columns(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        """Headings over the wide list."""
        rank, marks, school, township, county, remark = self.texts.columns
        yield line(
            f"{fit_right(rank, 4)} {fit(marks, 5)} {fit(school, 24)}{fit(township, 10)}"
            f"{fit(county, 6)}{remark}",
            role=Role.DIM,
        )

    def detail(self, selected: str | None, width: int) -> Iterable[Line]:
        """A rule with the selected wish's full name, and what is published about it."""
        texts, horizontal = self.texts, self._host().glyphs.horizontal
        wish = None if selected is None else self._wishes.get(selected)
        if wish is None or wish.school is None:
            yield self._ruled(texts.chosen_rank(wish.rank) if wish else horizontal, width)
            yield line(f"  {texts.list_removed if wish else ''}", role=Role.WARNING)
            return
        reference = self._reference
        county = county_name(reference, wish.school.county)
        title = texts.wish_title(wish.rank, county, wish.school.township, school_label(wish.school))
        yield self._ruled(title, width)
        kin = "" if reference is None else family_words(reference, wish.school, texts)
        told = reference is not None and any(
            (wish.school.id, each) in reference.past for each in self._subjects
        )
        yield line(
            f"  {kin or (texts.past_hint if told else texts.no_vacancy_data)}", role=Role.DIM
        )

    def preview_panel(self, width: int) -> Iterable[Line]:
        """The what-if of F8, always open in the wide layout."""
        yield self._ruled(f"{self.texts.what_if} F8", width)
        lines = tuple(self.preview_lines(width - 3))[:PREVIEW_ROWS]
        for each in lines:
            yield (Span("  "), *each)
        yield from [()] * (PREVIEW_ROWS - len(lines))

    def preview_lines(self, width: int) -> Iterable[Line]:
        """Which wishes would count where, and what is wrong with which."""
        texts, seen = self.texts, self._preview
        if self._indigenous and seen.indigenous:
            yield from paragraph(texts.uses_ranks(texts.ranks(seen.indigenous)), width)
        elif not self._indigenous:
            yield from paragraph(texts.indigenous_no_use, width)
        else:
            yield from paragraph(texts.yes_no_school, width, Role.WARNING)
        if seen.twice:
            yield from paragraph(texts.twice(texts.ranks(seen.twice)), width, Role.WARNING)
        counts = len(seen.indigenous), len(seen.ordinary), len(seen.closed)
        yield from paragraph(texts.wish_kinds(*counts), width)

    def _ruled(self, words: str, width: int) -> Line:
        horizontal = self._host().glyphs.horizontal
        text = shorten(words, width - 4)
        rest = width - 1 - cell_len(text)
        return (
            Span(horizontal, Role.RULE),
            Span(text, Role.TITLE),
            Span(horizontal * rest, Role.RULE),
        )

"""The form of one county review as a person fills it in: texts in, a review or a sentence out."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.points import Points
from core.season.county import CountyVerdict
from core.wire.payload import CountyPayload, PointsAwarded
from server.console.posted import Form
from server.console.text import POINT_LINES
from server.season.caseload import LINES, Case, Content
from server.season.county import Wanted

TEXT_AT_MOST = 300
SEEN_AT_MOST = 64
HUNDREDTHS_AT_MOST = 100_000  # a thousand points: nobody has as many


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewForm:
    """Everything as typed; ``mark`` is of the case as it was shown."""

    mark: str
    verdict: str
    figures: Mapping[str, str]
    reasons: Mapping[str, str]
    seen: tuple[str, ...]
    reason: str

    def wanted(self, app: bytes) -> tuple[Wanted | None, str]:
        """The review it asks for, or a sentence that says what cannot be read."""
        if self.verdict not in set(CountyVerdict):
            return None, "請選擇審查結論。"
        verdict = CountyVerdict(self.verdict)
        points: PointsAwarded | None = None
        if verdict is CountyVerdict.PASSED:
            found = self._points()
            if isinstance(found, str):
                return None, found
            points = found
        passed = points is not None
        return Wanted(
            app=app,
            mark=self.mark,
            verdict=verdict,
            points=points,
            changes={line: why for line, why in self.reasons.items() if why and passed},
            seen=self.seen,
            reason="" if passed else self.reason,
        ), ""

    def _points(self) -> PointsAwarded | str:
        read: dict[str, int] = {}
        for line in LINES:
            try:
                read[line] = Points.from_text(self.figures[line]).hundredths
            except ValueError:
                return f"「{POINT_LINES[line]}」不是積分，例：12.5。"
            if abs(read[line]) > HUNDREDTHS_AT_MOST:
                return f"「{POINT_LINES[line]}」超過 1000，請再確認。"
        return PointsAwarded(**read)


def fresh_form(case: Case, content: Content, before: CountyPayload | None) -> ReviewForm:
    """Before anything was typed: the school's figures, or what the county passed ``before``."""
    points = content.points if before is None or before.points is None else before.points
    changes = () if before is None else before.changes
    return ReviewForm(
        mark=case.mark,
        verdict="",
        figures={line: str(Points(getattr(points, line))) for line in LINES},
        reasons=dict.fromkeys(LINES, "") | {each.line: each.reason for each in changes},
        seen=() if before is None else before.seen,
        reason="",
    )


def posted_form(post: Form) -> ReviewForm:
    """The form as it was sent."""

    def text(name: str) -> str:
        return " ".join(post.get(name, "").split())[:TEXT_AT_MOST]

    return ReviewForm(
        mark=text("mark"),
        verdict=text("verdict"),
        figures={line: text(f"points-{line}") for line in LINES},
        reasons={line: text(f"reason-{line}") for line in LINES},
        seen=tuple(each[:TEXT_AT_MOST] for each in post.getall("seen", [])[:SEEN_AT_MOST]),
        reason=text("reason"),
    )

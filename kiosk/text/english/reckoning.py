"""Sentences about how points come about."""

from core.domain.points import ZERO, Points
from core.rules.scale import Scale

_BECAUSE = {
    "originals": "as the originals show",
    "paper_missing": "papers missing or not enough",
    "not_countable": "does not count by the rules",
    "outside_period": "outside the period that counts",
    "below_unit": "less than one whole unit",
    "counted_twice": "one fact counted twice",
    "other_item": "counted under another kind",
    "corrected": "an earlier figure corrected",
    "other": "other (say which)",
}


class ReckoningEn:
    """Part of `English`."""

    reckoning_title = "How the points come about"
    reckoning_none = (
        "No rule in the table: this year's scale is not public, the officer and the county decide."
    )
    reckoning_waiting = "The points stand here after the school's review; until then 0.0."
    reckoning_sum = (
        "Total: the reason (county A or B) and all other kinds. A wish counts with the total of "
        "the county its school lies in."
    )
    reckoning_key = "F5 shows how"
    because_choose = "reason"
    because_title = "Why this figure"
    because_intro = (
        "Every figure that is not the one worked out needs\nits own reason; the teacher reads both."
    )
    because_none = "(no reason)"
    because_remark = "Remark"
    because_word = "reason"

    def scale_words(self, scale: Scale) -> str:
        cap = "no cap" if scale.cap is None else f"at most {scale.cap}"
        return f"{scale.unit} points per {scale.unit_name}, {cap} ({scale.place})"

    def worked_out(self, units: int, scale: Scale, points: Points) -> str:
        return f"Worked out: {units} years as you claim, {scale.unit} points each, {points} in all."

    def points_changed(self, awarded: Points, difference: Points) -> str:
        sign = "more" if difference > ZERO else "fewer"
        size = max(difference, -difference)
        return (
            f"Awarded {awarded}, {size} {sign} than worked out; the reason is in the remark of the "
            "officer or the county, or ask."
        )

    def held_against(self, points: Points) -> str:
        return f"was {points}"

    def because(self, code: str) -> str:
        return _BECAUSE.get(code, code)

    def points_because(
        self, awarded: Points, instead_of: Points | None, reason: str, remark: str
    ) -> str:
        was = "" if instead_of is None else f"not {instead_of} but "
        why = "other" if reason == "other" else self.because(reason)
        return f"{was}{awarded} points. Reason: {why}{'; ' if remark else ''}{remark}"

    def points_papers(self, names: tuple[str, ...], *, example: bool) -> str:
        return f"Papers: {', '.join(names)}{' (範例)' if example else ''}"

    def county_changed(self, reason: str) -> str:
        return f"Changed by the county: {reason}"

    def officer_says(self, remark: str) -> str:
        return f"The officer says: {remark}"

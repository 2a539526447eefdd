"""Sentences about how points come about."""

from core.domain.points import ZERO, Points
from core.rules.scale import Scale


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

    def scale_words(self, scale: Scale) -> str:
        cap = "no cap" if scale.cap is None else f"at most {scale.cap}"
        return f"{scale.unit} points per {scale.unit_name}, {cap} ({scale.place})"

    def worked_out(self, units: int, scale: Scale, points: Points) -> str:
        return f"Worked out: {units} years as you claim, {scale.unit} points each, {points} in all."

    def points_changed(self, awarded: Points, difference: Points) -> str:
        sign = "more" if difference > ZERO else "fewer"
        size = max(difference, -difference)
        return (
            f"The officer awarded {awarded}, {size} {sign} than worked out; the reason is in the "
            "officer's remark, or ask."
        )

    def points_papers(self, names: tuple[str, ...], *, example: bool) -> str:
        return f"Papers: {', '.join(names)}{' (範例)' if example else ''}"

    def officer_says(self, remark: str) -> str:
        return f"The officer says: {remark}"

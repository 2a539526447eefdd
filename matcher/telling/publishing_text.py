"""What is said when files are published: what they still tell, and how a teacher finds herself."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matcher.telling.publication import Remainder
from matcher.telling.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """The sentences of one language; those with braces take values."""

    lines: tuple[str, ...]
    ambiguous: str

    def remains(self, remainder: Remainder) -> list[str]:
        """What the published files still tell about people."""
        return [
            line.format(
                teachers=remainder.teachers,
                alone=remainder.alone,
                distinct=remainder.distinct,
                flagged=remainder.flagged,
                excluded=remainder.excluded,
            )
            for line in self.lines
        ]


PUBLISHING: Mapping[Language, Publishing] = MappingProxyType(
    {
        Language.ZH: Publishing(
            lines=(
                "教師代號已換成公開抽籤號；同分比序只留名次，看不出生日。",
                "公布的檔案仍然看得出（共 {teachers} 人）：",
                "  每人的學校、科別、志願和各縣市積分。",
                "  {alone} 人是該校該科唯一的申請人，同事認得出是誰。",
                "  {distinct} 人的積分與別人都不同；知道某人積分的人，可以找到他的志願。",
                "  同分比序各項的先後（例如誰比較年長）。",
                "  {flagged} 人具原住民或語言認證資格（沒有這種階段用得到的，已改為否）。",
                "  {excluded} 人的排除代碼。",
                "教師用自己的抽籤號查詢：jiepin match explain problem.json placement.json 抽籤號",
            ),
            ambiguous="有教師代號和學校或科別代碼相同，無法改寫證明：{name}",
        ),
        Language.EN: Publishing(
            lines=(
                "Teachers are called by their public lots; ties are ranks and tell no birthday.",
                "The published files still tell (of {teachers} people):",
                "  everybody's school, subject, wishes and totals.",
                "  {alone} are the only applicant of their school and subject: colleagues know.",
                "  {distinct} have totals like nobody else's: who knows them finds the wishes.",
                "  who comes first in each number of the tie vector (who is older, for instance).",
                "  {flagged} are indigenous or certified in a language (cleared where not needed).",
                "  the codes of the exclusions of {excluded}.",
                "A teacher asks by her lot: jiepin match explain problem.json placement.json LOT",
            ),
            ambiguous="a teacher is called like a school or a subject; the certificate cannot be "
            "rewritten: {name}",
        ),
    }
)

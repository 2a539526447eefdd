"""What people call schools, subjects and counties, for pictures and reports. Codes if unknown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.domain.place import County
from matcher.files.problem import CountyCode, Position, SchoolId
from matcher.files.reader import Reader, Record, opened
from matcher.files.rulebook import SubjectCode
from matcher.telling.text import Language

FORMAT = "jiepin-names/1"

_KEYS = frozenset({"format", "schools", "subjects"})
_ROMAN = {
    "新北市": "New Taipei",
    "臺北市": "Taipei",
    "桃園市": "Taoyuan",
    "臺中市": "Taichung",
    "臺南市": "Tainan",
    "高雄市": "Kaohsiung",
    "宜蘭縣": "Yilan",
    "新竹縣": "Hsinchu County",
    "苗栗縣": "Miaoli",
    "彰化縣": "Changhua",
    "南投縣": "Nantou",
    "雲林縣": "Yunlin",
    "嘉義縣": "Chiayi County",
    "屏東縣": "Pingtung",
    "臺東縣": "Taitung",
    "花蓮縣": "Hualien",
    "澎湖縣": "Penghu",
    "基隆市": "Keelung",
    "新竹市": "Hsinchu City",
    "嘉義市": "Chiayi City",
    "金門縣": "Kinmen",
    "連江縣": "Lienchiang",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Looked up by code. ``counties``: today's, in the order government lists use."""

    counties: tuple[County, ...]
    schools: Mapping[str, str] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)

    def school(self, code: SchoolId) -> str:
        """A school's name."""
        return self.schools.get(code, code)

    def position(self, position: Position) -> tuple[str, str]:
        """The names of a school and a subject."""
        return self.school(position.school), self.subject(position.subject)

    def subject(self, code: SubjectCode) -> str:
        """A subject's name."""
        return self.subjects.get(code, code)

    def county(self, code: CountyCode, lang: Language) -> str:
        """A county's name; former ones have that of the county they were merged into."""
        found = self.today(code)
        if found is None:
            return code
        return found.name if lang is Language.ZH else _ROMAN[found.name]

    def today_code(self, code: CountyCode) -> CountyCode:
        """The code of the county of today, or what it was if no county knows it."""
        found = self.today(code)
        return code if found is None else CountyCode(found.code)

    def today(self, code: CountyCode) -> County | None:
        """The county of today a code belongs to."""
        return next((each for each in self.counties if code in each.prefixes), None)


def parse_names(data: bytes, file: str, counties: Iterable[County]) -> Names:
    """The names in these bytes; ``file`` is the name faults are told under.

    Raises:
        RefusedFileError: With every fault.
    """
    reader, record = opened(data, file, _KEYS, FORMAT)
    names = Names(
        counties=tuple(counties),
        schools=_texts(reader, record, "schools"),
        subjects=_texts(reader, record, "subjects"),
    )
    reader.finish()
    return names


def _texts(reader: Reader, record: Record, key: str) -> Mapping[str, str]:
    found = reader.mapping(record, key, "$")
    return {code: reader.text(found, code, f"$.{key}") for code in found}

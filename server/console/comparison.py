"""Versions of one application side by side: what is the same and what is not. Values only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.domain.application import Claim, Wishes
from server.console.names import Names
from server.console.record import Version

Said = Callable[[Claim, Wishes], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing the versions say, in their order; ``private`` until the person is shown."""

    name: str
    values: tuple[str, ...]
    private: bool

    @property
    def differs(self) -> bool:
        """Whether the versions do not all say the same."""
        return len(set(self.values)) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Heads that stand against each other; what they say line by line."""

    heads: tuple[Version, ...]
    lines: tuple[Line, ...]


def compare(versions: Sequence[Version], names: Names) -> Comparison | None:
    """The heads side by side, the one received first on the left; None without a conflict."""
    heads = tuple(
        sorted(
            (each for each in versions if each.head),
            key=lambda each: (each.row.recv_ms, each.row.eh),
        )
    )
    if len(heads) < 2:  # noqa: PLR2004 - one head is no conflict
        return None
    lines = [
        Line(
            name=name,
            values=tuple(_value(each, said) for each in heads),
            private=private,
        )
        for name, private, said in _things(names)
    ]
    longest = max((len(each.wishes.schools) for each in heads if each.wishes), default=0)
    lines += [
        Line(
            name=f"第 {place + 1} 志願",
            values=tuple(_wish(each, place) for each in heads),
            private=True,
        )
        for place in range(longest)
    ]
    return Comparison(heads=heads, lines=tuple(lines))


def _things(names: Names) -> tuple[tuple[str, bool, Said], ...]:
    return (
        ("姓名", True, lambda claim, _: claim.teacher_name),
        ("身分證字號", True, lambda claim, _: claim.national_id),
        ("出生日期", True, lambda claim, _: claim.birth),
        ("電話", True, lambda claim, _: "、".join(filter(None, (claim.phone1, claim.phone2)))),
        ("電子郵件", True, lambda claim, _: claim.email),
        ("現職學校", False, lambda claim, _: claim.school),
        (
            "科（類）別",
            False,
            lambda claim, _: "、".join(names.subject(claim.stage, each) for each in claim.subjects),
        ),
        ("服務年資", False, lambda claim, _: f"{claim.service_years} 年"),
        ("原民調", False, lambda claim, _: "申請" if claim.indigenous else "未申請"),
        ("語言專長", False, lambda claim, _: "有" if claim.language else "無"),
        (
            "任教地區限制",
            False,
            lambda claim, _: "無限制" if claim.area_limit == "general" else "偏遠地區",
        ),
        (
            "志願縣市",
            False,
            lambda _, wishes: f"{names.county(wishes.county_a)}、{names.county(wishes.county_b)}",
        ),
        ("志願數", False, lambda _, wishes: str(len(wishes.schools))),
    )


def _value(version: Version, said: Said) -> str:
    if version.row.claim is None:
        return "（撤回申請）"
    if version.claim is None or version.wishes is None:
        return "（內容不在系統中）"
    return said(version.claim, version.wishes)


def _wish(version: Version, place: int) -> str:
    if version.wishes is None or place >= len(version.wishes.schools):
        return "—"
    return version.wishes.schools[place]

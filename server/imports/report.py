"""What an import would do, as lines for people and as facts for machines."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from core.domain.roc import format_roc
from server.imports.barred import BarredPlan
from server.imports.fault import Fault, Severity
from server.imports.layout import SCHOOL_LAYOUTS, Layout
from server.imports.merge import SchoolPlan
from server.imports.past import PastPlan
from server.imports.sheet import Sheet
from server.imports.text import SEVERITIES, place, proposal, reason
from server.imports.vacancy import VacancyPlan

SHOWN_AT_MOST = 60


def sheet_facts(sheets: Iterable[Sheet], layouts: Mapping[str, Layout]) -> list[dict[str, object]]:
    """One record per file."""
    return [
        {
            "file": sheet.file,
            "encoding": sheet.encoding,
            "layout": layouts[sheet.file].value if sheet.file in layouts else None,
            "rows": len(sheet.rows),
            "sha256": sheet.sha256,
        }
        for sheet in sheets
    ]


def fault_facts(faults: Iterable[Fault]) -> list[dict[str, object]]:
    """One record per finding; codes, no sentences."""
    return [asdict(fault) for fault in faults]


def sheet_lines(sheets: Iterable[Sheet], layouts: Mapping[str, Layout]) -> Iterator[str]:
    """One line per file."""
    for sheet in sheets:
        layout = layouts.get(sheet.file)
        name = SCHOOL_LAYOUTS[layout].name if layout is not None else ""
        yield f"{sheet.file}  {sheet.encoding}  {len(sheet.rows):,} 列  {name}".rstrip()


def fault_lines(faults: Sequence[Fault]) -> Iterator[str]:
    """The findings, the worst first; what is not shown is counted."""
    worst_first = sorted(faults, key=lambda fault: list(Severity)[::-1].index(fault.severity))
    counts = Counter(fault.severity for fault in faults)
    if faults:
        yield "  ".join(
            f"{SEVERITIES[each]} {counts[each]}" for each in reversed(Severity) if counts[each]
        )
    for fault in worst_first[:SHOWN_AT_MOST]:
        value = f"讀到「{fault.value}」 " if fault.value else ""
        told = f"  {SEVERITIES[fault.severity]} {place(fault)}：{value}{reason(fault)}"
        yield f"{told}{proposal(fault)}"
    if len(faults) > SHOWN_AT_MOST:
        yield f"  另有 {len(faults) - SHOWN_AT_MOST} 則未列出；加 --json 可得全部。"


def school_facts(plan: SchoolPlan) -> dict[str, object]:
    """The numbers of a plan; codes of the schools that change or are gone."""
    return {
        "new": len(plan.new),
        "changed": [
            {"id": each.after.school.id, "fields": list(each.fields)} for each in plan.changed
        ],
        "unchanged": plan.unchanged,
        "gone": [each.id for each in plan.gone],
        "private": plan.private,
        "not_delegated": sum(not each.after.school.delegated for each in plan.new),
    }


def school_lines(plan: SchoolPlan) -> Iterator[str]:
    """The same for people."""
    yield (
        f"新增 {len(plan.new):,}  變更 {len(plan.changed):,}  不變 {plan.unchanged:,}  "
        f"名單已無 {len(plan.gone):,}  私立不列入 {plan.private:,}"
    )
    for each in plan.changed[:SHOWN_AT_MOST]:
        school = each.after.school
        yield f"  變更 {school.id} {school.name}：{'、'.join(each.fields)}"
    for gone in plan.gone[:SHOWN_AT_MOST]:
        yield f"  名單已無 {gone.id} {gone.name}（加 --close-gone 改列未委託）"


def seat_facts(plan: VacancyPlan) -> dict[str, object]:
    """The numbers of a plan of vacancies."""
    return {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "closed": len(plan.closed),
        "unchanged": plan.unchanged,
        "gone": [[each.school, each.subject, each.count] for each in plan.gone],
        "seats": sum(each.after.count for each in (*plan.new, *plan.changed) if each.after),
    }


def seat_lines(plan: VacancyPlan) -> Iterator[str]:
    """The same for people."""
    yield (
        f"新增 {len(plan.new):,}  變更 {len(plan.changed):,}  取消 {len(plan.closed):,}  "
        f"不變 {plan.unchanged:,}  檔案未列 {len(plan.gone):,}"
    )
    for gone in plan.gone[:SHOWN_AT_MOST]:
        yield f"  檔案未列 {gone.school} {gone.subject} {gone.count}（加 --close-gone 取消）"


def barred_facts(plan: BarredPlan) -> dict[str, object]:
    """The numbers of a control list; nobody's name or number."""
    return {"new": len(plan.new), "changed": len(plan.changed), "unchanged": plan.unchanged}


def barred_lines(plan: BarredPlan) -> Iterator[str]:
    """The same for people, each line with the days it holds."""
    yield f"新增 {len(plan.new):,}  變更 {len(plan.changed):,}  不變 {plan.unchanged:,}"
    for word, lines in (("新增", plan.new), ("變更", plan.changed)):
        for each in lines[:SHOWN_AT_MOST]:
            until = "未定" if each.until is None else format_roc(each.until)
            mark = "（範例）" if each.ground.example else ""
            yield (
                f"  {word} {each.person.masked} {each.ground.name}{mark} "
                f"{format_roc(each.since)} 起，{until} 解除"
            )


def past_facts(plan: PastPlan) -> dict[str, object]:
    """The numbers of a plan of past results."""
    return {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
        "years": sorted({each.year for each in (*plan.new, *plan.changed)}),
    }


def past_lines(plan: PastPlan) -> Iterator[str]:
    """The same for people."""
    yield f"新增 {len(plan.new):,}  變更 {len(plan.changed):,}  不變 {plan.unchanged:,}"
    for each in plan.changed[:SHOWN_AT_MOST]:
        yield f"  變更 {each.year} {each.school} {each.subject}"

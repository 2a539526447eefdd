"""What a freeze holds, and by which rules: facts for programs and lines for people (正體中文)."""

from collections import Counter
from collections.abc import Iterator

from core.season.ruling import STEPS, SeasonRules
from server.season.freeze import FreezePlan
from server.season.text import CONFLICT_RULES, COUNTY_RULES, DOUBTFUL_RULES, REASONS, STEPS_TEXT


def freeze_facts(plan: FreezePlan, number: int | None) -> dict[str, object]:
    """What a freeze is; ``number`` None: would be."""
    return {
        "freeze": number,
        "season": plan.season,
        "input_root": plan.input_root.hex(),
        "log_index": plan.log_index,
        "rules": {
            "conflict": plan.rules.conflict.value,
            "doubtful": plan.rules.doubtful.value,
            "county": plan.rules.county.value,
        },
        "undecided": [each.entry.hex() for each in plan.undecided],
        "set_aside": list(plan.set_aside),
        "included": len(plan.included),
        "county_points": sum(each.county is not None for each in plan.included),
        "left_out": [
            {"app": each.app.hex(), "reason": each.reason.value if each.reason else None}
            for each in plan.left_out
        ],
        "exceptions": [
            {"app": each.app.hex(), "reason": each.reason.value}
            for each in plan.included
            if each.reason
        ],
        "teachers": dict(Counter(each.stage.value for each in plan.included if each.stage)),
    }


def rule_lines(rules: SeasonRules) -> Iterator[str]:
    """The named rules of a season in words."""
    yield f"規則 {CONFLICT_RULES[rules.conflict]}（{rules.conflict}）"
    for number, step in enumerate(STEPS[rules.conflict], start=1):
        yield f"  {number}. {STEPS_TEXT[step]}"
    yield f"規則 {DOUBTFUL_RULES[rules.doubtful]}（{rules.doubtful}）"
    yield f"規則 {COUNTY_RULES[rules.county]}（{rules.county}）"


def freeze_lines(plan: FreezePlan, number: int | None) -> Iterator[str]:
    """A freeze for people: rules, what waits, who is in and who is not, and why."""
    yield f"第 {number} 次凍結" if number else "試算，未凍結"
    yield f"輸入根雜湊 {plan.input_root.hex()}"
    yield from rule_lines(plan.rules)
    for each in plan.undecided:
        yield f"  待決定 {each.entry.hex()[:16]}：{each.kind}，申請 {each.app.hex()[:8]}"
    for place in plan.set_aside:
        yield f"  無法判讀 第 {place} 筆紀錄"
    yield f"列入 {len(plan.included):,} 件，不列入 {len(plan.left_out):,} 件"
    for reason, count in Counter(each.reason for each in plan.left_out if each.reason).items():
        yield f"  不列入 {count:,}：{REASONS[reason]}（{reason}）"
    for reason, count in Counter(each.reason for each in plan.included if each.reason).items():
        yield f"  例外列入 {count:,}：{REASONS[reason]}（{reason}）"

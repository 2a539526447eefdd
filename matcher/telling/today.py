"""Flows between counties of today: codes of those that became one are still in use."""

from collections import Counter
from collections.abc import Mapping

from matcher.files.problem import CountyCode
from matcher.telling.compare import Account, Balance, balances
from matcher.telling.names import Names


def flows_of_today(account: Account, names: Names) -> Mapping[tuple[CountyCode, CountyCode], int]:
    """How many people moved, by codes of the county they left and the one they entered."""
    merged = Counter[tuple[CountyCode, CountyCode]]()
    for pair, moved in account.flows.items():
        left, entered = (names.today_code(code) for code in pair)
        merged[left, entered] += moved
    return merged


def counties_of_today(account: Account, names: Names) -> Mapping[CountyCode, Balance]:
    """What each county of today lost and gained, by code."""
    return dict(balances(flows_of_today(account, names)))

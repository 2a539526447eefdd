"""A sample of `make soak`: any order of arrival leads to the same views (PROTOCOL 4.1, I6)."""

from tests.soak import arrivals
from tests.soak.table import Budget

SHARE = 0.001


def test_a_sample_of_all_orders_leads_to_the_same_views_and_a_gap_is_seen(seed):
    budget = Budget(share=SHARE, seed=seed, processes=1)

    rows = arrivals.run(budget)

    assert len(rows) in {2, 4}  # without the programs of PostgreSQL only SQLite
    assert [row.fault(budget) for row in rows] == [None] * len(rows)

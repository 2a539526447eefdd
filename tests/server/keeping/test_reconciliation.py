"""Receipts, entries and backups are held against each other; what is missing is named (2.14)."""

from sqlalchemy import delete, select, text

from server.keeping.reconciliation import reconcile
from server.store.tables import event, receipt
from tests.fakes.device import make_teacher


def unguarded(connection, table):
    """An administrator can take the triggers away."""
    if connection.dialect.name == "sqlite":
        for action in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER {table}_no_{action}"))
    else:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))


def reconciled(keeper):
    with keeper.store.reading() as connection:
        return reconcile(connection)


def test_with_a_fresh_backup_nothing_is_missing(keeper):
    keeper.back_up()

    found = reconciled(keeper)

    assert found.zero
    assert found.entries == found.backed_up > 0


def test_heads_that_came_after_the_backup_are_named_and_older_ones_are_not(keeper):
    keeper.back_up()
    device = keeper.season.devices[1]
    link = device.revise(make_teacher(5))
    keeper.desk.arrive([(1, len(device.links))])

    found = reconciled(keeper)

    assert found.exposed == (link.hash,)
    assert not found.zero


def test_before_the_first_backup_every_head_is_named(keeper):
    found = reconciled(keeper)

    assert found.backed_up == 0
    assert len(found.exposed) >= 3


def test_a_receipt_whose_entry_was_cut_out_is_named(keeper):
    with keeper.store.writing() as connection:
        unguarded(connection, "event")
        victim = connection.execute(select(receipt.c.eh).limit(1)).scalar_one()
        connection.execute(delete(event).where(event.c.eh == victim))

    assert reconciled(keeper).orphans == (victim,)


def test_a_version_whose_receipt_was_cut_out_is_named(keeper):
    with keeper.store.writing() as connection:
        unguarded(connection, "receipt")
        victim = connection.execute(select(receipt.c.eh).limit(1)).scalar_one()
        connection.execute(delete(receipt).where(receipt.c.eh == victim))

    assert reconciled(keeper).unwitnessed == (victim,)

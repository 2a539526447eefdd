"""A backup counts when it was read back whole, and for what it was found to hold (PROTOCOL 2.7)."""

import pytest
from sqlalchemy import select, text, update

from core.sealing import SealError
from core.signature import SignatureType
from core.wire.checkpoint import Checkpoint, LogTree
from core.wire.document import open_document
from server.keeping.backup import BackupError, unpacked, vouched
from server.keeping.restore import try_backup
from server.keeping.sealed import opened_by
from server.keys import read_keys
from server.store.season_tables import audit
from server.store.tables import application, backup, event, head
from tests.server.running import read_rows

# The file around the database is the same for both.
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def rows_of(store, table):
    with store.reading() as connection:
        return read_rows(connection, table)


def entries_of(season):
    return sum(len(device.links) for device in season.devices)


def test_a_backup_holds_the_whole_log_and_says_so_under_the_receipt_key(keeper):
    made = keeper.back_up()

    hashes = [row["eh"] for row in rows_of(keeper.store, event)]
    tree = LogTree()
    for each in hashes:
        tree.append(each)
    (noted,) = rows_of(keeper.store, backup)
    receipt = keeper.season.centre.receipt
    checkpoint = open_document(
        SignatureType.CHECKPOINT, noted["checkpoint"], Checkpoint, {receipt.id: receipt.public}
    )
    assert made.contents.size == len(hashes) == entries_of(keeper.season)
    assert (checkpoint.size, checkpoint.root) == (len(hashes), tree.root())
    assert (noted["file"], noted["bytes"]) == (made.file.name, made.file.stat().st_size)
    assert [row["code"] for row in rows_of(keeper.store, audit)] == ["backup_made"]
    assert made.file.stat().st_mode & 0o777 == 0o600


def test_entries_are_durable_when_a_verified_backup_holds_them_and_not_before(keeper):
    device = keeper.season.devices[0]
    before = {row["durable"] for row in rows_of(keeper.store, head)}
    keeper.back_up()
    known = {row["dev"]: row["durable"] for row in rows_of(keeper.store, head)}
    device.add_boot()

    (newer,) = keeper.desk.arrive([(0, len(device.links))])
    keeper.back_up()
    (again,) = keeper.desk.arrive([(0, len(device.links))])

    assert before == {0}
    assert known == {each.id: len(each.links) - (each is device) for each in keeper.season.devices}
    assert (newer.durable, again.durable) == (len(device.links) - 1, len(device.links))


def test_nobody_without_the_seal_key_reads_it(keeper, empty_url):
    made = keeper.back_up()
    names = [f"測試{number:04d}".encode() for number in (1, 2, 3)]

    assert not any(name in made.file.read_bytes() for name in names)
    with pytest.raises(SealError):
        try_backup(keeper.wanted(made.file, empty_url, seal_key=bytes(range(32))))
    assert try_backup(keeper.wanted(made.file, empty_url)) == made.contents


@ON_ONE
def test_nothing_plain_and_nothing_unfinished_is_left_beside_it(keeper):
    before = {path.name for path in keeper.home.rglob("*")}

    made = keeper.back_up()

    assert list(keeper.folder.iterdir()) == [made.file]
    assert {path.name for path in keeper.home.rglob("*")} == before


def test_a_view_changed_by_hand_is_not_backed_up_as_if_it_were_in_order(keeper):
    with keeper.store.writing() as connection:
        connection.execute(update(application).values(points_a=9999))

    with pytest.raises(BackupError, match="views_differ"):
        keeper.back_up()

    assert not list(keeper.folder.iterdir())
    assert {row["durable"] for row in rows_of(keeper.store, head)} == {0}


def test_a_log_changed_by_an_administrator_is_not_backed_up(keeper):
    with keeper.store.writing() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER event_no_update"))
        else:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))
        connection.execute(update(event).where(event.c.log_index == 3).values(kind="boot"))

    with pytest.raises(BackupError, match="damaged"):
        keeper.back_up()

    assert not list(keeper.folder.iterdir())


@ON_ONE
def test_the_newest_files_stay_and_strangers_are_left_alone(keeper):
    stranger = keeper.folder / "jiepin-notes.txt"
    stranger.write_text("mine", encoding="utf-8")
    made = [keeper.back_up() for _ in range(5)]

    left = sorted(path.name for path in keeper.folder.iterdir())

    assert left == sorted([*(each.file.name for each in made[2:]), stranger.name])
    assert made[4].removed == (made[1].file.name,)


@ON_ONE
@pytest.mark.parametrize("where", [0, 10, 200, 0.5, -300, -80, -1])
def test_one_turned_bit_anywhere_is_found(keeper, empty_url, where):
    made = keeper.back_up()
    data = bytearray(made.file.read_bytes())
    data[int(len(data) * where) if isinstance(where, float) else where] ^= 1
    spoiled = made.file.with_suffix(".spoiled")
    spoiled.write_bytes(data)

    with pytest.raises((BackupError, SealError)):
        try_backup(keeper.wanted(spoiled, empty_url))


@ON_ONE
@pytest.mark.parametrize("cut", [1, 100, 0.5])
def test_a_file_cut_short_or_grown_is_found(keeper, empty_url, cut):
    made = keeper.back_up()
    data = made.file.read_bytes()
    size = int(len(data) * cut) if isinstance(cut, float) else len(data) - cut
    other = made.file.with_suffix(".other")

    for changed in (data[:size], data + bytes(size)):
        other.write_bytes(changed)
        with pytest.raises((BackupError, SealError)):
            try_backup(keeper.wanted(other, empty_url))


@ON_ONE
def test_the_checkpoint_of_another_centre_vouches_for_nothing(keeper, tmp_path):
    made = keeper.back_up()
    keys = read_keys(keeper.home)
    stranger = type(keeper.season.centre)(seed=99)
    stranger.write_home(tmp_path / "stranger")
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    with made.file.open("rb") as source:
        found = unpacked(source, opened_by(keeper.season.centre.seal), url)

    assert vouched(found, keys).size == made.contents.size
    with pytest.raises(BackupError, match="checkpoint"):
        vouched(found, read_keys(tmp_path / "stranger"))


def test_others_write_while_it_is_made(keeper):
    """The copy is one state of the log, whatever arrives meanwhile."""
    device = keeper.season.devices[1]
    device.add_boot()
    arrived = []

    def random_bytes(size):
        # Called before the copy is checked: something arrives between copying and recording.
        if not arrived and list(keeper.folder.glob("*.part")):
            arrived.extend(keeper.desk.arrive([(1, len(device.links))]))
        return keeper.random.randbytes(size)

    made = keeper.back_up(random_bytes=random_bytes)

    assert arrived
    assert made.contents.size == entries_of(keeper.season) - 1
    with keeper.store.reading() as connection:
        durable = connection.execute(
            select(head.c.durable, head.c.seq).where(head.c.dev == device.id)
        ).one()
    assert durable.durable == durable.seq - 1

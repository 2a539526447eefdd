"""The drills: what may happen to a machine or the centre, done to real programs (PROTOCOL 2.12).

Each is a series of steps; a step is said once it has been seen to hold.
"""

import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from core.wire.client import ClientState
from provisioning.demo.process import run
from provisioning.drill.ground import SCHOOL, DrillError, Ground
from provisioning.register import Register
from provisioning.revocation import revoke
from provisioning.succession import Role, succeed
from server.store.tables import evidence, head
from syncd.report import Report
from syncd.store.moment import read_moment

Say = Callable[[str], None]
Drill = Callable[[Ground, Say], None]
NAME = "KH-0001"


def clone(ground: Ground, say: Say) -> None:
    """Two copies of one disk write and send."""
    station, device = _settled_station(ground, say)
    ground.stop(NAME)
    copy = ground.folder / "stations" / "copy"
    shutil.copytree(station, copy)
    say("copied")
    ground.write(station, 2)
    ground.write(copy, 5)
    ground.start_syncd(station)
    ground.await_report(station, "both_wrote", _delivered)
    ground.start_syncd(copy)
    ground.await_report(copy, "forked", _is(ClientState.FORKED))
    ground.write(station, 1)
    ground.await_report(station, "forked", _is(ClientState.FORKED))
    say("both_wrote")
    say("forked")
    _check("quarantined", all(row["quarantined_ms"] for row in ground.rows(head)))
    _check("quarantined", bool(ground.rows(evidence)))
    say("quarantined")
    entries = ground.own_entries(station) | ground.own_entries(copy)
    ground.stop(NAME, copy.name)
    ground.renew(station, device)
    say("renewed")
    ground.start_syncd(station)
    ground.await_report(station, "works_again", _delivered)
    say("works_again")
    ground.start_syncd(copy)
    ground.await_report(copy, "copy_dead", _stopped)
    say("copy_dead")
    # What only the copy wrote is evidence; on the disk that goes on nothing is missing.
    _check("nothing_lost", ground.own_entries(station) & entries <= ground.stored())
    say("nothing_lost")
    _verified(ground, say)


def rollback(ground: Ground, say: Say) -> None:
    """A disk is put back to an earlier state."""
    station, device = _settled_station(ground, say)
    ground.stop(NAME)
    backup = ground.folder / "backup"
    shutil.copytree(station, backup)
    ground.start_syncd(station)
    ground.write(station, 5)
    ground.await_report(station, "delivered", _delivered)
    acknowledged = ground.own_entries(station)
    ground.stop(NAME)
    shutil.rmtree(station)
    backup.rename(station)
    say("put_back")
    ground.write(station, 1)
    ground.start_syncd(station)
    ground.await_report(station, "rolled_back", _stopped)
    say("rolled_back")
    written = ground.own_entries(station)
    ground.stop(NAME)
    ground.renew(station, device)
    say("renewed")
    ground.start_syncd(station)
    ground.await_report(station, "works_again", _delivered)
    say("works_again")
    _check("acknowledged_kept", acknowledged | written <= ground.stored())
    say("acknowledged_kept")
    _verified(ground, say)


def lost_kiosk(ground: Ground, say: Say) -> None:
    """A machine is reported lost, and found again."""
    ground.publish()
    station, device = _settled_station(ground, say)
    register = Register(ground.keys / "desk" / "issued.json")
    fingerprint = register.newest(bytes.fromhex(device))
    held = ground.report(station).seq
    revoke(ground.keys, fingerprint, held, "遺失", read_moment().wall_ms)
    ground.publish()
    say("revoked_published")
    before = ground.stored()
    ground.await_report(station, "refused", _is(ClientState.REVOKED))
    _check("refused", ground.stored() == before)
    say("refused")
    ground.stop(NAME)
    ground.renew(station, device)
    say("renewed")
    ground.start_syncd(station)
    ground.await_report(station, "works_again", _delivered)
    say("works_again")
    _verified(ground, say)


def disk(ground: Ground, say: Say) -> None:
    """The disk of a machine is replaced."""
    station, device = _settled_station(ground, say)
    ground.stop(NAME)
    shutil.rmtree(station)
    say("disk_gone")
    words = ["--server", ground.address, "--root", str(ground.keys / "root.json")]
    ground.renew(station, device, *words, "--school", SCHOOL, "--name", NAME)
    ground.start_syncd(station)
    ground.write(station)
    report = ground.await_report(station, "same_name", _delivered)
    _check("same_name", (report.device, report.inc) == (device, 2))
    say("same_name")
    _verified(ground, say)


def log_key(ground: Ground, say: Say) -> None:
    """A machine changes its log key."""
    station, _ = _settled_station(ground, say)
    ground.stop(NAME)
    run(["syncd", "rotate-key", "--station", str(station)])
    say("key_changed")
    ground.write(station)
    ground.start_syncd(station)
    ground.await_report(station, "accepted", _delivered)
    _check("accepted", ground.own_entries(station) <= ground.stored())
    say("accepted")
    _verified(ground, say)


def server_keys(ground: Ground, say: Say) -> None:
    """The server's own keys are lost."""
    station, _ = _settled_station(ground, say)
    ground.stop("server")
    for name in ("beacon.key", "receipt.key"):
        (ground.home / "keys" / name).unlink()
        (ground.keys / "server" / name).unlink()
    say("keys_gone")
    succeed(ground.keys, ["beacon", "receipt"], secrets.token_bytes)
    _restart_under_new_trust(ground)
    say("trust_issued")
    _followed(ground, station)
    say("followed")
    _verified(ground, say)


def root_keys(ground: Ground, say: Say) -> None:
    """The root keys change twice while a machine is off."""
    station, _ = _settled_station(ground, say)
    ground.stop(NAME, "server")
    changes: tuple[tuple[Role, ...], ...] = (("root", "beacon"), ("root", "receipt"))
    for roles in changes:
        succeed(ground.keys, roles, secrets.token_bytes, distrusted=["root"])
    say("roots_changed")
    _restart_under_new_trust(ground)
    ground.start_syncd(station)
    _followed(ground, station)
    say("followed")
    _verified(ground, say)


def server_restore(ground: Ground, say: Say) -> None:
    """The server's database is lost and begins anew from a backup."""
    station, _ = _settled_station(ground, say)
    backups = ground.folder / "backups"
    home = ["--home", str(ground.home)]
    backups.mkdir()
    run(["server", "backup", *home, "--to", str(backups)])
    say("backed_up")
    ground.write(station, 5)
    ground.await_report(station, "more", _delivered)
    say("more")
    acknowledged = ground.own_entries(station)
    ground.stop("server")
    for path in ground.home.glob("server.db*"):
        path.unlink()
    newest, seal_key = max(backups.glob("*.jpb")), ground.keys / "seal" / "seal.key"
    run(["server", "restore", *home, "--from", str(newest), "--key", str(seal_key)])
    ground.start_server()
    say("database_gone")
    ground.write(station, 1)
    ground.await_report(station, "sent_again", _delivered)
    _check("sent_again", acknowledged <= ground.stored())
    say("sent_again")
    run(["server", "backup", *home, "--to", str(backups)])
    run(["server", "reconcile", *home])
    say("reconciled")
    _verified(ground, say)


DRILLS: Mapping[str, Drill] = MappingProxyType(
    {
        "lost-kiosk": lost_kiosk,
        "clone": clone,
        "rollback": rollback,
        "disk": disk,
        "log-key": log_key,
        "server-keys": server_keys,
        "root-keys": root_keys,
        "server-restore": server_restore,
    }
)


def _settled_station(ground: Ground, say: Say) -> tuple[Path, str]:
    """A running station that has sent something, and its id."""
    station = ground.enrol(NAME)
    say("running")
    ground.write(station)
    report = ground.await_report(station, "delivered", _delivered)
    say("delivered")
    if report.device is None:
        raise DrillError("running")
    return station, report.device


def _restart_under_new_trust(ground: Ground) -> None:
    ground.stop("desk", "server")
    ground.hand_over_keys()
    ground.start_server()
    ground.start_desk()


def _followed(ground: Ground, station: Path) -> None:
    seen = ground.report(station).last_beacon_ms or 0
    ground.write(station)
    ground.await_report(
        station,
        "followed",
        lambda report: _delivered(report) and (report.last_beacon_ms or 0) > seen,
    )


def _verified(ground: Ground, say: Say) -> None:
    """Every signature, hash and chain again, and the views beside them."""
    run(["server", "refold", "--check", "--home", str(ground.home)])
    say("verified")


def _delivered(report: Report) -> bool:
    return report.client == ClientState.CURRENT.value and not report.pending


def _stopped(report: Report) -> bool:
    return report.client in {ClientState.FORKED.value, ClientState.SELF_ROLLBACK.value}


def _is(state: ClientState) -> Callable[[Report], bool]:
    return lambda report: report.client == state.value


def _check(code: str, holds: bool) -> None:  # noqa: FBT001 - what was found
    if not holds:
        raise DrillError(code)

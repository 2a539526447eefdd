"""The log, who may speak, and the views: tables for SQLite and PostgreSQL alike; no statement.

The *log* is written once and never changed (triggers in `server.store.dialect`); the *views* are
folds of the log and can be rebuilt (`jiepin server refold`). What staff enter is in
`server.store.season_tables`. Times are milliseconds since 1970 UTC in columns that end in ``_ms``;
hashes are 32 bytes, identifiers 16. Personal content of log and inbox lives in ``payload``
alone, so that it can be erased when the law says so while every chain still verifies (DESIGN D3).
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from server.store.column import Big, Blob, Hash, Id8, Id16, metadata

# --- the log: append only -------------------------------------------------------------------------

event = Table(
    "event",
    metadata,
    Column("log_index", Big, primary_key=True, autoincrement=False),  # 1, 2, 3 … no gap
    Column("dev", Id16, nullable=False),
    Column("inc", Integer, nullable=False),
    Column("seq", Big, nullable=False),
    Column("eh", Hash, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("recv_ms", Big, nullable=False),
    Column("frame", Blob, nullable=False),  # as received, but without its payload
    UniqueConstraint("dev", "inc", "seq"),
)

receipt = Table(
    "receipt",
    metadata,
    Column("eh", Hash, primary_key=True),
    Column("log_index", Big, nullable=False),
    Column("signed", Blob, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("dev", Id16, primary_key=True),
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("eh", Hash, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("sent_ms", Big, nullable=False),
    Column("frame", Blob, nullable=False),  # without its payload
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", Big, primary_key=True),
    Column("dev", Id16, nullable=False),
    Column("inc", Integer, nullable=False),
    Column("recv_ms", Big, nullable=False),
    Column("reason", Text, nullable=False),
    Column("sha256", Hash, nullable=False),
    Column("data", Blob, nullable=True),  # null: erased when its season was over
    UniqueConstraint("dev", "sha256"),
)

claim = Table(  # entries that evidence shows
    "claim",
    metadata,
    Column("dev", Id16, primary_key=True),
    Column("inc", Integer, primary_key=True),
    Column("seq", Big, primary_key=True),
    Column("eh", Hash, primary_key=True),
    Column("recv_ms", Big, nullable=False),
)

payload = Table(
    "payload",
    metadata,
    Column("eh", Hash, primary_key=True),  # of the log or inbox entry it belongs to
    Column("data", Blob, nullable=True),  # null: erased when its season was over
)

refiled = Table(
    "refiled",
    metadata,
    Column("eh", Hash, primary_key=True),  # of the entry that was carried, under its old name
    Column("log_index", Big, nullable=False, unique=True),  # of the entry that carries it
    Column("dev", Id16, nullable=False),
    Column("inc", Integer, nullable=False),
    Column("seq", Big, nullable=False),
    Column("kind", Text, nullable=False),
    Column("frame", Blob, nullable=False),  # without its payload
)

backup = Table(
    "backup",
    metadata,
    Column("id", Big, primary_key=True),
    Column("made_ms", Big, nullable=False),
    Column("verified_ms", Big, nullable=False),
    Column("last_index", Big, nullable=False),  # newest entry of the log that it contains
    Column("file", Text, nullable=False),
    Column("bytes", Big, nullable=False),
    Column("checkpoint", Blob, nullable=False),  # tt/checkpoint/1
)

APPEND_ONLY = (event, refiled, receipt, inbox, evidence, payload, backup)
"""Changed by nobody; the content of payload and evidence may become null, and nothing else."""

# --- who may speak, and where each log stands -----------------------------------------------------

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),  # such as epoch
    Column("value", Blob, nullable=False),
)

enrolment = Table(
    "enrolment",
    metadata,
    Column("id", Id16, primary_key=True),
    Column("subject", Text, nullable=False),  # device, officer
    Column("form", Blob, nullable=False),
    Column("state", Text, nullable=False, index=True),  # pending, granted, refused
    Column("grant", Blob, nullable=True),
    Column("asked_ms", Big, nullable=False),
    Column("decided_ms", Big, nullable=True),
)

certificate = Table(
    "certificate",
    metadata,
    Column("hash", Hash, primary_key=True),
    Column("id", Id16, nullable=False),  # device id, or the id of an officer
    Column("serial", Big, nullable=False),
    Column("subject", Text, nullable=False),  # device, officer
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("schools", Text, nullable=False),  # codes, parted by spaces
    Column("key", Hash, nullable=False),
    Column("signed", Blob, nullable=False),
    Column("known_ms", Big, nullable=False),
    UniqueConstraint("id", "serial"),
)

revocation = Table(
    "revocation",
    metadata,
    Column("id", Id16, primary_key=True),  # of a certificate
    Column("last_seq", Big, nullable=True),  # last good entry; null: none
    Column("t_ms", Big, nullable=False),
    Column("reason", Text, nullable=False),
)

device = Table(
    "device",
    metadata,
    Column("dev", Id16, primary_key=True),
    Column("inc", Integer, nullable=False),  # incarnation in service
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),  # kiosk, county, spare
    Column("schools", Text, nullable=False),
    Column("enrolled_ms", Big, nullable=False),
)

device_school = Table(
    "device_school",
    metadata,
    Column("school", Text, primary_key=True),
    Column("dev", Id16, ForeignKey("device.dev"), primary_key=True),
)

head = Table(
    "head",
    metadata,
    Column("dev", Id16, ForeignKey("device.dev"), primary_key=True),
    Column("inc", Integer, primary_key=True, autoincrement=False),
    Column("seq", Big, nullable=False),  # 0: empty, then hash is the certificate's
    Column("hash", Hash, nullable=False),
    Column("certificate", Hash, ForeignKey("certificate.hash"), nullable=False),
    Column("quarantined_ms", Big, nullable=True),  # since a fork was seen
    Column("recv_ms", Big, nullable=True),
    # Quotas of PROTOCOL 2.7: what arrived on this day (days of Taiwan since 1970), and in all.
    Column("day", Integer, nullable=False),
    Column("day_events", Integer, nullable=False),
    Column("day_bytes", Big, nullable=False),
    Column("season_bytes", Big, nullable=False),
    Column("evidence_bytes", Big, nullable=False),
    Column("durable", Big, nullable=False, server_default="0"),  # in the newest verified backup
)

# After a restore: where a machine's inbox goes on, once the machine has said what it holds of it.
resumption = Table(
    "resumption",
    metadata,
    Column("dev", Id16, primary_key=True),
    Column("seq", Big, nullable=False),
    Column("hash", Hash, nullable=False),
    Column("waits", Boolean, nullable=False),  # it has not been heard since
)

deferred_notice = Table(
    "deferred_notice",
    metadata,
    Column("id", Big, primary_key=True),
    Column("dev", Id16, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("body", Blob, nullable=False),
    Column("content", Blob, nullable=True),
    Column("t_ms", Big, nullable=False, server_default="0"),
)

trust = Table(
    "trust",
    metadata,
    Column("v", Integer, primary_key=True, autoincrement=False),
    Column("signed", Blob, nullable=False),
)

reference = Table(
    "reference",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("hash", Id8, nullable=False),
    Column("signed", Blob, nullable=False),
    Column("created_ms", Big, nullable=False),
)

reference_file = Table(
    "reference_file",
    metadata,
    Column("sha256", Hash, primary_key=True),
    Column("data", Blob, nullable=False),
)

# --- views: folds of the log, rebuilt by `jiepin server refold` -----------------------------------

verdict = Table(
    "verdict",
    metadata,
    Column("eh", Hash, primary_key=True),
    Column("verdict", SmallInteger, nullable=False),  # core.wire.ack.Verdict
    Column("code", Text, nullable=True),  # why not valid
    Column(
        "waits_for", Id16, nullable=True, index=True
    ),  # id whose arrival may change the judgement
    Column("teacher", Id16, nullable=True),  # whose registration the judgement rests on
    Column("officer", Id16, nullable=True),  # certificate the judgement rests on
)

roster = Table(
    "roster",
    metadata,
    Column("eh", Hash, primary_key=True),
    Column("teacher", Id16, nullable=False, index=True),
    Column("valid", Boolean, nullable=False),
    Column("national_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("birth", Text, nullable=False),
    Column("sex", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("school", Text, nullable=False, index=True),
    Column("stage", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("officer", Id16, nullable=True),
)

revision = Table(
    "revision",
    metadata,
    Column("eh", Hash, primary_key=True),
    Column("app", Id16, nullable=False, index=True),
    Column("version", Big, nullable=False),
    Column("parents", Blob, nullable=False),  # hashes, joined
    Column("claim", Hash, nullable=True),  # null: withdrawal
    Column("wishes", Hash, nullable=True),
    Column("dev", Id16, nullable=False),
    Column("inc", Integer, nullable=False),
    Column("seq", Big, nullable=False),
    Column("claimed_ms", Big, nullable=False),
    Column("recv_ms", Big, nullable=False),
    Column("valid", Boolean, nullable=False),  # false: rejected, it has no effect
    Column("teacher", Id16, nullable=True),
    # From the payload; null when that is missing or was erased.
    Column("national_id", Text, nullable=True),
    Column("name", Text, nullable=True),
    Column("school", Text, nullable=True),
    Column("stage", Text, nullable=True),
    Column("subject", Text, nullable=True),
    Column("county_a", Text, nullable=True),
    Column("county_b", Text, nullable=True),
    Column("wish_count", Integer, nullable=True),
)

decision = Table(
    "decision",
    metadata,
    Column("eh", Hash, primary_key=True),
    Column("app", Id16, nullable=False, index=True),
    Column("revision", Hash, nullable=False),
    Column("claim", Hash, nullable=False),
    Column("earlier", Blob, nullable=False),  # hashes of decisions it replaces, joined
    Column("approved", Boolean, nullable=False),
    Column("officer", Id16, nullable=True),
    Column("claimed_ms", Big, nullable=False),
    Column("recv_ms", Big, nullable=False),
    Column("valid", Boolean, nullable=False),  # false: it does not count (yet)
    Column("verdict", Text, nullable=True),  # approved, returned, ineligible
    Column("points_a", Integer, nullable=True),  # hundredths
    Column("points_b", Integer, nullable=True),
)

application = Table(
    "application",
    metadata,
    Column("app", Id16, primary_key=True),
    Column("state", Text, nullable=False),  # current, withdrawn, conflict
    Column("heads", Blob, nullable=False),  # hashes, joined
    Column("revision", Hash, nullable=True),  # the version in force; null in conflict
    Column("version", Big, nullable=True),
    Column("review", Text, nullable=True),  # core.season.merge.Review
    Column("decision", Hash, nullable=True),  # the one that gives the review, when it is one
    Column("points_a", Integer, nullable=True),
    Column("points_b", Integer, nullable=True),
    Column("teacher", Id16, nullable=True),
    Column("national_id", Text, nullable=True),
    Column("name", Text, nullable=True),
    Column("school", Text, nullable=True, index=True),
    Column("stage", Text, nullable=True),
    Column("subject", Text, nullable=True),
    Column("county_a", Text, nullable=True),
    Column("county_b", Text, nullable=True),
    Column("wish_count", Integer, nullable=True),
    Column("flag", Text, nullable=True),  # code of the verdict on the version in force
    Column("recv_ms", Big, nullable=True),
)

# What the centre's own log says (ADR 0017).

witness = Table(
    "witness",
    metadata,
    Column("eh", Hash, primary_key=True),
    Column("head", Blob, nullable=False, index=True),  # 10 to 32 bytes: the beginning of a hash
    Column("dev", Id16, nullable=True),  # the machine it was said to come from
    Column("way", Text, nullable=False),
    Column("t_ms", Big, nullable=False),
)

vote = Table(
    "vote",
    metadata,
    Column("eh", Hash, primary_key=True),
    Column("entry", Hash, nullable=False, index=True),
    Column("ruling", Text, nullable=False),  # core.season.ruling.Ruling
    Column("officer", Id16, nullable=False),  # stands for an account
    Column("log_index", Big, nullable=False),
    Column("t_ms", Big, nullable=False),
)

county_review = Table(
    "county_review",
    metadata,
    Column("eh", Hash, primary_key=True),
    Column("app", Id16, nullable=False, index=True),
    Column("claim", Hash, nullable=False),
    Column("decisions", Blob, nullable=False),  # of the school, which it follows; joined
    Column("earlier", Blob, nullable=False),  # hashes, joined
    Column("verdict", Text, nullable=False),  # core.season.county.CountyVerdict
    Column("number", Text, nullable=False, index=True),  # 電腦編號, empty before one is given
    Column("officer", Id16, nullable=False),
    Column("log_index", Big, nullable=False),
    Column("t_ms", Big, nullable=False),
)

VIEWS = (verdict, roster, revision, decision, application, witness, vote, county_review)

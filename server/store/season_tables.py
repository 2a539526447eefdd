"""What staff enter and decide: lists of the season, accounts, audit, freeze, runs. Tables only."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from server.store.column import Big, Hash, Id16, metadata

# --- lists of the season, entered by staff --------------------------------------------------------

import_batch = Table(
    "import_batch",
    metadata,
    Column("id", Big, primary_key=True),
    Column("kind", Text, nullable=False),  # schools, vacancies, calendar, notice, barred
    Column("source", Text, nullable=False),  # file names
    Column("sha256", Hash, nullable=False),  # of the files' hashes, sorted and joined
    Column("rows", Integer, nullable=False),  # written
    Column("by", Text, nullable=False),
    Column("applied_ms", Big, nullable=False),
)

school = Table(
    "school",
    metadata,
    Column("id", Text, primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("county", Text, nullable=False, index=True),
    Column("township", Text, nullable=False),
    Column("marks", Text, nullable=False),  # JSON array of [mark, since, until or null]
    Column("delegated", Boolean, nullable=False),
    Column("entered", Boolean, nullable=False),  # by hand: lists do not overrule name and place
    Column("import_batch", Big, ForeignKey("import_batch.id"), nullable=True),
)

vacancy = Table(
    "vacancy",
    metadata,
    Column("season", Text, primary_key=True),
    Column("school", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("refill", Boolean, nullable=False),
    Column("import_batch", Big, ForeignKey("import_batch.id"), nullable=True),
)

# Who may not apply (管制名單). Nobody is named: ``person`` is a keyed hash of the national number.
barred = Table(
    "barred",
    metadata,
    Column("person", Id16, primary_key=True),
    Column("ground", Text, primary_key=True),  # core.rules.barred
    Column("since", Text, primary_key=True),  # ISO date
    Column("until", Text, nullable=True),  # the first day that is free again
    Column("county", Text, nullable=False),  # who entered it
    Column("masked", Text, nullable=False),  # A12****789, for people who look at the list
    Column("source", Text, nullable=False),
    Column("import_batch", Big, ForeignKey("import_batch.id"), nullable=False),
)

past_result = Table(
    "past_result",
    metadata,
    Column("season", Integer, primary_key=True, autoincrement=False),
    Column("school", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("vacancies", Integer, nullable=False),
    Column("applicants", Integer, nullable=True),  # null: the source does not say
    Column("moved", Integer, nullable=True),
    Column("lowest", Integer, nullable=True),  # hundredths
    Column("source", Text, nullable=False),
    Column("as_of", Text, nullable=False),  # ISO date
    Column("import_batch", Big, ForeignKey("import_batch.id"), nullable=True),
)

phase = Table(
    "phase",
    metadata,
    Column("season", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("opens_ms", Big, nullable=False),
    Column("closes_ms", Big, nullable=False),
)

# --- staff ----------------------------------------------------------------------------------------

account = Table(
    "account",
    metadata,
    Column("login", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("county", Text, nullable=True),  # null: the whole country
    Column("verifier", LargeBinary, nullable=False),  # Argon2id
    Column("salt", LargeBinary, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("locked_until_ms", Big, nullable=False),
    Column("created_ms", Big, nullable=False),
    Column("disabled_ms", Big, nullable=True),
)

console_session = Table(
    "console_session",
    metadata,
    Column("id", Hash, primary_key=True),  # SHA-256 of the cookie
    Column("account", Text, ForeignKey("account.login"), nullable=False),
    Column("created_ms", Big, nullable=False),
    Column("seen_ms", Big, nullable=False),
    Column("ends_ms", Big, nullable=False),
)

# --- every act of staff; append only --------------------------------------------------------------

audit = Table(
    "audit",
    metadata,
    Column("id", Big, primary_key=True),
    Column("t_ms", Big, nullable=False),
    Column("account", Text, nullable=False),  # login, or "system" for the command line
    Column("code", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("before", Text, nullable=True),
    Column("after", Text, nullable=True),
    Column("reason", Text, nullable=True),
)

# --- freeze, run, publish -------------------------------------------------------------------------

freeze = Table(
    "freeze",
    metadata,
    Column("id", Big, primary_key=True),
    Column("season", Text, nullable=False),
    Column("frozen_ms", Big, nullable=False),
    Column("by", Text, nullable=False),  # login, or "os:" and the operating system's account
    Column("early", Boolean, nullable=False),  # before its time, in a demonstration
    Column("log_index", Big, nullable=False),  # last entry of the log that was looked at
    Column("input_root", Hash, nullable=False),
    # By which named rules it was decided (core.season.ruling).
    Column("conflict_rule", Text, nullable=False, server_default="three-steps"),
    Column("doubtful_rule", Text, nullable=False, server_default="block"),
    Column("county_rule", Text, nullable=False, server_default="optional"),
)

freeze_entry = Table(
    "freeze_entry",
    metadata,
    Column("freeze", Big, ForeignKey("freeze.id"), primary_key=True),
    Column("app", Id16, primary_key=True),
    Column("stage", Text, nullable=True),  # null: no payload tells
    Column("revision", Hash, nullable=True),
    Column("decision", Hash, nullable=True),
    Column("county", Hash, nullable=True),  # the county's review that gave the points
    Column("included", Boolean, nullable=False),
    Column("reason", Text, nullable=True),  # code: why not, or why in by exception
    Column("alias", Text, nullable=True),  # T0001 in the matcher's files
    Column("lot", Integer, nullable=True),
)

problem = Table(
    "problem",
    metadata,
    Column("freeze", Big, ForeignKey("freeze.id"), primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("sha256", Hash, nullable=False),
    Column("teachers", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),  # jiepin-problem/1, canonical
)

run = Table(
    "run",
    metadata,
    Column("id", Big, primary_key=True),
    Column("freeze", Big, ForeignKey("freeze.id"), nullable=False),
    Column("stage", Text, nullable=False),
    Column("state", Text, nullable=False),  # running, failed, checked
    Column("by", Text, nullable=False),
    Column("started_ms", Big, nullable=False),
    Column("ended_ms", Big, nullable=True),
    Column("placement_sha256", Hash, nullable=True),
    Column("trace_sha256", Hash, nullable=True),
    Column("placement", LargeBinary, nullable=True),
    Column("trace", LargeBinary, nullable=True),
    Column("explanations", LargeBinary, nullable=True),  # JSON by alias, from the matcher
    Column("check_ok", Boolean, nullable=True),  # the independent check's verdict
    Column("report", Text, nullable=True),  # what the check or the failing matcher said
)

run_approval = Table(
    "run_approval",
    metadata,
    Column("run", Big, ForeignKey("run.id"), primary_key=True),
    Column("account", Text, ForeignKey("account.login"), primary_key=True),
    Column("t_ms", Big, nullable=False),
)

publication = Table(
    "publication",
    metadata,
    Column("freeze", Big, ForeignKey("freeze.id"), primary_key=True),
    Column("stage", Text, primary_key=True),  # one result of a freeze and stage can be published
    Column("run", Big, ForeignKey("run.id"), nullable=False),
    Column("by", Text, nullable=False),
    Column("t_ms", Big, nullable=False),
    Column("notices", Integer, nullable=False),
)

"""Who may do what on the console. One table; pages and buttons ask it."""

from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """Roles of accounts (DESIGN §5)."""

    COUNTY = "county"
    HOST = "host"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Act(StrEnum):
    """What a page shows or a button does."""

    LOOK = "look"
    REVEAL = "reveal"
    EXPORT = "export"
    FREEZE = "freeze"
    RUN = "run"
    APPROVE = "approve"
    PUBLISH = "publish"
    SEE_RUNS = "see_runs"
    SEE_AUDIT = "see_audit"
    DECIDE = "decide"
    WITNESS = "witness"
    TAKE_EVIDENCE = "take_evidence"
    REVIEW = "review"


RIGHTS = MappingProxyType(
    {
        Role.COUNTY: frozenset(
            {Act.LOOK, Act.REVEAL, Act.EXPORT, Act.WITNESS, Act.TAKE_EVIDENCE, Act.REVIEW}
        ),
        # Points are the business of the county of the school, also in the host county.
        Role.HOST: frozenset(Act) - {Act.REVIEW},
        Role.AUDITOR: frozenset(
            {Act.LOOK, Act.EXPORT, Act.SEE_RUNS, Act.SEE_AUDIT, Act.TAKE_EVIDENCE}
        ),
        Role.ADMIN: frozenset({Act.LOOK, Act.SEE_RUNS, Act.SEE_AUDIT}),
    }
)
ROLE_NAMES = MappingProxyType(
    {
        Role.COUNTY: "縣市承辦",
        Role.HOST: "承辦縣市",
        Role.AUDITOR: "稽核",
        Role.ADMIN: "系統管理",
    }
)


def may(role: Role, act: Act) -> bool:
    """Whether the role may do this."""
    return act in RIGHTS[role]


def who_may(act: Act) -> str:
    """The names of the roles that may, for the person who may not."""
    return "、".join(ROLE_NAMES[role] for role in Role if may(role, act))

"""Second factors of staff: cards, codes to enrol them with, sign-ins that are half done.

No statement. Of a card only a verifier is kept (`core.card.proof`): no number, no name.
"""

from sqlalchemy import Column, ForeignKey, Table, Text

from server.store.column import Big, Hash, Id16, metadata

account_card = Table(
    "account_card",
    metadata,
    Column("account", Text, ForeignKey("account.login"), primary_key=True),
    Column("salt", Id16, nullable=False),
    Column("verifier", Hash, nullable=False),
    Column("bound_ms", Big, nullable=False),
)

card_code = Table(
    "card_code",
    metadata,
    Column("account", Text, ForeignKey("account.login"), primary_key=True),
    Column("code_hash", Hash, nullable=False),
    Column("issued_ms", Big, nullable=False),
    Column("ends_ms", Big, nullable=False),
)

# A password was right and a card has to follow; at most one for each account.
half_way = Table(
    "half_way",
    metadata,
    Column("account", Text, ForeignKey("account.login"), primary_key=True),
    Column("id", Hash, nullable=False, unique=True),  # SHA-256 of the cookie
    Column("challenge", Hash, nullable=True),  # null: the next page makes one
    Column("salt", Id16, nullable=False),
    Column("ends_ms", Big, nullable=False),
)

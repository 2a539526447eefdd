"""What every table is made of: one set of tables, and the types of columns in both databases."""

from sqlalchemy import BigInteger, Integer, LargeBinary, MetaData
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Blob(LargeBinary):
    """Bytes as the drivers take and give them; the general type would wrap each value first."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """Nothing to do: both drivers take bytes."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Nothing to do: both drivers give bytes."""


Big = BigInteger().with_variant(Integer(), "sqlite")
Id8 = Blob(8)
Id16 = Blob(16)
Hash = Blob(32)

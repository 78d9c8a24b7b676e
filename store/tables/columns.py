"""Column types that refuse what must not reach the database."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[datetime]):
    """A moment in UTC, whatever zone the session has."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; a naive time is a mistake of ours and is refused."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone reached the store")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware time in UTC."""
        del dialect
        return value.astimezone(UTC) if value else None


def enum_type(kind: type[StrEnum]) -> Enum:
    """Store a word of the design by its value, not by its Python name."""

    def values(members: Any) -> list[str]:
        return [member.value for member in members]

    return Enum(kind, native_enum=False, length=32, values_callable=values)

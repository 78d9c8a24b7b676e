"""Keys of the database's own, sealed by the encryption keys of the settings."""

from sqlmodel import Field, SQLModel


class SealedKeyRow(SQLModel, table=True):
    """Keys under one name. `index` is what phones are looked up by and bodies compared by, `links`
    what links are signed with; `next-index` is there while `index` is being replaced."""

    __tablename__ = "sealed_keys"

    name: str = Field(primary_key=True)
    sealed: str

"""Keys of the database's own, sealed by the encryption keys of the settings."""

from sqlmodel import Field, SQLModel


class SealedKeyRow(SQLModel, table=True):
    """One key. `index` is what phones are looked up by and bodies compared by: made once, and the
    same for ever, while the encryption keys around it are replaced."""

    __tablename__ = "sealed_keys"

    name: str = Field(primary_key=True)
    sealed: str

"""What somebody proves besides the password, and sign-ins that wait for it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.tables.columns import Utc


class SecondFactorRow(SQLModel, table=True):
    """The authenticator app of a user. `secret` is encrypted. `last_step` is the time step of the
    last code that was taken: neither it nor an earlier one is taken again."""

    __tablename__ = "second_factors"

    user_id: str = Field(primary_key=True, foreign_key="users.id")
    secret: str
    last_step: int
    created_at: datetime = Field(sa_type=Utc)


class RecoveryCodeRow(SQLModel, table=True):
    """One code that stands in for the app, once. The code itself is not here: `digest` is keyed."""

    __tablename__ = "recovery_codes"

    digest: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="users.id", index=True)
    created_at: datetime = Field(sa_type=Utc)
    used_at: datetime | None = Field(default=None, sa_type=Utc)


class PendingSignInRow(SQLModel, table=True):
    """A right password whose second factor is still to come. It is no session: all that it lets
    its browser do is prove that. `digest` is the SHA-256 of what the cookie holds."""

    __tablename__ = "pending_sign_ins"

    digest: str = Field(primary_key=True)
    user_id: str = Field(foreign_key="users.id", index=True)
    created_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc, index=True)

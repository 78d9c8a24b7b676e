"""People who sign in to the dashboard, their links and their sessions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column
from sqlmodel import Field, SQLModel

from contracts.access.users import LinkKind, Role
from store.tables.columns import Utc, enum_type

OPS_HAVE_NO_PARTNER = "(role = 'ops') = (partner_id IS NULL)"
"""Who is of ops sees every partner, and is of none; everybody else is of one."""


class UserRow(SQLModel, table=True):
    """Somebody who may sign in. `partner_id` is null for ops and only then.

    `email` is encrypted; `email_index`, keyed, is by what it is found. `password_hash` (argon2id,
    with its parameters) is null until the invitation was accepted. `identity_index`, keyed, is of
    who they are at the identity provider, once they came from there. A removed one keeps its row,
    for the audit log and so that the provider lets them in no more, without its address; one of
    ops with that address's index as `removed_email_index`, until ops invite the address again.
    `email_refused_at` is when a mail server last refused the address for good: nothing more is
    mailed there until they are invited again, or somebody says that it is right.
    """

    __tablename__ = "users"
    __table_args__ = (CheckConstraint(OPS_HAVE_NO_PARTNER, name="ck_users_ops"),)

    id: str = Field(primary_key=True)
    partner_id: str | None = Field(default=None, foreign_key="partners.id", index=True)
    role: Role = Field(sa_column=Column(enum_type(Role), nullable=False))
    name: str
    email: str | None = None
    email_index: str | None = Field(default=None, unique=True)
    password_hash: str | None = None
    identity_index: str | None = Field(default=None, unique=True)
    removed_email_index: str | None = Field(default=None, index=True)
    language: str | None = None
    created_at: datetime = Field(sa_type=Utc)
    created_by: str
    joined_at: datetime | None = Field(default=None, sa_type=Utc)
    last_signed_in_at: datetime | None = Field(default=None, sa_type=Utc)
    removed_at: datetime | None = Field(default=None, sa_type=Utc)
    email_refused_at: datetime | None = Field(default=None, sa_type=Utc)
    email_refused_code: str | None = None


class SignInLinkRow(SQLModel, table=True):
    """A link that works once: an invitation of `user_id`, one to reset their password, or one from
    the portal for `partner_id` with `role` and `name`. The link itself is not here: it is signed,
    not kept."""

    __tablename__ = "sign_in_links"
    __table_args__ = (CheckConstraint(OPS_HAVE_NO_PARTNER, name="ck_sign_in_links_ops"),)

    id: str = Field(primary_key=True)
    kind: LinkKind = Field(sa_column=Column(enum_type(LinkKind), nullable=False))
    user_id: str | None = Field(default=None, foreign_key="users.id", index=True)
    partner_id: str | None = Field(default=None, foreign_key="partners.id")
    role: Role = Field(sa_column=Column(enum_type(Role), nullable=False))
    name: str
    created_at: datetime = Field(sa_type=Utc)
    created_by: str
    expires_at: datetime = Field(sa_type=Utc, index=True)
    language: str | None = None
    used_at: datetime | None = Field(default=None, sa_type=Utc)


class SessionRow(SQLModel, table=True):
    """One sign-in that lasts. `digest` is the SHA-256 of what the cookie holds; `csrf` is what each
    form of the session has to bring. Of a session from the portal, `user_id` is null. `browser` and
    `network` say from where it was used last: what the browser calls itself, in two words, and the
    network without its last part."""

    __tablename__ = "dashboard_sessions"
    __table_args__ = (CheckConstraint(OPS_HAVE_NO_PARTNER, name="ck_dashboard_sessions_ops"),)

    id: str = Field(primary_key=True)
    digest: str = Field(unique=True)
    csrf: str
    user_id: str | None = Field(default=None, foreign_key="users.id", index=True)
    partner_id: str | None = Field(default=None, foreign_key="partners.id")
    role: Role = Field(sa_column=Column(enum_type(Role), nullable=False))
    name: str
    language: str | None = None
    created_at: datetime = Field(sa_type=Utc)
    seen_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc, index=True)
    browser: str | None = None
    network: str | None = None


class PasswordResetRequestRow(SQLModel, table=True):
    """Somebody asked to reset the password of an address (keyed), which somebody may have or not.
    It is gone once the worker has seen to it. `for_ops` says whether people of ops have passwords
    where it was asked for."""

    __tablename__ = "password_reset_requests"

    email_index: str = Field(primary_key=True)
    created_at: datetime = Field(sa_type=Utc, index=True)
    for_ops: bool


class IdentityRequestRow(SQLModel, table=True):
    """A sign-in at the identity provider that has begun and was not answered. `digest` is of what
    the browser's cookie holds."""

    __tablename__ = "identity_requests"

    digest: str = Field(primary_key=True)
    expires_at: datetime = Field(sa_type=Utc, index=True)


class LoginThrottleRow(SQLModel, table=True):
    """Wrong passwords in a while: of one address (keyed), or from one client."""

    __tablename__ = "login_throttles"

    key: str = Field(primary_key=True)
    failures: int
    since: datetime = Field(sa_type=Utc, index=True)

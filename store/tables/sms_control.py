"""What keeps texts back: stops, and customers who opted out."""

from datetime import datetime

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from contracts.delivery.states import OptOutSource
from store.tables.columns import Utc, enum_type

_IN_FORCE = text("lifted_at IS NULL")


class SmsSuspensionRow(SQLModel, table=True):
    """While a stop is in force, the texts in its scope are held.

    `scope` is `all`, `partner/<id>`, `account`, `sender/<sender>` or
    `route/<sender>/<country code>`. Those that Doorstep made itself (`made_by` is `doorstep`) have
    a `probe_at`: from then on one text finds out whether it is mended. `by_callback`: Twilio takes
    such texts and fails to send them, so that only the news of one that was sent mends it.
    """

    __tablename__ = "sms_suspensions"
    __table_args__ = (
        Index(
            "uq_sms_suspensions_scope",
            "scope",
            unique=True,
            postgresql_where=_IN_FORCE,
        ),
    )

    id: str = Field(primary_key=True)
    scope: str
    partner_id: str | None = Field(default=None, foreign_key="partners.id")
    reason: str
    code: str | None = None
    made_by: str
    by_callback: bool = False
    created_at: datetime = Field(sa_type=Utc)
    probe_at: datetime | None = Field(default=None, sa_type=Utc)
    lifted_at: datetime | None = Field(default=None, sa_type=Utc)
    lifted_by: str | None = None


class OptOutRow(SQLModel, table=True):
    """A customer who wants no texts of a partner. The phone is there as its keyed index, and
    masked for people; it stays when the customer's data is erased, for the wish outlives it."""

    __tablename__ = "sms_opt_outs"
    __table_args__ = (
        Index(
            "uq_sms_opt_outs_phone",
            "partner_id",
            "phone_index",
            unique=True,
            postgresql_where=_IN_FORCE,
        ),
        Index(
            "ix_sms_opt_outs_listed",
            "partner_id",
            "id",
            postgresql_where=_IN_FORCE,
        ),
    )

    id: str = Field(primary_key=True)
    partner_id: str = Field(foreign_key="partners.id")
    phone_index: str
    phone_masked: str
    source: OptOutSource = Field(sa_column=Column(enum_type(OptOutSource), nullable=False))
    created_at: datetime = Field(sa_type=Utc)
    lifted_at: datetime | None = Field(default=None, sa_type=Utc)


class OptOutLinkRow(SQLModel, table=True):
    """The link in a text that lets its receiver opt out. `token` is a keyed digest of partner and
    phone, so that nobody can make one, and the same customer always has the same link. `used_at` is
    about when the last text had it."""

    __tablename__ = "sms_opt_out_links"

    token: str = Field(primary_key=True)
    partner_id: str = Field(foreign_key="partners.id")
    phone_index: str = Field(index=True)
    phone_masked: str
    used_at: datetime = Field(sa_type=Utc, index=True)


class PhoneCheckRow(SQLModel, table=True):
    """A phone that somebody says is the shop owner's, until they have typed the code that was
    texted to it (by `event_id`, a test text). The phone is encrypted, `code_digest` keyed."""

    __tablename__ = "phone_checks"

    partner_id: str = Field(primary_key=True, foreign_key="partners.id")
    phone: str
    code_digest: str
    event_id: str
    attempts_left: int
    created_at: datetime = Field(sa_type=Utc)
    expires_at: datetime = Field(sa_type=Utc)

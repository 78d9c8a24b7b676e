"""Endpoints: settings, circuit breaker, limits; and their signing secrets."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from contracts.delivery.states import EndpointState
from contracts.endpoints.rate_limit import MOST_IN_FLIGHT
from contracts.payload.payload import SCHEMA_VERSION
from store.tables.columns import Utc, enum_type

_BREAKER_OPEN = text("opened_at IS NOT NULL")
_TO_RECOVER = text("recover_since IS NOT NULL")
_NOT_REMOVED = text("removed_at IS NULL")


class EndpointRow(SQLModel, table=True):
    """One URL of a partner. `event_types` null means every type; `removed_at` hides it for good.

    `url_key` is the URL as it is compared: a partner has each once among those not removed.

    `custom_headers` are encrypted; their names stand beside them in clear. `failures_in_row` to
    `last_failed_at` are the circuit breaker (`contracts/endpoints/circuit_breaker.py`), changed in
    the attempt's own transaction; `mended_at` is when somebody last switched it on or moved it,
    or when a test event closed its breaker: attempts that began before say nothing of it
    any more. `told_down_since` is set while people know that it fails or is off, as of then, until
    they are told that it answers again. `recover_since` is set when the breaker
    has closed and what was held or died since then is to be sent again by itself; `recovery_rate`
    is how many a second a recovery sends. `ordered`: within one order a later event waits until the
    earlier ones have ended.

    At most `in_flight_limit` attempts at once and `rate_limit` a second (null: no limit);
    `rate_used_until` is how far the rate is used up (`contracts/endpoints/rate_limit.py`),
    `has_waiting` says that deliveries may wait. `not_before`, `slowed_limit` and `refusals` are how
    it is slowed down after it asked us to wait (`contracts/endpoints/slowdown.py`).
    """

    __tablename__ = "endpoints"
    __table_args__ = (
        Index(
            "ix_endpoints_open",
            "probe_at",
            postgresql_where=_BREAKER_OPEN,
        ),
        Index(
            "ix_endpoints_to_recover",
            "recover_since",
            postgresql_where=_TO_RECOVER,
        ),
        Index(
            "uq_endpoints_url",
            "partner_id",
            "url_key",
            unique=True,
            postgresql_where=_NOT_REMOVED,
        ),
        {"postgresql_with": {"fillfactor": 50}},
    )

    id: str = Field(primary_key=True)
    partner_id: str = Field(foreign_key="partners.id", index=True)
    url: str
    url_key: str | None = None
    description: str | None = None
    event_types: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    custom_headers: str | None = None
    custom_header_names: list[str] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    state: EndpointState = Field(
        default=EndpointState.ENABLED,
        sa_column=Column(enum_type(EndpointState), nullable=False),
    )
    state_reason: str | None = None
    schema_version: str = SCHEMA_VERSION
    failures_in_row: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    failing_since: datetime | None = Field(default=None, sa_type=Utc)
    opened_at: datetime | None = Field(default=None, sa_type=Utc)
    probe_at: datetime | None = Field(default=None, sa_type=Utc)
    probes_failed: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    last_failed_at: datetime | None = Field(default=None, sa_type=Utc)
    mended_at: datetime | None = Field(default=None, sa_type=Utc)
    told_down_since: datetime | None = Field(default=None, sa_type=Utc)
    recover_since: datetime | None = Field(default=None, sa_type=Utc)
    auto_recover: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    recovery_rate: int = Field(default=10, sa_column_kwargs={"server_default": text("10")})
    ordered: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    in_flight_limit: int = Field(
        default=MOST_IN_FLIGHT, sa_column_kwargs={"server_default": text(str(MOST_IN_FLIGHT))}
    )
    rate_limit: float | None = None
    rate_used_until: datetime | None = Field(default=None, sa_type=Utc)
    has_waiting: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    not_before: datetime | None = Field(default=None, sa_type=Utc)
    slowed_limit: int | None = None
    refusals: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    created_at: datetime = Field(sa_type=Utc)
    removed_at: datetime | None = Field(default=None, sa_type=Utc)


class EndpointSecretRow(SQLModel, table=True):
    """A signing secret, encrypted. During a rotation an endpoint has two until the older one
    expires."""

    __tablename__ = "endpoint_secrets"

    id: str = Field(primary_key=True)
    endpoint_id: str = Field(foreign_key="endpoints.id", index=True)
    secret: str
    created_at: datetime = Field(sa_type=Utc)
    expires_at: datetime | None = Field(default=None, sa_type=Utc)

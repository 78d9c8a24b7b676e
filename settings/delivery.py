"""How webhooks are delivered, what is kept for how long, and where our own webhooks go."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from contracts.delivery.retention import KeptFor
from contracts.delivery.retry import DEFAULT_DELAYS_S, RetrySchedule
from contracts.endpoints.url import checked_url
from contracts.instructions.posts import OmsWebhook
from contracts.notifications.webhooks import OpsWebhook
from contracts.payload.signature import secret_key
from contracts.redis_url import REDIS_OPTIONS, is_redis_url
from settings.group import Networks, SettingsGroup


class DeliverySettings(SettingsGroup):
    """Attempts, the worker, retention, Redis, and the webhooks of ops and of the OMS."""

    retry_delays: Annotated[tuple[float, ...], NoDecode] = Field(
        default=DEFAULT_DELAYS_S,
        min_length=1,
        max_length=20,
        description="seconds to wait after each failed attempt, separated by commas",
    )
    time_scale: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="compresses the retry schedule, and with it the times of the circuit breaker, "
        "for demonstrations; 1 in real life",
    )
    allowed_networks: Networks = Field(
        default=(),
        description="networks besides the public internet that webhooks may reach, by commas; "
        "development lists 127.0.0.0/8",
    )
    ca_file: Path | None = Field(
        default=None,
        description="more certificate authorities that partners' endpoints, the mail server and "
        "the identity provider may use",
    )
    activity_slots: int = Field(
        default=1_000, ge=1, description="attempts that one worker has under way at once"
    )
    worker_build_id: str | None = Field(
        default=None,
        description="turns on Temporal's worker versioning under this build id; see the runbook",
    )
    retention_days: int = Field(
        default=30,
        ge=1,
        description="days that payloads and personal data are kept; a partner may have its own",
    )
    row_retention_days: int = Field(
        default=400,
        ge=30,
        description="days that rows are kept: events with all that hangs on them, audit entries; "
        "a partner whose personal data is kept for longer keeps its rows as long",
    )
    retention_every: float = Field(
        default=60.0,
        ge=1,
        description="seconds between two rounds that erase what has ended",
    )
    redis_url: SecretStr | None = Field(
        default=None,
        description="a Redis that dead letters are mirrored to, redis://… or rediss://…; "
        "without it nowhere",
    )
    redis_stream_length: int = Field(
        default=100_000,
        ge=1_000,
        description="entries that the stream of dead letters keeps in Redis, about",
    )
    ops_webhook_url: str | None = Field(
        default=None,
        description="where programs of ops are told, by a signed webhook, of endpoints that fail "
        "or were switched off, and of what waits",
    )
    ops_webhook_secret: SecretStr | None = Field(
        default=None, description="the secret that signs it: whsec_ and base64 of 24 to 64 bytes"
    )
    notification_wait: float = Field(
        default=30.0,
        ge=0,
        le=600,
        description="seconds that a notification of an endpoint waits for others to go with it, "
        "or for its all-clear, which makes it needless; the all-clear itself has to last 20 times "
        "as long",
    )
    oms_webhook_url: str | None = Field(
        default=None,
        description="where the OMS takes instructions after failed deliveries, by a signed "
        "webhook; without it they are only in the feed",
    )
    oms_webhook_secret: SecretStr | None = Field(
        default=None,
        description="the secret that signs instructions: whsec_ and base64 of 24 to 64 bytes",
    )

    @field_validator("redis_url")
    @classmethod
    def _usable_redis(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_redis_url(value.get_secret_value()):
            raise ValueError(
                "use redis://user:password@host:6379/0 or rediss://… for TLS; behind it only "
                f"{', '.join(REDIS_OPTIONS)}"
            )
        return value

    @field_validator("ops_webhook_url", "oms_webhook_url")
    @classmethod
    def _usable_ops_webhook(cls, value: str | None) -> str | None:
        return checked_url(value) if value is not None else None

    @field_validator("ops_webhook_secret", "oms_webhook_secret")
    @classmethod
    def _usable_ops_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            secret_key(value.get_secret_value())
        return value

    @field_validator("retry_delays", mode="before")
    @classmethod
    def _split_delays(cls, value: Any) -> Any:
        return value.split(",") if isinstance(value, str) else value

    @field_validator("retry_delays")
    @classmethod
    def _positive_delays(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if any(not 0 < delay <= 86_400 for delay in value):
            raise ValueError("each delay is more than 0 and at most 86400 seconds")
        return value

    @property
    def retry_schedule(self) -> RetrySchedule:
        """The schedule as new workflows get it, compressed where that is asked for."""
        return RetrySchedule(self.retry_delays).scaled(self.time_scale)

    @property
    def ops_webhook(self) -> OpsWebhook | None:
        """Where programs of ops are told what goes wrong; None: nowhere."""
        if self.ops_webhook_url is None or self.ops_webhook_secret is None:
            return None
        return OpsWebhook(self.ops_webhook_url, self.ops_webhook_secret.get_secret_value())

    @property
    def oms_webhook(self) -> OmsWebhook | None:
        """Where the OMS takes instructions; None: nowhere, it reads the feed."""
        if self.oms_webhook_url is None or self.oms_webhook_secret is None:
            return None
        return OmsWebhook(self.oms_webhook_url, self.oms_webhook_secret.get_secret_value())

    @property
    def kept_for(self) -> KeptFor:
        """How long personal data and rows are kept."""
        days = (self.retention_days, self.row_retention_days)
        return KeptFor(*(timedelta(days=one) for one in days))

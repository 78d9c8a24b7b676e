"""Every setting, read from the environment, by the composition roots only.

`DOORSTEP_…` are ours, `TWILIO_…` the account's; `TEMPORAL_…` are read by the Temporal SDK's own
environment configuration. `.env.example` lists them all; a test holds the two together.
"""

import difflib
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from temporalio.envconfig import ClientConfigProfile

from contracts.access.identity_provider import (
    CALLBACK_PATH,
    DEFAULT_OPS_CLAIM,
    DEFAULT_SCOPES,
    IdentityProvider,
    IdentityRules,
    OidcAudience,
    OpsSignIn,
)
from contracts.access.second_factor import SecondFactorRule
from contracts.brand import (
    LONGEST_NAME,
    PRODUCT,
    Brand,
    is_help_address,
    logo_address,
    logo_in,
)
from contracts.colours import is_colour
from contracts.delivery.retention import KeptFor
from contracts.delivery.retry import DEFAULT_DELAYS_S, RetrySchedule
from contracts.endpoints.url import checked_url
from contracts.errors import ConfigurationError, Invalid
from contracts.instructions.posts import OmsWebhook
from contracts.notifications.mail_server import (
    USUAL_PORTS,
    MailServer,
    MailTls,
    is_host,
    is_this_machine,
    read_sender,
)
from contracts.notifications.webhooks import OpsWebhook
from contracts.origin import is_issuer, is_origin
from contracts.payload.faults import words_of
from contracts.payload.signature import secret_key
from contracts.redis_url import REDIS_OPTIONS, is_redis_url
from contracts.sms.rules import TextRules
from contracts.tracking.logos import read_logo
from store.db.embedded import embedded_url

_PREFIX = "DOORSTEP_"
_OF_A_SERVICE = re.compile(r"\w+_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)")
_ADDRESS_OF_A_SERVICE = re.compile(r"(tcp|udp|sctp)://\S+")
"""What Kubernetes sets in every pod for each Service of its namespace: a Service `doorstep-api` has
a DOORSTEP_API_PORT of its own, which is an address and no port."""

_TOGETHER = (
    ("ops_webhook_url", "ops_webhook_secret"),
    ("oms_webhook_url", "oms_webhook_secret"),
    ("smtp_host", "mail_from"),
    ("smtp_username", "smtp_password"),
)
"""Settings of which one means nothing without the other."""

_DATABASES = ("postgresql", "postgresql+psycopg")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Settings(BaseSettings):
    """What an operator can set. Times are in seconds."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_ignore_empty=True,
        hide_input_in_errors=True,
        frozen=True,
        validate_default=False,
    )

    data_dir: Path = Field(
        default=Path(".doorstep"), description="where the embedded database and server keep files"
    )
    database_url: str | None = Field(
        default=None,
        description="a PostgreSQL, postgresql+psycopg://user:password@host/name; without it an "
        "embedded one that `doorstep up` runs in data_dir",
    )
    encryption_keys: SecretStr | None = Field(
        default=None,
        description="keys for data at rest, id:base64 by commas: the first encrypts, all decrypt; "
        "the embedded database makes its own",
    )
    operator_key: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="the operator's API key; `doorstep up` makes one in data_dir if there is none",
    )
    api_host: str = Field(
        default="127.0.0.1", description="address that the API and all metrics listen on"
    )
    api_port: int = Field(default=8080, ge=1, le=65535, description="port of the API")
    api_url: str | None = Field(
        default=None,
        description="where the command line asks the API; without it on this machine, at that port",
    )
    api_key: SecretStr | None = Field(
        default=None,
        description="the key that the command line asks with, the operator's or a partner's; "
        "without it the operator's",
    )
    proxies: Annotated[tuple[Network, ...], NoDecode] = Field(
        default=(),
        description="networks of the proxies in front of the API, by commas, besides this machine: "
        "their word on who a client is counts, for the guard against guessing passwords",
    )
    oms_rate_limit: int = Field(
        default=60_000,
        ge=1,
        description="requests a minute that a key of scope oms may make, in each API process",
    )
    ops_rate_limit: int = Field(
        default=6_000,
        ge=1,
        description="requests a minute that a key of scope ops may make, in each API process",
    )
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
    allowed_networks: Annotated[tuple[Network, ...], NoDecode] = Field(
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
    postgres_port: int = Field(
        default=5433, ge=1, le=65535, description="port of the embedded PostgreSQL"
    )
    temporal_port: int = Field(
        default=7233, ge=1, le=65535, description="port of the embedded Temporal server"
    )
    temporal_ui_port: int = Field(
        default=8233, ge=1, le=65535, description="port of the embedded Temporal UI"
    )
    temporal_ui_url: str | None = Field(
        default=None,
        description="where ops reach the Temporal UI, for links on the dashboard; without it the "
        "embedded one's, or none",
    )
    runbook_url: str | None = Field(
        default=None,
        description="where ops read docs/runbook.md as a page, for links on the dashboard",
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
    api_metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="port where the API serves its metrics; without it nowhere",
    )
    worker_metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="port where the worker serves its metrics and its health; without it nowhere",
    )
    sdk_metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="port where the worker's Temporal SDK serves its own; without it nowhere",
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
    log_level: str = Field(
        default="INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="DEBUG, INFO, WARNING or ERROR",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="text or json: how a line of the log is written",
    )
    public_url: str | None = Field(
        default=None,
        description="where Twilio and customers reach the API from outside; without it texts have "
        "no status callbacks, no opt-out links and no tracking pages",
    )
    brand_name: str = Field(
        default=PRODUCT,
        min_length=1,
        max_length=LONGEST_NAME,
        description="whose dashboard it is: the name in its header, its titles and at its sign-in",
    )
    brand_logo: str | None = Field(
        default=None,
        description="the logo there: a PNG, JPEG or WebP file, a data:image/…;base64, address, or "
        "an https:// address; without it Doorstep's",
    )
    brand_colour: str | None = Field(
        default=None,
        description="the colour of its links and buttons, such as #0b6e5f; it is darkened, or in "
        "the dark lightened, until it is readable",
    )
    brand_help: str | None = Field(
        default=None,
        description="where people find help: an https:// address, or mailto: and an address; "
        "linked at the sign-in and in the menu of an account",
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="the company's identity provider (OpenID Connect), its issuer as it writes "
        "itself; without it everybody signs in with a password",
    )
    oidc_client_id: str | None = Field(
        default=None, min_length=1, description="what the provider calls Doorstep"
    )
    oidc_client_secret: SecretStr | None = Field(
        default=None, min_length=1, description="the secret that it gave for that"
    )
    oidc_scopes: str = Field(
        default=DEFAULT_SCOPES,
        description="what the provider is asked for, by spaces; many need one more for groups",
    )
    oidc_ops_claim: str = Field(
        default=DEFAULT_OPS_CLAIM,
        min_length=1,
        description="the claim that says who is of ops; a dot leads into a claim, as in "
        "realm_access.roles",
    )
    oidc_ops_value: str | None = Field(
        default=None,
        min_length=1,
        description="the value that the claim is or lists for ops: they need no invitation, and "
        "nobody else comes in as ops; without it those who were invited do",
    )
    oidc_for: OidcAudience = Field(
        default=OidcAudience.OPS,
        description="ops or everyone: whether partners' people may sign in by the provider, too",
    )
    ops_sign_in: OpsSignIn = Field(
        default=OpsSignIn.BOTH,
        description="password, oidc or both: how people of ops sign in",
    )
    embed_origin: str | None = Field(
        default=None,
        description="the one origin, such as the merchant portal's, whose pages may show the "
        "dashboard in a frame; without it none may",
    )
    second_factor: SecondFactorRule = Field(
        default=SecondFactorRule.OPTIONAL,
        description="optional, ops or everyone: whose sign-in with a password needs a code of an "
        "authenticator app, too; whoever has set one up is always asked for it",
    )
    sms_most_parts: int = Field(
        default=4, ge=1, le=10, description="parts that one text may be sent in; each is paid for"
    )
    sms_longest_value: int = Field(
        default=30,
        ge=10,
        le=60,
        description="characters that one variable of a text may fill, as DLT allows",
    )
    sms_daily_cap: int = Field(
        default=20_000, ge=1, description="texts a day for a partner without a cap of its own"
    )
    test_text_countries: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("IN",),
        description="countries (ISO 3166, by commas) that shops may send test texts to; customers "
        "are texted wherever they are",
    )
    twilio_account_sid: str | None = Field(
        default=None,
        validation_alias="TWILIO_ACCOUNT_SID",
        description="the Twilio account; without it no text is sent and `doorstep doctor` says so",
    )
    twilio_auth_token: SecretStr | None = Field(
        default=None, validation_alias="TWILIO_AUTH_TOKEN", description="its auth token"
    )
    twilio_webhook_secret: SecretStr | None = Field(
        default=None,
        validation_alias="TWILIO_WEBHOOK_SECRET",
        description="the secret of the shared key that signs status callbacks with HMAC-SHA256; "
        "without it the auth token does",
    )
    twilio_sender: str | None = Field(
        default=None,
        validation_alias="TWILIO_SENDER",
        description="who sends for partners without a sender of their own: a number, a registered "
        "header, or a messaging service (MG…)",
    )
    twilio_base_url: str | None = Field(
        default=None,
        validation_alias="TWILIO_BASE_URL",
        description="another address for Twilio's API, such as the sandbox's",
    )

    smtp_host: str | None = Field(
        default=None,
        description="the mail server that e-mail is handed to; without it none is sent, and links "
        "to sign in are shown instead",
    )
    smtp_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="its port; without it 587, or 465 with DOORSTEP_SMTP_TLS=implicit",
    )
    smtp_username: str | None = Field(
        default=None, min_length=1, description="whom to sign in as there; without it nobody"
    )
    smtp_password: SecretStr | None = Field(default=None, description="the password for that")
    smtp_tls: MailTls = Field(
        default=MailTls.STARTTLS,
        description="starttls, implicit (TLS from the start) or none, which is for a mail server "
        "on this machine only",
    )
    smtp_timeout: float = Field(
        default=30.0,
        ge=1,
        le=60,
        description="seconds that the mail server may take for everything up to an e-mail's body",
    )
    smtp_answer_timeout: float = Field(
        default=120.0,
        ge=1,
        le=300,
        description="seconds that it may take to answer the body; an e-mail without an answer by "
        "then may have been sent, and is not sent again",
    )
    mail_from: str | None = Field(
        default=None,
        description="the sender of e-mail: an address, or a name and an address in < >; without "
        "a name DOORSTEP_BRAND_NAME is it",
    )

    @model_validator(mode="before")
    @classmethod
    def _leave_services_out(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in values.items()
            if not (name.endswith("_port") and _ADDRESS_OF_A_SERVICE.fullmatch(str(value)))
        }

    @field_validator("database_url")
    @classmethod
    def _usable_database(cls, value: str | None) -> str | None:
        try:
            usable = value is None or make_url(value).drivername in _DATABASES
        except (ArgumentError, ValueError):
            usable = False
        if not usable:
            raise ValueError("use postgresql+psycopg://user:password@host/name")
        return value

    @field_validator("redis_url")
    @classmethod
    def _usable_redis(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_redis_url(value.get_secret_value()):
            raise ValueError(
                "use redis://user:password@host:6379/0 or rediss://… for TLS; behind it only "
                f"{', '.join(REDIS_OPTIONS)}"
            )
        return value

    @field_validator("temporal_ui_url", "runbook_url", "api_url")
    @classmethod
    def _a_web_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s?#]+", value):
            raise ValueError("use http://host:port or https://host/path")
        return value.removesuffix("/") if value is not None else None

    @field_validator("brand_colour")
    @classmethod
    def _a_colour(cls, value: str | None) -> str | None:
        if value is not None and not is_colour(value.lower()):
            raise ValueError("use # and six of 0-9 and a-f, such as #0b6e5f")
        return value.lower() if value is not None else None

    @field_validator("brand_help")
    @classmethod
    def _help(cls, value: str | None) -> str | None:
        if value is not None and not is_help_address(value):
            raise ValueError("use https://host/path or mailto:help@example.com")
        return value

    @field_validator("public_url", "embed_origin")
    @classmethod
    def _reachable_address(cls, value: str | None) -> str | None:
        stripped = value.strip().removesuffix("/") if value is not None else None
        if stripped is not None and not is_origin(stripped):
            raise ValueError(
                "use https://host or https://host:port, without a path and without an underscore; "
                "http:// is for loopback only"
            )
        return stripped

    @field_validator("oidc_issuer")
    @classmethod
    def _an_issuer(cls, value: str | None) -> str | None:
        if value is not None and not is_issuer(value):
            raise ValueError(
                "use https://host or https://host/path, exactly as the provider writes itself; "
                "http:// is for loopback only"
            )
        return value

    @field_validator("oidc_scopes")
    @classmethod
    def _with_openid(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError("name openid among them")
        return " ".join(value.split())

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

    @field_validator("smtp_host")
    @classmethod
    def _a_host(cls, value: str | None) -> str | None:
        if value is not None and not is_host(value):
            raise ValueError("use a host's name or address, such as smtp.example.com")
        return value

    @field_validator("mail_from")
    @classmethod
    def _a_sender(cls, value: str | None) -> str | None:
        if value is not None:
            read_sender(value)
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

    @field_validator("allowed_networks", "proxies", mode="before")
    @classmethod
    def _split_networks(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",")] if isinstance(value, str) else value

    @field_validator("test_text_countries", mode="before")
    @classmethod
    def _split_countries(cls, value: Any) -> Any:
        return (
            [part.strip().upper() for part in value.split(",")] if isinstance(value, str) else value
        )

    @field_validator("test_text_countries")
    @classmethod
    def _known_countries(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not re.fullmatch(r"[A-Z]{2}", country) for country in value):
            raise ValueError("use countries' two letters by commas, such as IN,AE")
        return value

    @property
    def store_url(self) -> str:
        """The database to use."""
        return self.database_url or embedded_url(self.data_dir, self.postgres_port)

    @property
    def key_source(self) -> tuple[str | None, Path | None]:
        """The encryption keys as they are set, and the folder that the embedded database keeps
        its own in; None for every other database."""
        keys = self.encryption_keys.get_secret_value() if self.encryption_keys else None
        return keys, self.data_dir if self.database_url is None else None

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
    def mail_server(self) -> MailServer | None:
        """Where e-mail is handed in, and as whom; None: none is sent."""
        if self.smtp_host is None or self.mail_from is None:
            return None
        sender, password = read_sender(self.mail_from), self.smtp_password
        return MailServer(
            host=self.smtp_host,
            port=self.smtp_port or USUAL_PORTS[self.smtp_tls],
            tls=self.smtp_tls,
            sender=Address(sender.display_name or self.brand_name, addr_spec=sender.addr_spec),
            username=self.smtp_username,
            password=password.get_secret_value() if password else None,
            time_limit_s=self.smtp_timeout,
            answer_limit_s=self.smtp_answer_timeout,
        )

    @property
    def oms_webhook(self) -> OmsWebhook | None:
        """Where the OMS takes instructions; None: nowhere, it reads the feed."""
        if self.oms_webhook_url is None or self.oms_webhook_secret is None:
            return None
        return OmsWebhook(self.oms_webhook_url, self.oms_webhook_secret.get_secret_value())

    @property
    def identity_provider(self) -> IdentityProvider | None:
        """The company's identity provider; None: nobody signs in by one."""
        secret, client_id = self.oidc_client_secret, self.oidc_client_id
        if self.oidc_issuer is None or client_id is None or secret is None:
            return None
        return IdentityProvider(
            issuer=self.oidc_issuer,
            client_id=client_id,
            client_secret=secret.get_secret_value(),
            redirect_uri=f"{self.public_url}{CALLBACK_PATH}",
            scopes=self.oidc_scopes,
            rules=IdentityRules(
                ops_claim=self.oidc_ops_claim,
                ops_value=self.oidc_ops_value,
                for_ops=self.ops_sign_in is not OpsSignIn.PASSWORD,
                for_partners=self.oidc_for is OidcAudience.EVERYONE,
            ),
        )

    @property
    def brand(self) -> Brand:
        """In whose name the dashboard is shown. ConfigurationError where its logo is unfit."""
        brand = Brand(self.brand_name, colour=self.brand_colour, help_address=self.brand_help)
        logo = self.brand_logo
        try:
            if logo is None:
                return brand
            if logo.startswith("https://"):
                return replace(brand, logo_address=logo_address(logo))
            if logo.startswith("data:"):
                return replace(brand, logo=logo_in(logo))
            return replace(brand, logo=read_logo(Path(logo).read_bytes()))
        except (Invalid, OSError) as error:
            raise ConfigurationError(f"{_variable(('brand_logo',))}: {error}") from None

    @property
    def kept_for(self) -> KeptFor:
        """How long personal data and rows are kept."""
        days = (self.retention_days, self.row_retention_days)
        return KeptFor(*(timedelta(days=one) for one in days))

    @property
    def text_rules(self) -> TextRules:
        """What is set about texts."""
        return TextRules(
            longest_value=self.sms_longest_value,
            most_parts=self.sms_most_parts,
            daily_cap=self.sms_daily_cap,
            public_url=self.public_url,
            default_sender=self.twilio_sender,
            test_countries=frozenset(self.test_text_countries),
        )


def load_settings() -> Settings:
    """Read the environment. ConfigurationError names each wrong variable in one line."""
    _refuse_unknown_names()
    try:
        settings = Settings()
    except ValidationError as error:
        faults = [
            f"{_variable(line['loc'])}: {words_of(line)}"
            for line in error.errors(include_url=False, include_input=False)
        ]
        raise ConfigurationError("; ".join(faults)) from None
    for fields in _TOGETHER:
        _refuse_half(settings, fields)
    _refuse_rows_that_go_first(settings)
    _refuse_frames_without_tls(settings)
    _refuse_unfit_mail(settings)
    _refuse_half_a_provider(settings)
    return settings


def temporal_options(settings: Settings) -> dict[str, Any]:
    """How to connect to Temporal: TEMPORAL_ADDRESS and the like, else the embedded server."""
    try:
        profile = ClientConfigProfile.load(override_env_vars=_set_variables())
        options = dict(profile.to_client_connect_config())
    except (RuntimeError, ValueError, OSError) as error:
        raise ConfigurationError(f"TEMPORAL_…: {error}") from None
    options.setdefault("target_host", f"127.0.0.1:{settings.temporal_port}")
    return options


def traces_wanted() -> bool:
    """Whether OpenTelemetry's own variables name a collector for traces, which its SDK then reads.
    ConfigurationError where they ask for what we cannot do."""
    values = _set_variables()
    exporter = values.get("OTEL_TRACES_EXPORTER", "otlp")
    endpoint = _otlp(values, "ENDPOINT")
    is_off = values.get("OTEL_SDK_DISABLED", "").strip().lower() == "true" or exporter == "none"
    if is_off or endpoint is None:
        return False
    if exporter != "otlp":
        raise ConfigurationError("OTEL_TRACES_EXPORTER: use otlp or none")
    if _otlp(values, "PROTOCOL") not in (None, "http/protobuf"):
        raise ConfigurationError("OTEL_EXPORTER_OTLP_PROTOCOL: use http/protobuf, on port 4318")
    if not re.fullmatch(r"https?://[^\s?#]+", endpoint):
        raise ConfigurationError("OTEL_EXPORTER_OTLP_ENDPOINT: use http://host:4318 or https://…")
    return True


def _otlp(values: Mapping[str, str], what: str) -> str | None:
    """A variable of the exporter, for traces or for all that it exports."""
    own = values.get(f"OTEL_EXPORTER_OTLP_TRACES_{what}")
    return own or values.get(f"OTEL_EXPORTER_OTLP_{what}")


def temporal_ui(settings: Settings) -> str | None:
    """Where the Temporal UI shows our namespace; None where nobody has said where it is."""
    options, base = temporal_options(settings), settings.temporal_ui_url
    if base is None and options["target_host"] == f"127.0.0.1:{settings.temporal_port}":
        base = f"http://127.0.0.1:{settings.temporal_ui_port}"
    return f"{base}/namespaces/{options.get('namespace', 'default')}" if base else None


def _set_variables() -> dict[str, str]:
    """The environment without empty variables: an empty one counts as not set, as with ours."""
    return {name: value for name, value in os.environ.items() if value}


def variable_names() -> dict[str, str]:
    """Every variable of ours and what it is for."""
    return {
        _variable((name,)): field.description or "" for name, field in Settings.model_fields.items()
    }


def _variable(location: tuple[Any, ...]) -> str:
    name = str(location[0])
    if name.startswith("TWILIO_"):
        return name
    field = Settings.model_fields.get(name)
    alias = field.validation_alias if field else None
    return str(alias) if alias and not isinstance(alias, AliasChoices) else _PREFIX + name.upper()


def _refuse_half(settings: Settings, fields: tuple[str, str]) -> None:
    unset = [_variable((name,)) for name in fields if getattr(settings, name) is None]
    if len(unset) == 1:
        both = " and ".join(_variable((name,)) for name in fields)
        raise ConfigurationError(f"{unset[0]} is not set: set both {both}, or neither")


def _refuse_rows_that_go_first(settings: Settings) -> None:
    personal, rows = (_variable((name,)) for name in ("retention_days", "row_retention_days"))
    if settings.row_retention_days < settings.retention_days:
        raise ConfigurationError(
            f"{rows}: {settings.row_retention_days} days are fewer than the "
            f"{settings.retention_days} of {personal}, and rows go last"
        )


def _refuse_frames_without_tls(settings: Settings) -> None:
    """In another site's frame browsers keep a cookie only if it came over TLS."""
    if settings.embed_origin is not None and not (settings.public_url or "").startswith("https://"):
        raise ConfigurationError(
            f"{_variable(('embed_origin',))}: set {_variable(('public_url',))} to the https:// "
            "address of this dashboard, too"
        )


def _refuse_unfit_mail(settings: Settings) -> None:
    """No password crosses a network in the clear; an e-mail without its link helps nobody."""
    host = settings.smtp_host
    if host is None:
        return
    if settings.smtp_tls is MailTls.NONE and not is_this_machine(host):
        raise ConfigurationError(
            f"{_variable(('smtp_tls',))}: none is for a mail server on this machine only; "
            "use starttls or implicit"
        )
    if settings.public_url is None:
        raise ConfigurationError(
            f"{_variable(('public_url',))} is not set: e-mail has links to the dashboard in it, so "
            f"{_variable(('smtp_host',))} needs it"
        )


def _refuse_half_a_provider(settings: Settings) -> None:
    """The provider sends people back to one address that it was told before."""
    needed = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
    unset = [_variable((name,)) for name in needed if getattr(settings, name) is None]
    if 0 < len(unset) < len(needed):
        names = " and ".join(unset)
        raise ConfigurationError(
            f"{names}: set all of {_PREFIX}OIDC_ISSUER, …_CLIENT_ID and …_CLIENT_SECRET, or none"
        )
    if not unset and settings.public_url is None:
        raise ConfigurationError(
            f"{_variable(('oidc_issuer',))}: set {_variable(('public_url',))}, too: the provider "
            "sends people back there"
        )
    provider, way = settings.identity_provider, _variable(("ops_sign_in",))
    if provider is None and settings.ops_sign_in is OpsSignIn.OIDC:
        raise ConfigurationError(f"{way}: set {_variable(('oidc_issuer',))}, or use password")
    if provider is not None and not (provider.rules.for_ops or provider.rules.for_partners):
        raise ConfigurationError(f"{way}: with password nobody signs in by the provider; use both")


def _refuse_unknown_names() -> None:
    known = variable_names()
    for name, value in os.environ.items():
        if name.startswith(_PREFIX) and name not in known and not _is_of_a_service(name, value):
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise ConfigurationError(f"{name} is not a setting{hint}")


def _is_of_a_service(name: str, value: str) -> bool:
    return bool(
        _OF_A_SERVICE.fullmatch(name)
        or (name.endswith("_PORT") and _ADDRESS_OF_A_SERVICE.fullmatch(value))
    )

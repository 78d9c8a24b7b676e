"""Where Doorstep runs, what it keeps its rows in, and how it is reached."""

import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from settings.group import Networks, Origin, SettingsGroup
from store.db.embedded import embedded_url

ADDRESS_OF_A_SERVICE = re.compile(r"(tcp|udp|sctp)://\S+")
"""What Kubernetes sets in every pod for each Service of its namespace: a Service `doorstep-api` has
a DOORSTEP_API_PORT of its own, which is an address and no port."""

_DATABASES = ("postgresql", "postgresql+psycopg")


class InstallationSettings(SettingsGroup):
    """Addresses, ports, the database, keys and logs."""

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
    proxies: Networks = Field(
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
    log_level: str = Field(
        default="INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="DEBUG, INFO, WARNING or ERROR",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="text or json: how a line of the log is written",
    )
    public_url: Origin = Field(
        default=None,
        description="where Twilio and customers reach the API from outside; without it texts have "
        "no status callbacks, no opt-out links and no tracking pages",
    )

    @model_validator(mode="before")
    @classmethod
    def _leave_services_out(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in values.items()
            if not (name.endswith("_port") and ADDRESS_OF_A_SERVICE.fullmatch(str(value)))
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

    @field_validator("temporal_ui_url", "runbook_url", "api_url")
    @classmethod
    def _a_web_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s?#]+", value):
            raise ValueError("use http://host:port or https://host/path")
        return value.removesuffix("/") if value is not None else None

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

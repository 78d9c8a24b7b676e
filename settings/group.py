"""What every group of settings has in common, and the kinds of values that several have."""

import ipaddress
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from contracts.origin import is_origin

PREFIX = "DOORSTEP_"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsGroup(BaseSettings):
    """Settings that belong together. Times are in seconds."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        hide_input_in_errors=True,
        frozen=True,
        validate_default=False,
    )


def parts_of(value: Any) -> Any:
    """What a setting lists, by commas."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _origin(value: str | None) -> str | None:
    stripped = value.strip().removesuffix("/") if value is not None else None
    if stripped is not None and not is_origin(stripped):
        raise ValueError(
            "use https://host or https://host:port, without a path and without an underscore; "
            "http:// is for loopback only"
        )
    return stripped


Networks = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(parts_of)]
Origin = Annotated[str | None, AfterValidator(_origin)]

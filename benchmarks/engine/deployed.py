"""What docker-compose.temporal.yml gives PostgreSQL and Temporal, for the same on this machine."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
"""The scripts and the dynamic configuration that compose mounts."""

_COMPOSE_FILE = DEPLOY.parent / "docker-compose.temporal.yml"


def environment_of(service: str, instead: Mapping[str, str]) -> dict[str, str]:
    """The environment of a service. `instead` has what is another on this machine: addresses,
    paths, and what compose takes from `.env`; ValueError where something of that is missing."""
    given: dict[str, str] = {**_service(service)["environment"], **instead}
    missing = [name for name, value in given.items() if "${" in value]
    if missing:
        raise ValueError(f"compose takes {', '.join(missing)} of {service} from .env")
    return given


def postgres_options() -> dict[str, str]:
    """What compose sets of PostgreSQL's configuration: `postgres -c name=value …`."""
    words: list[str] = _service("postgres")["command"]
    pairs = [word.partition("=") for word in words if "=" in word]
    return {name: value for name, _, value in pairs}


@cache
def _service(name: str) -> dict[str, Any]:
    services = yaml.safe_load(_COMPOSE_FILE.read_text(encoding="utf-8"))["services"]
    found: dict[str, Any] = services[name]
    return found

"""The settings, as the environment has them."""

import difflib
import os
from typing import Any

from pydantic import ValidationError
from temporalio.envconfig import ClientConfigProfile

from contracts.errors import ConfigurationError
from contracts.payload.faults import words_of
from settings.consistency import require_consistency
from settings.group import PREFIX
from settings.model import Settings
from settings.names import is_of_a_service, variable, variable_names


def load_settings() -> Settings:
    """Read the environment. ConfigurationError names each wrong variable in one line."""
    _refuse_unknown_names()
    try:
        settings = Settings()
    except ValidationError as error:
        faults = [
            f"{variable(*line['loc'])}: {words_of(line)}"
            for line in error.errors(include_url=False, include_input=False)
        ]
        raise ConfigurationError("; ".join(faults)) from None
    require_consistency(settings)
    return settings


def temporal_options(settings: Settings) -> dict[str, Any]:
    """How to connect to Temporal: TEMPORAL_ADDRESS and the like, else the embedded server."""
    try:
        profile = ClientConfigProfile.load(override_env_vars=set_variables())
        options = dict(profile.to_client_connect_config())
    except (RuntimeError, ValueError, OSError) as error:
        raise ConfigurationError(f"TEMPORAL_…: {error}") from None
    options.setdefault("target_host", f"127.0.0.1:{settings.temporal_port}")
    return options


def temporal_ui(settings: Settings) -> str | None:
    """Where the Temporal UI shows our namespace; None where nobody has said where it is."""
    options, base = temporal_options(settings), settings.temporal_ui_url
    if base is None and options["target_host"] == f"127.0.0.1:{settings.temporal_port}":
        base = f"http://127.0.0.1:{settings.temporal_ui_port}"
    return f"{base}/namespaces/{options.get('namespace', 'default')}" if base else None


def set_variables() -> dict[str, str]:
    """The environment without empty variables: an empty one counts as not set, as with ours."""
    return {name: value for name, value in os.environ.items() if value}


def _refuse_unknown_names() -> None:
    known = variable_names()
    for name, value in os.environ.items():
        if name.startswith(PREFIX) and name not in known and not is_of_a_service(name, value):
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise ConfigurationError(f"{name} is not a setting{hint}")

"""What the variables of the settings are called."""

import re
from typing import Any

from pydantic import AliasChoices

from settings.group import PREFIX
from settings.installation import ADDRESS_OF_A_SERVICE
from settings.model import Settings

_OF_A_SERVICE = re.compile(r"\w+_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)")


def variable_names() -> dict[str, str]:
    """Every variable of ours and what it is for."""
    return {
        variable(name): field.description or "" for name, field in Settings.model_fields.items()
    }


def variable(*location: Any) -> str:
    """The variable of a setting, by where it stands in the model."""
    name = str(location[0])
    if name.startswith("TWILIO_"):
        return name
    field = Settings.model_fields.get(name)
    alias = field.validation_alias if field else None
    return str(alias) if alias and not isinstance(alias, AliasChoices) else PREFIX + name.upper()


def is_of_a_service(name: str, value: str) -> bool:
    """Whether Kubernetes has set it, for a Service that is called as one of our settings."""
    return bool(
        _OF_A_SERVICE.fullmatch(name)
        or (name.endswith("_PORT") and ADDRESS_OF_A_SERVICE.fullmatch(value))
    )

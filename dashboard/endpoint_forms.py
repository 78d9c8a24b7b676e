"""The forms about an endpoint: read into what the API's contract takes, faults in words."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError

from contracts.endpoints.endpoints import EndpointChange
from contracts.errors import Invalid
from contracts.payload.events import EventType
from dashboard.faults import first_fault, refusal_said
from dashboard.translations import Words
from store.tables import EndpointRow
from web_forms import Fields


class NoTypes(Exception):
    """Not one type of event was ticked: an endpoint that receives nothing."""


def types_of(fields: Fields) -> list[str] | None:
    """The ticked types of event; all of them is every type, also those that come some day."""
    ticked = fields.texts("event_types")
    if not ticked:
        raise NoTypes
    return None if set(ticked) >= set(EventType) else ticked


def settings_of(fields: Fields, *, filters: bool) -> dict[str, Any]:
    """The settings as the form has them."""
    return {
        **fields.as_body("description"),
        **({"event_types": types_of(fields)} if filters else {}),
        "url": fields.text("url"),
        "in_flight_limit": fields.number("in_flight_limit"),
        "recovery_rate": fields.number("recovery_rate"),
        "rate_limit": fields.number("rate_limit"),
        "ordered": fields.has("ordered"),
        "auto_recover": fields.has("auto_recover"),
    }


def headers_of(fields: Fields) -> tuple[Mapping[str, str], Collection[str]]:
    """The headers to put in, and those to drop: each name beside its value, which is left empty
    where it is to stay."""
    names, values = fields.texts("header-name"), fields.texts("header-value")
    pairs = zip(names, values, strict=False)
    put = {name.strip(): value.strip() for name, value in pairs if value.strip()}
    return put, fields.texts("header-drop")


def changes_of(asked: Mapping[str, Any], endpoint: EndpointRow) -> EndpointChange:
    """What differs from how the endpoint is: a URL that stays must not close its breaker.

    ValidationError for what the contract does not take.
    """
    wanted = EndpointChange.model_validate(asked)
    changed = {name for name in asked if getattr(wanted, name) != getattr(endpoint, name)}
    return EndpointChange.model_validate({name: asked[name] for name in changed})


def fault_of(words: Words, error: Exception) -> str:
    """What is wrong with a form, in a sentence that names the field."""
    if isinstance(error, NoTypes):
        return words("endpoint-no-types")
    if isinstance(error, ValidationError):
        return _named(words, *first_fault(words, error))
    if isinstance(error, Invalid):
        return _named(words, error.field, refusal_said(words, error))
    return refusal_said(words, error)


def _named(words: Words, field: str, fault: str) -> str:
    name = f"endpoint-field-{field}"
    label = words(name) if words.has(name) else field
    return words("form-fault", field=label, fault=fault)

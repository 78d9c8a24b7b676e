"""Who somebody is, out of what the identity provider says of them."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from contracts.access.identity_provider import Identity, IdentityRules
from contracts.access.users import Email
from contracts.payload.fields import Text

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_NAME: TypeAdapter[str] = TypeAdapter(Text)
_LONGEST_NAME = 120


def identity_of(issuer: str, claims: Mapping[str, Any], rules: IdentityRules) -> Identity:
    """The identity that these claims are of; `sub` has been seen to."""
    email = _verified_email(claims)
    return Identity(
        issuer=issuer,
        subject=claims["sub"],
        email=email,
        name=_name(claims) or (email or "").partition("@")[0],
        is_ops=rules.ops_value is not None and has_value(claims, rules.ops_claim, rules.ops_value),
    )


def is_lacking(claims: Mapping[str, Any], rules: IdentityRules) -> bool:
    """Whether the provider has to be asked for more: many say little in the ID token."""
    wanted = rules.ops_value is not None and _claim(claims, rules.ops_claim) is None
    return "email" not in claims or "email_verified" not in claims or wanted


def has_value(claims: Mapping[str, Any], name: str, value: str) -> bool:
    """Whether a claim is this value, or lists it."""
    claim = _claim(claims, name)
    return value in claim if isinstance(claim, list) else claim == value


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name; `realm_access.roles` is also one within another."""
    if name in claims:
        return claims[name]
    outer, dot, inner = name.partition(".")
    within = claims.get(outer)
    return _claim(within, inner) if dot and isinstance(within, dict) else None


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    """The address, as far as the provider vouches for it: whoever types one in is not its owner."""
    if claims.get("email_verified") not in (True, "true"):
        return None
    try:
        return _EMAIL.validate_python(claims.get("email"), strict=True)
    except ValidationError:
        return None


def _name(claims: Mapping[str, Any]) -> str:
    try:
        return _NAME.validate_python(claims.get("name"), strict=True)[:_LONGEST_NAME].strip()
    except ValidationError:
        return ""

"""API keys: what they look like, and what is kept of them.

`dsk_oms_7hq2m9ca_…`: a prefix that says whose it is and may be shown, then 256 random bits. Only a
single SHA-256 of a key is kept: slow hashes are for passwords, which people choose and others
guess, and nobody guesses 256 random bits.
"""

import hashlib
import os
import re

from pydantic import Field

from contracts.access.callers import Scope
from contracts.body import Body, shown_as
from contracts.ids import KeyRef, PartnerRef
from contracts.payload.events import PartnerId
from contracts.payload.fields import Text, UtcDatetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i, l, o, u
_SHOWN, _SECRET = 8, 52
_SHAPE = re.compile(
    rf"(dsk_(?:{'|'.join(Scope)})_[{_ALPHABET}]{{{_SHOWN}}})_[{_ALPHABET}]{{{_SECRET}}}"
)


def new_token(scope: Scope) -> str:
    """Make a key: 40 random bits that may be shown, 256 that may not."""
    return f"dsk_{scope}_{_random(_SHOWN)}_{_random(_SECRET)}"


def prefix_of(token: str) -> str | None:
    """The part of a key that may be shown; None when it is no key of ours."""
    shape = _SHAPE.fullmatch(token)
    return shape.group(1) if shape else None


def digest_of(token: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(token.encode()).hexdigest()


class KeyCreate(Body):
    """A key that is to be made."""

    model_config = shown_as(scope="partner", partner_id="chai-point", label="the ERP")

    scope: Scope
    label: Text = Field(description="what the key is for, in your words")
    partner_id: PartnerId | None = Field(
        default=None, description="for the scope `partner`, and only then"
    )
    expires_at: UtcDatetime | None = Field(default=None, description="null: it does not expire")


class KeyPublic(Body):
    """A key without itself."""

    id: KeyRef
    prefix: str = Field(description="tells it from others", examples=["dsk_partner_7hq2m9ca"])
    scope: Scope = Field(examples=["partner"])
    partner_id: PartnerRef | None
    label: str = Field(examples=["the ERP"])
    created_at: UtcDatetime
    created_by: str = Field(examples=["operator"])
    expires_at: UtcDatetime | None = Field(examples=[None])
    last_used_at: UtcDatetime | None = Field(description="to the minute", examples=[None])
    revoked_at: UtcDatetime | None = Field(examples=[None])


class KeyCreated(KeyPublic):
    """The answer to making a key: the only time that it is shown."""

    key: str = Field(examples=["dsk_partner_7hq2m9ca_…"])


def _random(characters: int) -> str:
    """Five random bits a character."""
    return "".join(_ALPHABET[byte & 31] for byte in os.urandom(characters))

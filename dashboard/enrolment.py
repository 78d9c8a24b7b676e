"""What a page shows so that an authenticator app becomes somebody's second factor.

The secret waits in the form itself, sealed, until a code of it has come: nothing is kept of those
that are never used, and a code that was mistyped leaves the picture as it is.
"""

import base64
from dataclasses import dataclass, field

import segno
from markupsafe import Markup

from api.dependencies import Parts
from contracts.errors import KeyMissing, SealBroken
from store.access.totp import new_secret, provisioning_uri
from web_forms import ForgedForm

_GROUP = 4
_SIDE_PX, _MARGIN = 5, 4
"""Of a module, and modules of margin: what the standard asks for (ISO/IEC 18004)."""


@dataclass(frozen=True)
class Enrolment:
    """`picture` is the QR code, `typed` the secret for whoever types it, `uri` opens an app on the
    same device, `sealed` goes into the form."""

    secret: str = field(repr=False)
    sealed: str = field(repr=False)
    typed: str = field(repr=False)
    uri: str = field(repr=False)
    picture: Markup = field(repr=False)


def enrolment(
    parts: Parts, whose: str, account: str, *, label: str, secret: str | None = None
) -> Enrolment:
    """A new secret for an account, or the one that its form has had before. `whose` is the session,
    or the sign-in, that it is for; `label` is what the picture is called."""
    secret = secret or new_secret()
    uri = provisioning_uri(secret, account, parts.brand.name)
    groups = [secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP)]
    sealed = parts.database.vault.keyring.seal(secret.encode(), _place(whose))
    code = segno.make_qr(uri, error="m")
    drawn = code.svg_inline(
        scale=_SIDE_PX, border=_MARGIN, dark="#000", light="#fff", title=label, omitsize=True
    )
    picture = Markup(drawn)  # noqa: S704 - drawn by segno, which escapes the title
    written = base64.urlsafe_b64encode(sealed).decode()
    return Enrolment(secret, written, " ".join(groups), uri, picture)


def secret_in(parts: Parts, whose: str, sealed: str) -> str:
    """The secret in a form. ForgedForm where it is not of this session."""
    try:
        stored = base64.urlsafe_b64decode(sealed.encode())
        return parts.database.vault.keyring.open(stored, _place(whose)).decode()
    except (ValueError, KeyMissing, SealBroken):
        raise ForgedForm from None


def _place(whose: str) -> bytes:
    return f"second-factor/{whose}".encode()

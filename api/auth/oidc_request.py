"""One sign-in at the identity provider, from the click to the way back.

The browser keeps one secret in a cookie. All that the protocol needs is derived from it, one way:
`state` tells that the answer comes back to this browser, `nonce` that the ID token was made for
this sign-in, the verifier of PKCE that the code is ours (RFC 6749, 10.12; OpenID Connect Core,
15.5.2; RFC 7636). The database keeps a digest, so that each is answered once.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

from contracts.access.identity_provider import IdentityProvider

_SECRET_BYTES = 32


@dataclass(frozen=True)
class SignInRequest:
    """What belongs to one sign-in; `secret` is for the cookie alone."""

    secret: str = field(repr=False)

    @classmethod
    def new(cls) -> "SignInRequest":
        """One that nobody has begun before."""
        return cls(secrets.token_urlsafe(_SECRET_BYTES))

    @property
    def digest(self) -> str:
        """By what the database knows it."""
        return self._derived("request")

    @property
    def nonce(self) -> str:
        """What the ID token has to say."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What shows the provider that the code comes from whoever asked for it."""
        return self._derived("verifier")

    def is_answered_by(self, state: str) -> bool:
        """Whether an answer with this state is the one to this request."""
        return hmac.compare_digest(self._derived("state").encode(), state.encode())

    def address(self, provider: IdentityProvider, endpoint: str) -> str:
        """Where the browser goes to sign in; `endpoint` is the provider's, with a query or none."""
        query = urlencode(
            {
                "response_type": "code",
                "client_id": provider.client_id,
                "redirect_uri": provider.redirect_uri,
                "scope": provider.scopes,
                "state": self._derived("state"),
                "nonce": self.nonce,
                "code_challenge": _text(hashlib.sha256(self.verifier.encode()).digest()),
                "code_challenge_method": "S256",
            }
        )
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"

    def _derived(self, use: str) -> str:
        key = self.secret.encode()
        return _text(hmac.new(key, f"doorstep {use}".encode(), hashlib.sha256).digest())


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")

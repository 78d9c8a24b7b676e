"""Whether a request that claims to be Twilio's is: its signature, checked by Twilio's validator.

Handed in where callbacks are taken, so that the API knows no Twilio. Only the composition roots
import it. Sources: Twilio's "Webhooks security" (HMAC-SHA1 with the auth token over the URL and the
sorted fields) and "Sign webhooks with shared keys" (the same text under HMAC-SHA256).
"""

from collections.abc import Sequence

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    RequestValidator,
    get_signature_algorithm,
)

_KNOWN = frozenset({HMAC_SHA1, HMAC_SHA256})


class TwilioSignature:
    """The check for one account. `shared_secret` is the secret of the shared key that Twilio signs
    with where one is set up; without it the auth token is taken for both algorithms."""

    def __init__(self, auth_token: str, shared_secret: str | None = None) -> None:
        self._by_token = RequestValidator(auth_token)
        self._by_shared_key = RequestValidator(shared_secret or auth_token)

    def genuine(
        self,
        url: str,
        fields: Sequence[tuple[str, str]],
        signature: str,
        settings: str | None = None,
    ) -> bool:
        """Whether the account's key signed these fields for this URL; never raises.

        `url` is the one that Twilio called, query included; `fields` all that came in the form,
        unknown and repeated ones too. `signature` is the header X-Twilio-Signature; `settings` is
        X-Twilio-Webhooks-Signature-Settings, which comes with a shared key and names its algorithm.
        """
        algorithm = get_signature_algorithm(settings).upper()
        if not signature or algorithm not in _KNOWN:
            return False
        validator = self._by_shared_key if settings else self._by_token
        try:
            return bool(validator.validate(url, _Fields(fields), signature, algorithm))
        except ValueError:  # a URL without a readable port, or half a surrogate pair
            return False


class _Fields(dict[str, list[str]]):
    """Fields by name, the way the validator asks for repeated ones."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        for name, value in fields:
            self.setdefault(name, []).append(value)

    def getall(self, name: str) -> list[str]:
        """Every value of a field."""
        return self[name]

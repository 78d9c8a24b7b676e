"""The company's identity provider (OpenID Connect): whom it signs in, and why it refuses."""

from dataclasses import dataclass, field
from enum import StrEnum

from contracts.errors import Conflict

REQUEST_VALID_FOR_S = 600
"""So long somebody has to sign in at the provider."""

CALLBACK_PATH = "/dashboard/sign-in/provider/callback"
"""Where the provider sends people back to, behind the public address."""

DEFAULT_SCOPES = "openid email profile"
DEFAULT_OPS_CLAIM = "groups"


class OpsSignIn(StrEnum):
    """How people of ops sign in."""

    PASSWORD = "password"
    OIDC = "oidc"
    BOTH = "both"


class OidcAudience(StrEnum):
    """Who signs in by the provider."""

    OPS = "ops"
    EVERYONE = "everyone"
    """Owners and members of partners, too, where the provider knows them."""


class IdentityRefusal(StrEnum):
    """Why somebody who came from the provider is not let in."""

    AWAY = "away"
    """The provider does not answer, or not as it should."""
    DECLINED = "declined"
    """The provider itself did not let them go on, or they went back."""
    ENDED = "ended"
    """The sign-in did not begin in this browser, has taken too long, or was used before."""
    UNTRUSTED = "untrusted"
    """What the provider's answer says is not what was asked for; the log says what."""
    CLOCK = "clock"
    """The answer is of another time than ours: one of the two clocks is wrong."""
    NO_EMAIL = "no_email"
    """The provider names no address that it has verified."""
    NO_ACCOUNT = "no_account"
    NOT_OPS = "not_ops"
    """The provider does not say that they are of ops."""
    PASSWORD_ONLY = "password_only"
    """The account is of those who sign in with a password here."""
    ANOTHER_IDENTITY = "another_identity"
    """The account belongs to somebody else at the provider, who had the address before."""
    OF_PARTNER = "of_partner"
    """They are of ops, and somebody who has joined at a partner has their address."""
    REMOVED = "removed"


class IdentityRefused(Conflict):
    """Nobody was signed in. The message is for the log; pages say `refusal` in their own words."""

    def __init__(self, refusal: IdentityRefusal, message: str) -> None:
        super().__init__(message, cause=refusal)
        self.refusal = refusal


@dataclass(frozen=True)
class IdentityRules:
    """Whom the provider signs in. Without `ops_value` it only identifies people: those of ops are
    invited first. With it they are who has this value in `ops_claim`, and nobody else."""

    ops_claim: str = DEFAULT_OPS_CLAIM
    ops_value: str | None = None
    for_ops: bool = True
    for_partners: bool = False


@dataclass(frozen=True)
class IdentityProvider:
    """How we are known to the provider, and where it sends people back to."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scopes: str = DEFAULT_SCOPES
    rules: IdentityRules = field(default_factory=IdentityRules)


@dataclass(frozen=True)
class Identity:
    """Who somebody is, as the provider says. `issuer` and `subject` are theirs for good; `email`
    is set only where the provider has verified it."""

    issuer: str
    subject: str = field(repr=False)
    email: str | None = field(repr=False)
    name: str = field(repr=False)
    is_ops: bool
    """Whether the claim says so; never without a value to look for."""

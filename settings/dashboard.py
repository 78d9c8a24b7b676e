"""In whose name the dashboard is shown, and how people sign in to it."""

from pydantic import Field, SecretStr, field_validator

from contracts.access.identity_provider import (
    DEFAULT_OPS_CLAIM,
    DEFAULT_SCOPES,
    OidcAudience,
    OpsSignIn,
)
from contracts.access.second_factor import SecondFactorRule
from contracts.brand import LONGEST_NAME, PRODUCT, is_help_address
from contracts.colours import is_colour
from contracts.origin import is_issuer
from settings.group import Origin, SettingsGroup


class DashboardSettings(SettingsGroup):
    """Brand, the identity provider, the second factor, embedding."""

    brand_name: str = Field(
        default=PRODUCT,
        min_length=1,
        max_length=LONGEST_NAME,
        description="whose dashboard it is: the name in its header, its titles and at its sign-in",
    )
    brand_logo: str | None = Field(
        default=None,
        description="the logo there: a PNG, JPEG or WebP file, a data:image/…;base64, address, or "
        "an https:// address; without it Doorstep's",
    )
    brand_colour: str | None = Field(
        default=None,
        description="the colour of its links and buttons, such as #0b6e5f; it is darkened, or in "
        "the dark lightened, until it is readable",
    )
    brand_help: str | None = Field(
        default=None,
        description="where people find help: an https:// address, or mailto: and an address; "
        "linked at the sign-in and in the menu of an account",
    )
    embed_origin: Origin = Field(
        default=None,
        description="the one origin, such as the merchant portal's, whose pages may show the "
        "dashboard in a frame; without it none may",
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="the company's identity provider (OpenID Connect), its issuer as it writes "
        "itself; without it everybody signs in with a password",
    )
    oidc_client_id: str | None = Field(
        default=None, min_length=1, description="what the provider calls Doorstep"
    )
    oidc_client_secret: SecretStr | None = Field(
        default=None, min_length=1, description="the secret that it gave for that"
    )
    oidc_scopes: str = Field(
        default=DEFAULT_SCOPES,
        description="what the provider is asked for, by spaces; many need one more for groups",
    )
    oidc_ops_claim: str = Field(
        default=DEFAULT_OPS_CLAIM,
        min_length=1,
        description="the claim that says who is of ops; a dot leads into a claim, as in "
        "realm_access.roles",
    )
    oidc_ops_value: str | None = Field(
        default=None,
        min_length=1,
        description="the value that the claim is or lists for ops: they need no invitation, and "
        "nobody else comes in as ops; without it those who were invited do",
    )
    oidc_for: OidcAudience = Field(
        default=OidcAudience.OPS,
        description="ops or everyone: whether partners' people may sign in by the provider, too",
    )
    ops_sign_in: OpsSignIn = Field(
        default=OpsSignIn.BOTH,
        description="password, oidc or both: how people of ops sign in",
    )
    second_factor: SecondFactorRule = Field(
        default=SecondFactorRule.OPTIONAL,
        description="optional, ops or everyone: whose sign-in with a password needs a code of an "
        "authenticator app, too; whoever has set one up is always asked for it",
    )

    @field_validator("brand_colour")
    @classmethod
    def _a_colour(cls, value: str | None) -> str | None:
        if value is not None and not is_colour(value.lower()):
            raise ValueError("use # and six of 0-9 and a-f, such as #0b6e5f")
        return value.lower() if value is not None else None

    @field_validator("brand_help")
    @classmethod
    def _help(cls, value: str | None) -> str | None:
        if value is not None and not is_help_address(value):
            raise ValueError("use https://host/path or mailto:help@example.com")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _an_issuer(cls, value: str | None) -> str | None:
        if value is not None and not is_issuer(value):
            raise ValueError(
                "use https://host or https://host/path, exactly as the provider writes itself; "
                "http:// is for loopback only"
            )
        return value

    @field_validator("oidc_scopes")
    @classmethod
    def _with_openid(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError("name openid among them")
        return " ".join(value.split())

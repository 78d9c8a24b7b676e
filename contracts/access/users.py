"""People who sign in to the dashboard: their roles, how they are invited, what a password is."""

import re
import unicodedata
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

from contracts.access.passwords import is_common
from contracts.body import Body, shown_as
from contracts.payload.events import PartnerId
from contracts.payload.fields import Text, UtcDatetime
from contracts.refusals import UnusableValue
from contracts.sms.languages import Language

INVITATION_VALID_FOR = timedelta(days=7)
RESET_VALID_FOR = timedelta(minutes=30)
PORTAL_LINK_VALID_FOR = timedelta(minutes=2)
SESSION_LASTS = timedelta(days=7)
"""At the longest, however much it is used."""
SESSION_IDLE_FOR = timedelta(hours=12)
"""Without any use, it ends."""
PORTAL_SESSION_LASTS = timedelta(hours=8)

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
"""Length is what counts (NIST SP 800-63B, 3.1.1.2); no rule about kinds of characters."""

_PART = r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f-\x9f.]+"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_PART}(\.{_PART})*@{_PART}(\.{_PART})+")
"""What mail servers take without quotes (RFC 5321, 4.1.2; RFC 6531, 3.3)."""
_LONGEST_EMAIL = 254


class Role(StrEnum):
    """What somebody may do: `ops` runs Doorstep and sees every partner; an `owner` looks after one
    partner; a `member` reads there, retries and tests, and changes no settings."""

    OPS = "ops"
    OWNER = "owner"
    MEMBER = "member"


class LinkKind(StrEnum):
    """What a sign-in link is for. Each works once."""

    INVITATION = "invitation"
    """To choose a password: for somebody new, or whom somebody else gives another one."""
    PASSWORD_RESET = "password_reset"
    """To choose another one, mailed to whoever says that they have lost theirs."""
    PORTAL = "portal"
    """From the logistics company's merchant portal straight into a partner's dashboard."""


def normalised_email(value: str) -> str:
    """An address as it is kept and compared: trimmed, composed, in small letters."""
    plain = comparable_email(value)
    if len(plain) > _LONGEST_EMAIL or not _EMAIL.fullmatch(plain) or any(map(_is_unseen, plain)):
        raise UnusableValue("send an e-mail address such as priya@chaipoint.example", cause="email")
    return plain


def comparable_email(value: str) -> str:
    """Whatever was typed for an address, in the one spelling by which addresses are compared:
    without what nobody sees at its ends, which comes along from address books."""
    unseen = "".join(one for one in set(value) if one.isspace() or _is_unseen(one))
    return unicodedata.normalize("NFC", value.strip(unseen)).lower()


def _is_unseen(one: str) -> bool:
    return unicodedata.category(one) == "Cf"


def masked_email(address: str) -> str:
    """An address as lists show it: its first letter and its domain."""
    return f"{address[:1]}…@{address.rpartition('@')[2]}"


def checked_password(value: SecretStr) -> SecretStr:
    """The same password; ValueError when it is too short, too long or common."""
    if not SHORTEST_PASSWORD <= len(value.get_secret_value()) <= LONGEST_PASSWORD:
        raise ValueError(f"choose {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    if is_common(value.get_secret_value()):
        raise PydanticCustomError("common_password", "choose one that fewer people think of")
    return value


Email = Annotated[str, AfterValidator(normalised_email)]
Password = Annotated[SecretStr, AfterValidator(checked_password)]


class Invite(Body):
    """Somebody who may sign in. `partner_id` for an owner or a member, and only then."""

    email: Email
    name: Text = Field(description="how others read who it is")
    role: Role
    partner_id: PartnerId | None = None


class PortalLinkRequest(Body):
    """Who comes from the merchant portal, and what they may do."""

    model_config = shown_as(name="portal user 4711", role="owner", language="hi")

    name: Text = Field(
        description="who it is there, as the audit log is to name them; no personal data"
    )
    role: Literal[Role.OWNER, Role.MEMBER] = Role.MEMBER
    language: Language | None = Field(
        default=None,
        description="of the pages, where they have it; null goes by the browser's languages",
    )


class PortalLink(Body):
    """A link that opens a partner's dashboard once, for a short while."""

    url: str = Field(
        examples=[
            "https://doorstep.example.com/dashboard/portal/lnk_06h19kpmf3m0b6vp8tqjsxnm4r.V5Zk…"
        ]
    )
    expires_at: UtcDatetime

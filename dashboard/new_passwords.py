"""A password that somebody chooses: typed twice, long enough, and not one that many think of."""

import unicodedata
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from api.dependencies import Parts
from contracts.access.users import SHORTEST_PASSWORD, Password
from store.partners.partners import get_partner
from store.tables import SignInLinkRow
from web_forms import Fields


class UnusablePassword(Exception):
    """It cannot be taken; `fault` is the message that says why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class _Chosen(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    password: Password


def typed_password(fields: Fields, name: str = "password") -> str:
    """As it was typed: spaces at its ends belong to it. Each letter in one way of writing it:
    keyboards differ in that, and nobody sees it (RFC 8265, 4.2.2)."""
    return unicodedata.normalize("NFC", next(iter(fields.texts(name)), ""))


def chosen_password(fields: Fields) -> str:
    """The password of a form that has it twice. UnusablePassword where it cannot be taken."""
    typed = typed_password(fields)
    try:
        _Chosen.model_validate({"password": typed})
    except ValidationError as error:
        common = error.errors(include_input=False)[0]["type"] == "common_password"
        raise UnusablePassword("password-common" if common else "password-length") from None
    if typed != typed_password(fields, "again"):
        raise UnusablePassword("password-differs")
    return typed


async def shown_of_link(parts: Parts, link: SignInLinkRow) -> dict[str, Any]:
    """Whom a link is for, and where it leads."""
    place = None
    if link.partner_id is not None:
        place = (await parts.database.read(get_partner, link.partner_id)).name
    return {"viewer": None, "name": link.name, "place": place, "shortest": SHORTEST_PASSWORD}

"""Addresses of what was searched for. A number of an order stands in them as it is; what may be a
phone or a name is sealed for the session that asked, so that neither the browser's history nor the
log of a proxy has it, and a page of results can be opened again, gone back to and refreshed."""

import base64

from contracts.errors import KeyMissing, SealBroken
from contracts.payload.search_terms import may_stand_in_addresses
from dashboard.page_context import PageContext

OPEN, SEALED = "q", "s"


def query_of(context: PageContext, typed: str) -> dict[str, str]:
    """What an address has to have for this search."""
    if may_stand_in_addresses(typed):
        return {OPEN: typed}
    sealed = context.parts.database.vault.keyring.seal(typed.encode(), _place(context))
    return {SEALED: base64.urlsafe_b64encode(sealed).decode()}


def opened(context: PageContext, sealed: str) -> str | None:
    """What was searched for. None where it was somebody else, or the key is gone."""
    try:
        stored = base64.urlsafe_b64decode(sealed.encode())
        return context.parts.database.vault.keyring.open(stored, _place(context)).decode()
    except (ValueError, KeyMissing, SealBroken):
        return None


def _place(context: PageContext) -> bytes:
    return f"search/{context.viewer.session_id}".encode()

"""The frame of an endpoint's pages: its name, and a tab for each of them."""

from collections.abc import Sequence
from typing import Any

from fastapi.responses import Response

from contracts.delivery.states import EndpointState
from dashboard.dead_letters import name_of
from dashboard.page_context import PartnerContext
from store.tables import EndpointRow

HEALTH, ATTEMPTS, SETTINGS, SECRET = "", "/attempts", "/settings", "/secret"
"""The tabs, by what their addresses end in."""

_OWNERS = (SETTINGS, SECRET)
_WORDS = {
    HEALTH: "endpoint-tab-health",
    ATTEMPTS: "endpoint-tab-attempts",
    SETTINGS: "endpoint-tab-settings",
    SECRET: "endpoint-tab-secret",
}


def place_of(endpoint_id: str) -> str:
    """Where an endpoint's pages begin, under the partner's."""
    return f"/endpoints/{endpoint_id}"


def tab_page(
    context: PartnerContext,
    endpoint: EndpointRow,
    tab: str,
    status: int = 200,
    /,
    **shown: Any,
) -> Response:
    """Answer with a tab of an endpoint; its template is named after it."""
    return context.page(
        f"endpoint_{tab.removeprefix('/') or 'health'}",
        status,
        endpoint=endpoint,
        name=name_of(endpoint),
        place=place_of(endpoint.id),
        tabs=_tabs(context, endpoint, tab),
        is_on=endpoint.state is EndpointState.ENABLED,
        **shown,
    )


def _tabs(
    context: PartnerContext, endpoint: EndpointRow, current: str
) -> Sequence[tuple[str, str, bool]]:
    """What is of owners is not shown to members."""
    base = f"{context.base}{place_of(endpoint.id)}"
    return [
        (f"{base}{tab}", context.words(word), tab == current)
        for tab, word in _WORDS.items()
        if context.viewer.may_change or tab not in _OWNERS
    ]

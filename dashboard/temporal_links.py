"""Where the Temporal UI shows what a page is about. Without a UI there are no links."""

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from contracts.ids import recovery_workflow_id, workflow_id

Link = Callable[[str | None, str], str | None]


def place_link(ui: str | None, path: str, query: Mapping[str, str]) -> str | None:
    """The executions that a page of the dashboard is about; None where it is about none. What a
    page has in its query is part of its place, as `/orders?order_id=…`."""
    order = query.get("order_id")
    whole = f"{path}?order_id={order}" if order else path
    for pattern, link in _PLACES:
        if (found := pattern.fullmatch(whole)) is not None:
            return link(ui, found.group(1) if pattern.groups else "")
    return None


def partner_link(ui: str | None, partner_id: str, state: str | None = None) -> str | None:
    """The executions of a partner; of those only whose deliveries have this state."""
    narrowed = f' AND DeliveryState="{state}"' if state else ""
    return search_link(ui, f'PartnerId="{partner_id}"{narrowed}')


def state_link(ui: str | None, state: str) -> str | None:
    """The executions whose deliveries have this state, of all partners."""
    return search_link(ui, f'DeliveryState="{state}"')


def order_link(ui: str | None, order_id: str) -> str | None:
    """The executions of an order."""
    escaped = order_id.replace("\\", "\\\\").replace('"', '\\"')
    return search_link(ui, f'OrderId="{escaped}"')


def event_link(ui: str | None, event_id: str) -> str | None:
    """The executions of an event: the first, and those of retries by hand."""
    return _workflow_link(ui, workflow_id(event_id))


def recovery_link(ui: str | None, endpoint_id: str) -> str | None:
    """The executions of an endpoint's recoveries."""
    return _workflow_link(ui, recovery_workflow_id(endpoint_id))


def search_link(ui: str | None, query: str) -> str | None:
    """The executions that a query finds."""
    return f"{ui}/workflows?query={quote(query, safe='')}" if ui else None


def _workflow_link(ui: str | None, execution: str) -> str | None:
    return f"{ui}/workflows/{quote(execution, safe='')}" if ui else None


_PLACES: Sequence[tuple[re.Pattern[str], Link]] = [
    (re.compile(r"/dashboard/p/[^/]+/events/([^/]+)"), event_link),
    (re.compile(r"/dashboard/p/[^/]+/orders\?order_id=(.+)", re.DOTALL), order_link),
    (re.compile(r"/dashboard/p/[^/]+/endpoints/([^/]+)/recover.*"), recovery_link),
    (
        re.compile(r"/dashboard/p/([^/]+)/dead-letters"),
        lambda ui, partner_id: partner_link(ui, partner_id, "dead_lettered"),
    ),
    (re.compile(r"/dashboard/p/([^/]+)(?:/.*)?", re.DOTALL), partner_link),
    (re.compile(r"/dashboard/ops/partners/(?!new$)([^/]+)(?:/.*)?"), partner_link),
    (re.compile(r"/dashboard/ops/held"), lambda ui, _: state_link(ui, "held")),
    (re.compile(r"/dashboard/ops/dead-letters"), lambda ui, _: state_link(ui, "dead_lettered")),
]
"""Which page is about what; the first that fits says it."""

"""Where the Temporal UI shows what a page is about. Without a UI there are no links."""

from urllib.parse import quote

from contracts.ids import recovery_workflow_id, workflow_id


def partner_link(ui: str | None, partner_id: str, state: str | None = None) -> str | None:
    """The executions of a partner; of those only whose deliveries have this state."""
    narrowed = f' AND DeliveryState="{state}"' if state else ""
    return search_link(ui, f'PartnerId="{partner_id}"{narrowed}')


def state_link(ui: str | None, state: str) -> str | None:
    """The executions whose deliveries have this state, of all partners."""
    return search_link(ui, f'DeliveryState="{state}"')


def order_link(ui: str | None, order_id: str) -> str | None:
    """The executions of an order."""
    escaped = order_id.replace('"', '\\"')
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

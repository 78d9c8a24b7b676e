"""Starts a workflow of a partner, once for its id, whoever else starts it."""

from typing import Any

from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.service import RPCError

from contracts.errors import EngineUnavailable
from dispatch.calls import CALL_LIMIT, answered_within
from workflows import search_attributes

SUMMARY_BYTES = 300
"""Of one line for the Temporal UI, which takes 400 at the most."""


async def start(
    client: Client,
    workflow: Any,
    message: object,
    *,
    workflow_id: str,
    task_queue: str,
    partner_id: str | None,
    summary: str,
    order_id: str | None = None,
    signal: str | None = None,
) -> None:
    """Start it, or leave the one alone that runs under this id, which hears of `signal` with the
    message. EngineUnavailable when Temporal does not take it: it has to be started later."""
    attributes = []
    if partner_id is not None:
        attributes.append(SearchAttributePair(search_attributes.PARTNER_ID, partner_id))
    if order_id is not None:
        attributes.append(SearchAttributePair(search_attributes.ORDER_ID, order_id))
    try:
        async with answered_within(CALL_LIMIT):
            await client.start_workflow(
                workflow,
                message,
                id=workflow_id,
                task_queue=task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                start_signal=signal,
                start_signal_args=[message] if signal else [],
                search_attributes=TypedSearchAttributes(attributes),
                static_summary=summary.encode()[:SUMMARY_BYTES].decode(errors="ignore"),
                rpc_timeout=CALL_LIMIT,
            )
    except (RPCError, RuntimeError) as error:
        raise EngineUnavailable(f"Temporal did not take {workflow_id}: it begins later") from error

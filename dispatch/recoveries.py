"""Starts the workflows that carry recoveries on."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.service import RPCError

from contracts.delivery import names
from contracts.delivery.recoveries import Recover
from contracts.errors import EngineUnavailable
from contracts.ids import recovery_workflow_id
from workflows import RecoverEndpoint, search_attributes

_CALL_LIMIT = timedelta(seconds=5)


class Recoveries:
    """Talks to Temporal about recoveries."""

    def __init__(self, client: Client, task_queue: str = names.TASK_QUEUE) -> None:
        self._client = client
        self._task_queue = task_queue

    async def start(self, recovery_id: str, endpoint_id: str, partner_id: str) -> None:
        """Have a recovery carried on that has begun in the database. Again, it changes nothing.

        A workflow of the endpoint that is about to end with an older recovery hears of this one.
        EngineUnavailable when Temporal does not take it: it has to be started later.
        """
        task = Recover(recovery_id)
        attributes = [SearchAttributePair(search_attributes.PARTNER_ID, partner_id)]
        try:
            await self._client.start_workflow(
                RecoverEndpoint.run,
                task,
                id=recovery_workflow_id(endpoint_id),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                start_signal=names.RECOVER,
                start_signal_args=[task],
                search_attributes=TypedSearchAttributes(attributes),
                static_summary=f"recovery of endpoint {endpoint_id} of {partner_id}",
                rpc_timeout=_CALL_LIMIT,
            )
        except (RPCError, RuntimeError) as error:
            raise EngineUnavailable(
                "Temporal did not take the recovery: it begins once Temporal answers"
            ) from error

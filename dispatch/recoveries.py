"""Starts the workflows that carry out recoveries."""

from temporalio.client import Client

from contracts.delivery import names
from contracts.delivery.recoveries import Recover
from contracts.ids import recovery_workflow_id
from dispatch.start import start
from workflows import RecoverEndpoint


class Recoveries:
    """Talks to Temporal about recoveries."""

    def __init__(self, client: Client, task_queue: str = names.TASK_QUEUE) -> None:
        self._client = client
        self._task_queue = task_queue

    async def start(self, recovery_id: str, endpoint_id: str, partner_id: str) -> None:
        """Have a recovery carried out that has begun in the database. Again, it changes nothing.

        A workflow of the endpoint that is about to end with an older recovery hears of this one.
        EngineUnavailable when Temporal does not take it: it has to be started later.
        """
        await start(
            self._client,
            RecoverEndpoint.run,
            Recover(recovery_id),
            workflow_id=recovery_workflow_id(endpoint_id),
            task_queue=self._task_queue,
            partner_id=partner_id,
            summary=f"recovery of endpoint {endpoint_id} of {partner_id}",
            signal=names.RECOVER,
        )

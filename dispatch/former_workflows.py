"""Ends what Temporal still runs from before a restore: its workflows know another past."""

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from contracts.delivery import names

_REASON = "the database was restored from a backup"


async def end_former_workflows(client: Client, task_queue: str = names.TASK_QUEUE) -> int:
    """Terminate every workflow that runs; gives how many. What the database has open is started
    again. Only while nobody serves the task queue. RPCError when Temporal does not take it."""
    ended = 0
    query = f'TaskQueue = "{task_queue}" AND ExecutionStatus = "Running"'
    async for one in client.list_workflows(query):
        handle = client.get_workflow_handle(one.id, run_id=one.run_id)
        try:
            await handle.terminate(reason=_REASON)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # it has ended meanwhile
                raise
        else:
            ended += 1
    return ended

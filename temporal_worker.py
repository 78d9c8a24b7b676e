"""The Temporal worker: every workflow and activity, and how many of each run at once."""

import os
import socket
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import (
    UnsandboxedWorkflowRunner,
    Worker,
    WorkerDeploymentConfig,
    WorkflowRunner,
)

import activities
from activities.mail_sender import Mail
from activities.metrics import Meters
from activities.own_faults import CountsOwnFaults
from activities.twilio_sender import Texter
from activities.webhook_sender import REQUEST_TIME, WebhookSender
from background.polling import OnFailure
from contracts.clock import Clock
from contracts.delivery.names import TASK_QUEUE
from contracts.tracing import NO_TRACING, Tracing
from dispatch.gateway import Gateway
from dispatch.places import Places
from settings import Settings
from store.db.database import Database
from workflows import WORKFLOWS

_DEPLOYMENT = "doorstep"

GRACE = timedelta(seconds=REQUEST_TIME + 5)
"""How long a worker that has to go waits for the attempts it has on the wire."""

UNCHECKED = UnsandboxedWorkflowRunner()
"""Runs workflows without the sandbox, which costs a sixth of the worker's time. Tests of the
workflows and replays run them in the full sandbox (docs/decisions/0009)."""

WORKFLOW_TASKS = 64
"""At once, so that each ends well within its ten seconds. First attempts, which a merchant that
hangs makes long, may have three quarters of them. What there is no room for waits in the outbox
(`dispatch/places.py`)."""

_HEARTBEATS_AT_MOST_EVERY = timedelta(seconds=3)


def build_worker(
    client: Client,
    database: Database,
    sender: WebhookSender,
    texter: Texter,
    settings: Settings,
    clock: Clock,
    task_queue: str = TASK_QUEUE,
    grace: timedelta = GRACE,
    runner: WorkflowRunner = UNCHECKED,
    meters: Meters | None = None,
    tracing: Tracing = NO_TRACING,
    places: Places | None = None,
    on_failure: OnFailure | None = None,
    mail: Mail | None = None,
) -> Worker:
    """The Temporal worker with every workflow and activity. Slots are many, because a partner
    that hangs occupies one for 20 s. `places` are those of the dispatcher beside it; `mail` is
    None where no mail server is set."""
    meters = meters or Meters()
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        workflow_runner=runner,
        activities=activities.build(
            database,
            sender,
            texter,
            clock,
            settings.kept_for,
            settings.text_rules,
            Gateway(client, settings.retry_schedule, task_queue, tracing),
            meters,
            settings.ops_webhook,
            settings.oms_webhook,
            tracing,
            places,
            mail,
        ),
        interceptors=[CountsOwnFaults(meters)],
        identity=identity(),
        max_concurrent_activities=settings.activity_slots,
        max_concurrent_local_activities=settings.activity_slots,
        max_concurrent_workflow_tasks=WORKFLOW_TASKS,
        max_cached_workflows=settings.activity_slots,
        graceful_shutdown_timeout=grace,
        max_heartbeat_throttle_interval=_HEARTBEATS_AT_MOST_EVERY,
        on_fatal_error=on_failure,
        deployment_config=_deployment(settings.worker_build_id),
    )


def identity() -> str:
    """How this process is called in Temporal and in leases."""
    return f"{os.getpid()}@{socket.gethostname()}"


def _deployment(build_id: str | None) -> WorkerDeploymentConfig | None:
    if build_id is None:
        return None
    version = WorkerDeploymentVersion(deployment_name=_DEPLOYMENT, build_id=build_id)
    return WorkerDeploymentConfig(
        version=version,
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )

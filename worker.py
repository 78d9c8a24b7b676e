"""The worker process: runs workflows and activities, and the dispatcher beside them."""

import asyncio
import logging
from contextlib import AsyncExitStack
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.mail_sender import Mail
from activities.metrics import Meters
from activities.twilio_sender import NoTwilio, Texter, TwilioAccount, TwilioSender
from activities.webhook_sender import WebhookSender
from background.endpoint_probes import EndpointWatch
from background.health import Polls, WorkerHealth
from background.held_sms import WaitingTexts
from background.instructions import Instructions
from background.notification_checks import NotificationChecks
from background.notifications import Notifications
from background.outcomes import Outcomes
from background.password_resets import PasswordResets
from background.polling import OnFailure, Polling
from background.reconciler import Reconciler
from background.retention_schedule import RetentionSchedule
from background.side_by_side import Part, run_beside
from background.stream_cleanup import StreamCleanup
from contracts.clock import Clock, utc_now
from contracts.delivery.names import TASK_QUEUE
from contracts.endpoints.network_guard import NetworkGuard
from contracts.errors import ConfigurationError, EngineUnavailable
from contracts.notifications.messages import Channels
from contracts.tracing import Tracing
from dispatch.connection import connect, missing_search_attributes, worker_runtime
from dispatch.dispatcher import Dispatcher
from dispatch.gateway import Gateway
from dispatch.instructions import InstructionWorkflows
from dispatch.places import Places
from dispatch.recoveries import Recoveries
from resolver import NameLookUps
from settings import Settings, temporal_options
from store.db.database import Database
from store.encryption.key_file import keyring_of
from store.events.outbox_listener import OutboxListener
from telemetry.switch import TELEMETRY_OFF, Telemetry
from temporal_worker import GRACE, build_worker, identity

log = logging.getLogger(__name__)

_FAILED_ENDS_WITHIN = GRACE + timedelta(seconds=10)


async def run_worker(
    settings: Settings,
    stop: asyncio.Event,
    clock: Clock = utc_now,
    meters: Meters | None = None,
    telemetry: Telemetry = TELEMETRY_OFF,
    health: WorkerHealth | None = None,
) -> None:
    """Serve until `stop` is set, then finish the attempts that are on the wire and end."""
    async with AsyncExitStack() as stack:
        look_ups = NameLookUps()
        stack.push_async_callback(look_ups.aclose)
        database = Database(settings.store_url, keyring_of(*settings.key_source))
        stack.callback(database.close)
        await database.require_keys()
        client = await _connect(settings, telemetry)
        sender = _make_sender(settings, look_ups)
        stack.push_async_callback(sender.aclose)
        texter, mail = make_texter(settings), make_mail(settings, clock)
        meters = meters or Meters()
        tracing = telemetry.tracing
        places = Places()

        def build(on_failure: OnFailure) -> Worker:
            return build_worker(
                *(client, database, sender, texter, settings, clock),
                meters=meters,
                tracing=tracing,
                places=places,
                on_failure=on_failure,
                mail=mail,
            )

        async with Polling(build, ends_within=_FAILED_ENDS_WITHIN).serving():
            log.info("worker %s serves task queue %s", identity(), TASK_QUEUE)
            beside = _beside(settings, database, client, clock, meters, tracing, places)
            polls = Polls(client, identity(), clock)
            with (health or WorkerHealth()).serving(
                {"database": database.ping, "temporal": polls.ping}
            ):
                await run_beside(beside, stop)
            log.info("worker %s finishes what is under way", identity())


def _beside(
    settings: Settings,
    database: Database,
    client: Client,
    clock: Clock,
    meters: Meters,
    tracing: Tracing,
    places: Places,
) -> list[Part]:
    """All that runs in the worker beside Temporal's own."""
    gateway = Gateway(client, settings.retry_schedule, tracing=tracing)
    listener = OutboxListener(settings.store_url)
    eagerly = settings.worker_build_id is None
    return [
        RetentionSchedule(client, timedelta(seconds=settings.retention_every)),
        Dispatcher(database, gateway, listener, clock, tracing, eagerly=eagerly, places=places),
        Reconciler(database, gateway, clock),
        WaitingTexts(database, gateway, clock),
        EndpointWatch(database, gateway, Recoveries(client), clock),
        Notifications(
            database,
            client,
            clock,
            Channels(
                email=settings.mail_server is not None,
                ops_webhook=settings.ops_webhook is not None,
            ),
            wait=timedelta(seconds=settings.notification_wait * settings.time_scale),
        ),
        NotificationChecks(database, clock),
        Instructions(database, InstructionWorkflows(client), clock),
        Outcomes(database, clock),
        PasswordResets(database, clock),
        *_mirror_of_dead_letters(settings, database, clock, meters),
    ]


def _mirror_of_dead_letters(
    settings: Settings, database: Database, clock: Clock, meters: Meters
) -> list[Part]:
    """What writes the moves of dead letters to Redis, where there is one, and drops them later."""
    if settings.redis_url is None:
        return [StreamCleanup(database, clock, mirrored=False)]
    # Loading Redis's client takes a tenth of a worker's start; most have no Redis.
    from background.dead_letter_mirror import DeadLetterMirror
    from background.dead_letter_stream import DeadLetterStream

    stream = DeadLetterStream(settings.redis_url.get_secret_value(), settings.redis_stream_length)
    mirror = DeadLetterMirror(database, stream, clock, meters.mirror.tell)
    return [mirror, StreamCleanup(database, clock, mirrored=True)]


async def _connect(settings: Settings, telemetry: Telemetry) -> Client:
    """Temporal's client, once the namespace has all that the workflows need."""
    client = await connect(
        temporal_options(settings),
        runtime=worker_runtime(_sdk_metrics_at(settings)),
        interceptors=telemetry.interceptors,
    )
    await _require_search_attributes(client)
    return client


async def _require_search_attributes(client: Client) -> None:
    try:
        missing = await missing_search_attributes(client)
    except RPCError as error:  # it serves, and its own database does not, say
        raise EngineUnavailable(
            f"Temporal does not answer which search attributes it has: {error.message}"
        ) from error
    if missing:
        names = ", ".join(sorted(missing))
        raise ConfigurationError(
            f"namespace {client.namespace} lacks the search attributes {names}: "
            "run doorstep migrate"
        )


def _make_sender(settings: Settings, look_ups: NameLookUps) -> WebhookSender:
    ca_file = str(settings.ca_file) if settings.ca_file else None
    return WebhookSender.guarded(NetworkGuard(settings.allowed_networks), look_ups, ca_file)


def make_texter(settings: Settings) -> Texter:
    """Twilio where its account is set, else the stand-in that says so on every text."""
    sid, token = settings.twilio_account_sid, settings.twilio_auth_token
    if sid is None or token is None:
        return NoTwilio()
    return TwilioSender(TwilioAccount(sid, token.get_secret_value(), settings.twilio_base_url))


def make_mail(settings: Settings, clock: Clock) -> Mail | None:
    """All that e-mails need; None where no mail server is set."""
    server = settings.mail_server
    if server is None:
        return None
    # Their words, templates and library are loaded only where there is e-mail.
    from activities.smtp_mailer import SmtpMailer
    from mails.rendering import MailPages

    mailer = SmtpMailer(server, clock, str(settings.ca_file) if settings.ca_file else None)
    return Mail(mailer, MailPages(), settings.brand, f"{settings.public_url}/dashboard")


def _sdk_metrics_at(settings: Settings) -> str | None:
    """Where the SDK serves its metrics: beside the worker's own."""
    host, port = settings.api_host, settings.sdk_metrics_port
    if port is None:
        return None
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

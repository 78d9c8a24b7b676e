"""`doorstep doctor`: what is reachable and what is missing, in words, with what to do about it."""

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psycopg
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError

from activities.trust_store import authorities, trusted_context
from commands.database import read_revision, start_advice
from commands.operator_key import key_file, with_operator_key
from commands.system import System, probe
from commands.temporal_server import find_server, is_embedded, pollers
from contracts.delivery.names import TASK_QUEUE
from contracts.endpoints.url import read_endpoint_url
from contracts.errors import ConfigurationError, DoorstepError
from dispatch.connection import connect
from settings import Settings, temporal_options
from store.db.errors import in_one_line
from store.db.listen import notifications_arrive
from store.db.migrate import newest_revision
from store.encryption.key_file import NAME as KEY_FILE
from store.encryption.key_file import keyring_of
from store.events.outbox_listener import POLL_EVERY_S
from workflows import search_attributes

_OLDEST_PYTHON = (3, 11)


class Finding(StrEnum):
    """`note`: it works without, but you may want to know."""

    OK = "ok"
    NOTE = "note"
    MISSING = "missing"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `advice` says what to do when it is not ok."""

    name: str
    finding: Finding
    seen: str
    advice: str = ""


async def examine(settings: Settings) -> list[Check]:
    """Look at everything, in the order in which one would set it up."""
    return [
        _python(),
        _data_folder(settings),
        _operator_key(settings),
        _encryption_keys(settings),
        *await _database(settings),
        *await _temporal(settings),
        await _api(settings),
        _twilio(settings),
        _public_url(settings),
        check_authorities(settings),
        _ops_webhook(settings),
        _oms_webhook(settings),
    ]


def is_well(checks: list[Check]) -> bool:
    """Whether nothing that is needed is missing."""
    return all(check.finding is not Finding.MISSING for check in checks)


def _python() -> Check:
    seen = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= _OLDEST_PYTHON:
        return Check("Python", Finding.OK, seen)
    return Check("Python", Finding.MISSING, seen, "use Python 3.11 or newer")


def _data_folder(settings: Settings) -> Check:
    folder = settings.data_dir.absolute()
    if folder.is_dir():
        open_to_others = sorted(one.name for one in (folder, *folder.iterdir()) if _is_open(one))
        if not open_to_others:
            return Check("data folder", Finding.OK, str(folder))
        seen = f"{folder}: others on this machine may read {', '.join(open_to_others[:5])}"
        return Check("data folder", Finding.NOTE, seen, f"chmod -R go= {folder}")
    return Check("data folder", Finding.NOTE, f"{folder} is not there", "`doorstep up` makes it")


def _is_open(path: Path) -> bool:
    """Whether anybody but its owner may do anything with it."""
    try:
        return bool(path.stat().st_mode & 0o077)
    except FileNotFoundError:
        return False


def _operator_key(settings: Settings) -> Check:
    if settings.operator_key is not None:
        return Check("operator key", Finding.OK, "set in DOORSTEP_OPERATOR_KEY")
    if with_operator_key(settings).operator_key is not None:
        return Check("operator key", Finding.OK, f"in the file {key_file(settings)}")
    return Check(
        "operator key",
        Finding.MISSING,
        "none",
        "set DOORSTEP_OPERATOR_KEY (16 characters or more), or let `doorstep up` make one",
    )


def _encryption_keys(settings: Settings) -> Check:
    name, (setting, folder) = "encryption keys", settings.key_source
    if setting is None and folder is not None and not (folder / KEY_FILE).exists():
        return Check(
            name, Finding.NOTE, "none yet", "`doorstep up` or `doorstep migrate` makes one"
        )
    try:
        keyring = keyring_of(setting, folder)
    except DoorstepError as error:
        advice = "set DOORSTEP_ENCRYPTION_KEYS; docs/security.md says how keys are made and kept"
        return Check(name, Finding.MISSING, str(error), advice)
    where = "DOORSTEP_ENCRYPTION_KEYS" if setting is not None else f"the file {KEY_FILE}"
    return Check(name, Finding.OK, f"{', '.join(keyring.ids)} in {where}; the first encrypts")


async def _database(settings: Settings) -> list[Check]:
    """The database itself, and whether PostgreSQL's notifications arrive."""
    try:
        revision = read_revision(settings)
    except DoorstepError as error:
        advice = start_advice(settings)
        return [Check("database", Finding.MISSING, str(error), advice)]
    return [_migrations(revision), *await _notifications(settings.store_url)]


def _migrations(revision: str | None) -> Check:
    newest = newest_revision()
    if revision == newest:
        return Check("database", Finding.OK, f"answers, at migration {newest}")
    seen = f"at migration {revision}" if revision else "has no tables"
    return Check("database", Finding.MISSING, f"{seen}, needs {newest}", "run `doorstep migrate`")


async def _notifications(url: str) -> list[Check]:
    name = "notifications"
    try:
        arrive = await notifications_arrive(url)
    except (psycopg.Error, OSError) as error:
        advice = "see what the database's log says"
        return [Check(name, Finding.NOTE, in_one_line(error), advice)]
    if arrive:
        return [Check(name, Finding.OK, "arrive: an event wakes the workers")]
    seen = f"do not arrive: workers look every {POLL_EVERY_S:g} s instead"
    advice = "give workers PostgreSQL's own address, or a pooler in session mode (docs/runbook.md)"
    return [Check(name, Finding.NOTE, seen, advice)]


async def _temporal(settings: Settings) -> list[Check]:
    """Temporal itself, and what has to be there; what cannot be asked is not listed."""
    target = temporal_options(settings)["target_host"]
    try:
        client = await connect(temporal_options(settings))
    except DoorstepError:
        return [Check("Temporal", Finding.MISSING, f"no answer at {target}", _advice(settings))]
    return [
        Check("Temporal", Finding.OK, f"answers at {target}, namespace {client.namespace}"),
        await _search_attributes(client),
        await _worker(client),
    ]


def _advice(settings: Settings) -> str:
    if not is_embedded(settings):
        return "start that server, or correct TEMPORAL_ADDRESS"
    try:
        find_server()
    except DoorstepError as error:
        return str(error)
    return "run `doorstep up`, or set TEMPORAL_ADDRESS to a server of your own"


async def _search_attributes(client: Client) -> Check:
    name, wanted = "search attributes", [key.name for key in search_attributes.ALL]
    try:
        present = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace)
        )
    except RPCError as error:
        advice = f"see that namespace {client.namespace} exists and may be asked"
        return Check(name, Finding.MISSING, f"Temporal does not tell ({error.message})", advice)
    missing = [each for each in wanted if each not in present.custom_attributes]
    if not missing:
        return Check(name, Finding.OK, ", ".join(wanted))
    return Check(name, Finding.MISSING, f"missing: {', '.join(missing)}", "run `doorstep migrate`")


async def _worker(client: Client) -> Check:
    identities = await pollers(client)
    if identities:
        seen = f"{len(identities)} on task queue {TASK_QUEUE}"
        return Check("worker", Finding.OK, f"{seen} in the last minutes")
    seen = f"nobody asks for work on task queue {TASK_QUEUE}"
    return Check("worker", Finding.MISSING, seen, "run `doorstep worker` or `doorstep up`")


async def _api(settings: Settings) -> Check:
    url = System.from_environment(settings).api_url
    alive, ready = await probe(f"{url}/healthz"), await probe(f"{url}/readyz")
    if alive is None:
        advice = "run `doorstep api` or `doorstep up`, or correct DOORSTEP_API_PORT"
        return Check("API", Finding.MISSING, f"no answer at {url}", advice)
    if ready is not None and ready.status_code == 200:
        return Check("API", Finding.OK, f"alive and ready at {url}")
    advice = "mend the database as said above: until then no event is taken"
    return Check("API", Finding.MISSING, f"alive at {url} but not ready", advice)


def _twilio(settings: Settings) -> Check:
    wanted = {
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
    }
    unset = [name for name, value in wanted.items() if value is None]
    if unset:
        advice = "no text is sent until they are set"
        return Check("Twilio", Finding.NOTE, f"not set: {', '.join(unset)}", advice)
    if settings.twilio_sender is None:
        advice = "each partner with texts needs a sender of its own"
        return Check("Twilio", Finding.NOTE, "not set: TWILIO_SENDER", advice)
    return Check("Twilio", Finding.OK, f"texts are sent as {settings.twilio_sender}")


def _public_url(settings: Settings) -> Check:
    name = "public URL"
    if settings.public_url is not None:
        return Check(name, Finding.OK, f"Twilio and customers come in at {settings.public_url}")
    advice = "texts have no status callbacks and no opt-out links without it"
    return Check(name, Finding.NOTE, "not set: DOORSTEP_PUBLIC_URL", advice)


def check_authorities(settings: Settings) -> Check:
    """Whether a worker has any certificate authority to check endpoints by."""
    name = "authorities"
    try:
        context = trusted_context(str(settings.ca_file) if settings.ca_file else None)
    except ConfigurationError as error:
        advice = "until then no worker starts, for https endpoints would all fail with `tls`"
        return Check(name, Finding.MISSING, str(error), advice)
    count = authorities(context)
    return Check(name, Finding.OK, f"{count} certificate authorities that endpoints may use")


def _oms_webhook(settings: Settings) -> Check:
    name, oms = "OMS webhook", settings.oms_webhook
    if oms is not None:
        host = read_endpoint_url(oms.url).host  # the rest of the URL may be a secret
        return Check(name, Finding.OK, f"instructions after failed deliveries are posted to {host}")
    advice = "the OMS reads instructions from the feed, /v1/instructions, or hears of none"
    return Check(name, Finding.NOTE, "not set: DOORSTEP_OMS_WEBHOOK_URL", advice)


def _ops_webhook(settings: Settings) -> Check:
    name, ops = "ops webhook", settings.ops_webhook
    if ops is not None:
        host = read_endpoint_url(ops.url).host  # the rest of the URL may be a secret
        return Check(name, Finding.OK, f"ops is told at {host} when an endpoint is switched off")
    advice = "only the log says when an endpoint is switched off"
    return Check(name, Finding.NOTE, "not set: DOORSTEP_OPS_WEBHOOK_URL", advice)

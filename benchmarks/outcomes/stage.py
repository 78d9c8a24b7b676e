"""Everything that runs during a play: the product's own processes, and around them merchants, a
Twilio and an OMS in this one."""

import contextlib
import ssl
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import Engine, create_engine

from benchmarks.engine.engine import EngineFactory
from benchmarks.layout import Setup
from benchmarks.ledger.stored import StoredCount
from benchmarks.outcomes.answers import Answers
from benchmarks.outcomes.assumptions import TIME_FACTOR
from benchmarks.outcomes.faults import Calendar, draw_faults
from benchmarks.outcomes.merchants import Merchants
from benchmarks.outcomes.operator import Operator
from benchmarks.outcomes.options import Options
from benchmarks.outcomes.partners import PARTNERS, SETTINGS
from benchmarks.outcomes.simulated_clock import SimulatedClock
from benchmarks.outcomes.stored import PlayedRows
from benchmarks.ports import lasting_ports
from benchmarks.rig import Rig, open_rig
from contracts.payload.signature import new_secret
from sandbox.partners import register
from sandbox.twilio import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN, TwilioSandbox

_NEVER_HERE_S = str(365 * 86_400)
_WITHOUT_A_CAP = "100000"


@dataclass(frozen=True)
class Stage:
    """What runs, and how it is read. `endpoint_ids` are the product's by the endpoints' names."""

    rig: Rig
    calendar: Calendar
    clock: SimulatedClock
    merchants: Merchants
    twilio: TwilioSandbox
    answers: Answers
    operator: Operator
    sql: Engine
    stored: StoredCount
    rows: PlayedRows
    endpoint_ids: Mapping[str, str]


@contextlib.asynccontextmanager
async def open_stage(options: Options, engine: EngineFactory) -> AsyncIterator[Stage]:
    """Start everything, register the partners, and stop all of it at the end."""
    async with contextlib.AsyncExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="doorstep-outcomes-")
        ca_file = Path(stack.enter_context(made)) / "authority.pem"
        calendar = draw_faults(options.seed)
        clock = SimulatedClock(calendar)
        merchants = Merchants(options.seed, calendar, clock, ca_file)
        await stack.enter_async_context(merchants)
        twilio = await stack.enter_async_context(TwilioSandbox(callbacks=None))
        answers = Answers(new_secret(), lasting_ports(1)[0])
        await stack.enter_async_context(answers.oms)
        if options.keep is not None:
            options.keep.mkdir(parents=True)
        keep = options.keep.resolve() if options.keep else None
        setup = Setup(settings=_settings(ca_file, twilio, answers))
        rig = await stack.enter_async_context(open_rig(setup, engine, keep))
        operator = Operator(rig.layout.api_urls[0], rig.layout.key)
        stack.push_async_callback(operator.aclose)
        sql = create_engine(rig.settings.store_url, pool_pre_ping=True)
        stack.callback(sql.dispose)
        stored = StoredCount(rig.settings.store_url, rig.keyring)
        stack.callback(stored.close)
        endpoint_ids = await _register(rig, merchants, operator, ca_file)
        yield Stage(
            rig, calendar, clock, merchants, twilio, answers, operator, sql, stored,
            PlayedRows(sql), endpoint_ids,
        )  # fmt: skip


def _settings(ca_file: Path, twilio: TwilioSandbox, answers: Answers) -> dict[str, str]:
    return {
        "DOORSTEP_TIME_SCALE": str(1 / TIME_FACTOR),
        "DOORSTEP_RETENTION_EVERY": _NEVER_HERE_S,
        "DOORSTEP_SMS_DAILY_CAP": _WITHOUT_A_CAP,
        "DOORSTEP_CA_FILE": str(ca_file),
        "DOORSTEP_OMS_WEBHOOK_URL": answers.oms.url,
        "DOORSTEP_OMS_WEBHOOK_SECRET": answers.secret,
        "TWILIO_ACCOUNT_SID": DEFAULT_ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": DEFAULT_AUTH_TOKEN,
        "TWILIO_SENDER": "+15005550006",
        "TWILIO_BASE_URL": twilio.base_url,
    }


async def _register(
    rig: Rig, merchants: Merchants, operator: Operator, ca_file: Path
) -> dict[str, str]:
    async with httpx.AsyncClient(
        base_url=rig.layout.api_urls[0],
        headers={"authorization": f"Bearer {rig.layout.key}"},
        timeout=20,
        trust_env=False,
        verify=ssl.create_default_context(cafile=ca_file),
    ) as client:
        endpoint_ids = await register(client, PARTNERS, merchants.origins)
    for partner in PARTNERS:
        await operator.set_partner(partner.id, SETTINGS)
    return endpoint_ids

"""Everything the steps of a demo work with, opened for as long as the demo lasts."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

from commands.demo.api import Api
from commands.demo.merchants import Merchants, open_merchants
from commands.demo.progress import Progress, Stopwatch, accepted_since, read_progress
from commands.demo.screen import Screen, ScreenState
from commands.errors import CommandFailed
from commands.operator_key import require_operator_key
from commands.system import System
from sandbox.mail import MailSandbox
from sandbox.mail_page import mail_page
from sandbox.oms import OmsClient
from sandbox.oms_instructions import OmsInstructions
from sandbox.serving import LocalServer
from sandbox.twilio import TwilioSandbox
from store.db.database import Database
from store.encryption.key_file import keyring_of


@dataclass(frozen=True)
class Parts:
    """What the steps work with."""

    system: System
    screen: Screen
    database: Database
    merchants: Merchants
    oms: OmsClient
    instructions: OmsInstructions
    twilio: TwilioSandbox
    mail: MailSandbox
    mail_page: str
    stopwatch: Stopwatch

    @property
    def schedule_s(self) -> float:
        """How long a whole retry schedule takes, compressed."""
        return sum(self.system.settings.retry_schedule.delays_s)

    async def progress(self) -> Progress:
        """How far it is."""
        return await self.database.read(read_progress)

    async def look(self) -> ScreenState:
        """Everything that the screen shows."""
        known_since = self.stopwatch.known_since
        self.stopwatch.learn(await self.database.read(accepted_since, known_since))
        return ScreenState(
            await self.progress(), self.stopwatch.times_s(), self.merchants.receivers
        )


async def set_up(
    sandbox: AsyncExitStack,
    system: System,
    screen: Screen,
    twilio: TwilioSandbox,
    mail: MailSandbox,
) -> Parts:
    """Start the merchants and connect to everything that runs."""
    key = require_operator_key(system.settings)
    api = Api.at(system.api_url, key)
    sandbox.push_async_callback(api.aclose)
    database = Database(system.settings.store_url, keyring_of(*system.settings.key_source))
    sandbox.callback(database.close)
    oms = await sandbox.enter_async_context(OmsClient(system.api_url, key))
    instructions = await sandbox.enter_async_context(_receiving(oms, system, key))
    merchants = await open_merchants(sandbox, api)
    stopwatch = Stopwatch([one.merchant for one in merchants.receivers])
    page = LocalServer(mail_page(mail.received))
    await page.start()
    sandbox.push_async_callback(page.stop)
    return Parts(
        *(system, screen, database, merchants, oms, instructions, twilio),
        mail=mail,
        mail_page=page.url,
        stopwatch=stopwatch,
    )


def _receiving(oms: OmsClient, system: System, key: str) -> OmsInstructions:
    """The OMS's side of instructions, where the settings say that it listens."""
    webhook = system.settings.oms_webhook
    if webhook is None:
        raise CommandFailed("DOORSTEP_OMS_WEBHOOK_URL and …_SECRET: a demo needs both")
    return OmsInstructions(
        oms, system.api_url, key, secret=webhook.secret, port=urlsplit(webhook.url).port or 0
    )

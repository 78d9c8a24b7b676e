"""Whether Twilio knows our account: one authenticated read, which sends and costs nothing."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests
from twilio.base.exceptions import TwilioException

from activities.twilio_sender import TwilioAccount, client_of
from contracts.sms.twilio_fields import read_fields, whole_number

WITHIN_S = 5.0
_ACTIVE = "active"


@dataclass(frozen=True)
class AccountAnswer:
    """What Twilio says. `status` is HTTP's, None where nothing came; `said` is the account's own
    status, or what went wrong."""

    status: int | None
    said: str

    @property
    def is_active(self) -> bool:
        """Whether texts may be sent by it."""
        return self.status == 200 and self.said == _ACTIVE

    @property
    def is_away(self) -> bool:
        """Whether nothing was said of the account at all."""
        return self.status is None or self.status >= 500 or self.status == 429


async def ask_for_account(account: TwilioAccount, within_s: float = WITHIN_S) -> AccountAnswer:
    """Ask once. Never raises for what the other side did."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="twilio") as thread:
        return await loop.run_in_executor(thread, _ask, account, within_s)


def _ask(account: TwilioAccount, within_s: float) -> AccountAnswer:
    try:
        v2010 = client_of(account, within_s).api.v2010
        response = v2010.request("GET", f"/Accounts/{account.account_sid}.json")
    except (requests.RequestException, TwilioException) as error:
        return AccountAnswer(None, type(error).__name__)
    fields = read_fields(response.text)
    if response.status_code == 200:
        return AccountAnswer(200, str(fields.get("status", "unreadable"))[:40])
    code = whole_number(fields.get("code"))
    return AccountAnswer(response.status_code, f"twilio_{code or response.status_code}")

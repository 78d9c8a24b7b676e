"""`doorstep receiver`: takes webhooks on this machine and says what came, for whoever develops."""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from commands.errors import CommandFailed
from commands.ports import LOOPBACK, require_free
from commands.signals import stop_on_signals
from sandbox.merchant import Merchant
from sandbox.received import Received

_SECRET = re.compile(r"\bwhsec_[A-Za-z0-9+/=]+")
_LONGEST_LULL_S = 3600.0


def secrets_in(file: Path | None, of_the_environment: str | None) -> list[str]:
    """Every signing secret in a file, whatever else stands there, or the one of the environment.
    CommandFailed where there is none in the file."""
    if file is None:
        return [of_the_environment] if of_the_environment else []
    try:
        found = _SECRET.findall(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{file}: cannot be read ({error})") from None
    if not found:
        raise CommandFailed(f"{file}: there is no secret in it, which begins with whsec_")
    return found


async def receive(port: int, secrets: Sequence[str], say: Callable[[str], None]) -> None:
    """Answer every webhook 200 and say what it was, until Ctrl-C."""
    stop = stop_on_signals()
    require_free(LOOPBACK, port, "--port")
    async with Merchant(name="receiver", port=port, secret=secrets) as merchant:
        say(f"takes webhooks at {merchant.origin}; Ctrl-C ends it")
        telling = asyncio.create_task(_tell(merchant, say))
        await stop.wait()
        telling.cancel()
        await asyncio.wait({telling})


async def _tell(merchant: Merchant, say: Callable[[str], None]) -> None:
    told = 0
    while True:
        for one in merchant.received[told:]:
            say(in_words(one, is_checked=bool(merchant.secrets)))
            told += 1
        with suppress(TimeoutError):
            await merchant.wait_for(told + 1, timeout=_LONGEST_LULL_S)


def in_words(received: Received, *, is_checked: bool) -> str:
    """One line about a webhook: nothing of the customer."""
    signature = "signature right" if received.verified else "SIGNATURE WRONG"
    return (
        f"{received.event_type or 'not a webhook'}  {received.webhook_id or '-'}  "
        f"order {received.order_id or '-'}  "
        f"{signature if is_checked else 'signature not checked: no secret'}  "
        f"answered {received.answer}"
    )

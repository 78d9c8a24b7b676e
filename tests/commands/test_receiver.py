"""`doorstep receiver`: what it says of a webhook, and where it takes the secret from."""

from pathlib import Path

import pytest

from activities.webhook_sender import WebhookSender
from commands.errors import CommandFailed
from commands.receiver import in_words, secrets_in
from contracts.clock import utc_now
from contracts.payload.signature import new_secret
from resolver import NameLookUps
from sandbox.merchant import Merchant
from store.deliveries.attempts import ReadyAttempt
from tests.support.parts import LOOPBACK

SECRET, OTHER = new_secret(), new_secret()
BODY = b'{"type": "delivered", "data": {"order": {"order_id": "ORD-1"}}}'


@pytest.mark.parametrize(
    ("keeps", "signature"),
    [
        ([SECRET], "signature right"),
        ([OTHER], "SIGNATURE WRONG"),
        ([], "signature not checked: no secret"),
    ],
)
async def test_one_line_about_each_webhook(keeps: list[str], signature: str) -> None:
    sender = WebhookSender.guarded(LOOPBACK, NameLookUps())
    async with Merchant(secret=keeps) as merchant:
        ready = ReadyAttempt("att_1", 1, "evt_1", "ep_1", merchant.url, [SECRET], BODY)
        await sender.post(ready, utc_now())
        [received] = merchant.received
    await sender.aclose()
    assert in_words(received, is_checked=bool(keeps)) == (
        f"delivered  evt_1  order ORD-1  {signature}  answered 200"
    )


def test_the_secret_is_found_in_what_was_printed(tmp_path: Path) -> None:
    printed = tmp_path / "partner.txt"
    printed.write_text(f"endpoint  ep_1\nsecret    {SECRET}  (shown only now)\n")
    assert secrets_in(printed, OTHER) == [SECRET]
    assert secrets_in(None, OTHER) == [OTHER]
    assert secrets_in(None, None) == []


def test_a_file_without_one_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="whsec_"):
        secrets_in(Path(__file__).with_name("running.py"), None)
    with pytest.raises(CommandFailed, match="cannot be read"):
        secrets_in(tmp_path / "none", None)

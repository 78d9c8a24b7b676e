"""A customer's change of address: the code is texted, and opens it; it leaks nowhere."""

import json
import re

import pytest
from temporalio.service import RPCError

from contracts.clock import utc_now
from contracts.ids import instruction_text_workflow_id
from contracts.instructions.posts import OmsWebhook
from contracts.instructions.transitions import InstructionState
from contracts.instructions.words import GivenBy
from contracts.payload.signature import new_secret
from sandbox.merchant import Merchant
from sandbox.twilio import TwilioSandbox
from store.instructions.codes import confirm_code, issue_code
from tests.support.instructions import NEW_ADDRESS, Counter, a_failed_delivery, ended
from tests.support.shelf import Shelf
from tests.support.stack import Stack
from tests.support.twilio import texter_on
from tests.support.waiting import eventually

pytestmark = pytest.mark.extended

SECRET = new_secret()


async def test_the_code_is_texted_and_the_oms_hears_of_it_once_it_is_right(stack: Stack) -> None:
    shelf, now = Shelf(stack.database), utc_now()
    await shelf.add_partner(sms_sender="+15005550006")
    event = a_failed_delivery(at=now)
    await shelf.accept(event, now=now)
    await shelf.take_out(event.event_id)
    orders = Counter(shelf)
    given = await orders.give("change_address", by=GivenBy.CUSTOMER, address=NEW_ADDRESS, now=now)
    text = await stack.database.write(issue_code, given.id, utc_now())
    handle = stack.client.get_workflow_handle(instruction_text_workflow_id(text.id))
    async with (
        TwilioSandbox(callbacks=None) as twilio,
        Merchant(secret=SECRET) as oms,
        stack.worker(texter=texter_on(twilio), oms=OmsWebhook(oms.url, SECRET)),
    ):
        [message] = await twilio.wait_for(1)
        await eventually(handle.describe, lambda seen: bool(seen.close_time), ignoring=RPCError)
        assert oms.received == []
        [code] = re.findall(r"\b[0-9]{6}\b", message.body)
        assert await stack.database.write(confirm_code, given.id, code, utc_now())
        [received] = await oms.wait_for(1)
        await ended(stack)
    assert message.to == "+919876543210"
    assert received.payload["instruction_id"] == given.id
    assert received.payload["address"]["line1"] == NEW_ADDRESS["line1"]
    assert (await orders.row(given)).state is InstructionState.OPEN
    history = json.dumps((await handle.fetch_history()).to_json_dict())
    for secret in (code, "9876543210", NEW_ADDRESS["line1"]):
        assert secret not in history

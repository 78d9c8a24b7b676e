"""The page of what the sandbox's mail server has taken."""

from email.message import EmailMessage

import httpx
import pytest

from contracts.clock import utc_now
from sandbox.mail_page import mail_page
from sandbox.received_mail import ReceivedMail
from sandbox.serving import LocalServer

HTML = "<!doctype html><html><head><title>x</title></head><body><a href='/in'>In</a></body></html>"


@pytest.fixture
def mail() -> ReceivedMail:
    message = EmailMessage()
    message["Subject"], message["To"] = "You are invited", "asha@ops.example"
    message.set_content("Open http://127.0.0.1/in")
    message.add_alternative(HTML, subtype="html")
    who = ("asha@ops.example",)
    return ReceivedMail("us@doorstep.example", who, message.as_bytes(), utc_now(), False, None)


async def test_links_of_an_email_open_beside_it(mail: ReceivedMail) -> None:
    server = LocalServer(mail_page([mail]))
    await server.start()
    try:
        async with httpx.AsyncClient(base_url=server.url) as http:
            shown, framed = (await http.get("/0")).text, (await http.get("/0/html")).text
    finally:
        await server.stop()
    assert "allow-popups allow-popups-to-escape-sandbox" in shown
    assert "<head><base target='_blank'>" in framed

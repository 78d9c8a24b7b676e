"""What sending an e-mail needs: somebody who words it, and somebody who hands it to the server."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from contracts.brand import Brand
from contracts.notifications.mail import MailAnswer, MailContent, OutgoingMail, Rendered


class MailRenderer(Protocol):
    """Puts an e-mail into words."""

    def render(self, content: MailContent) -> Rendered:
        """The e-mail in the recipient's language."""


class MailSender(Protocol):
    """Hands e-mails to the mail server."""

    async def send(
        self, mail: OutgoingMail, *, before_body: Callable[[], Awaitable[bool]]
    ) -> MailAnswer:
        """Send one e-mail. Never raises for what the server or the network does.

        `before_body` is awaited after the server has answered 354 to DATA, before the first byte of
        the body: the claim is committed there. Where it gives False, nothing is sent and the answer
        is STOPPED. An exception of it ends the connection without a body, and is raised on.
        """


@dataclass(frozen=True)
class Mail:
    """All that e-mails need. `base_url` is the dashboard's address, without a slash at its end."""

    sender: MailSender
    renderer: MailRenderer
    brand: Brand
    base_url: str

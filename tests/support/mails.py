"""A mail server that answers as it is told, for tests of what follows from its answers. Real SMTP
is spoken in the tests of the mailer and end to end."""

from collections.abc import Awaitable, Callable

from activities.mail_sender import Mail
from contracts.brand import Brand
from contracts.notifications.mail import (
    MailAnswer,
    MailContent,
    MailFate,
    OutgoingMail,
    Rendered,
)

BASE_URL = "https://doorstep.example/dashboard"


class Words:
    """Says what it is given; keeps it."""

    def __init__(self) -> None:
        self.worded: list[MailContent] = []

    def render(self, content: MailContent) -> Rendered:
        """The kinds, in one line."""
        self.worded.append(content)
        said = ", ".join(item.kind for item in content.items)
        return Rendered(said, said, f"<p>{said}</p>")


class PostOffice:
    """`fate` and `code` are its answer to each e-mail, and `then` from the second on;
    `before_claim` runs right before the claim, which is asked for unless the answer is one that
    comes earlier."""

    def __init__(
        self,
        fate: MailFate = MailFate.SENT,
        code: str = "smtp_250",
        *,
        then: MailFate | None = None,
        before_claim: Callable[[], Awaitable[None]] | None = None,
        words: Words | None = None,
    ) -> None:
        self.fate, self.code = fate, code
        self.asked = 0
        self._then = then
        self.taken: list[OutgoingMail] = []
        self.mail = Mail(self, words or Words(), Brand(), BASE_URL)
        self._before_claim = before_claim

    @property
    def worded(self) -> list[MailContent]:
        """What was put into words."""
        words = self.mail.renderer
        assert isinstance(words, Words)
        return words.worded

    async def send(
        self, mail: OutgoingMail, *, before_body: Callable[[], Awaitable[bool]]
    ) -> MailAnswer:
        """As the mail server of the product is handed an e-mail."""
        self.asked += 1
        if self._before_claim is not None:
            await self._before_claim()
        if self.fate is not MailFate.REFUSED and not await before_body():
            return MailAnswer(MailFate.STOPPED, "stopped")
        answer = MailAnswer(self.fate, self.code)
        if self.fate is MailFate.SENT:
            self.taken.append(mail)
        self.fate = self._then or self.fate
        return answer

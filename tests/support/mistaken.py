"""A sender with a mistake of ours in it, of the kind that costs a partner nothing."""

from datetime import datetime

import httpx

from activities.webhook_sender import WebhookSender
from contracts.delivery.verdicts import Answer
from store.deliveries.attempts import ReadyAttempt


class MistakenSender(WebhookSender):
    """Posts as any sender, but at its n-th request it fails before anything leaves; None: at every
    one."""

    def __init__(self, at: int | None = 1) -> None:
        super().__init__(httpx.AsyncHTTPTransport())
        self._at, self._asked = at, 0

    async def post(
        self, ready: ReadyAttempt, sent_at: datetime, traceparent: str | None = None
    ) -> Answer:
        """Post it, unless it is the one."""
        self._asked += 1
        if self._at in (self._asked, None):
            raise ZeroDivisionError("a mistake of ours about +919876543210")
        return await super().post(ready, sent_at, traceparent)

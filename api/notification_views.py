"""Messages of notifications as the API shows them: states and codes, and of people what tells one
from another."""

from typing import Any

from pydantic import BaseModel, Field

from api.pages import Page
from api.queries import PageQuery, ShortText
from api.rows import view_of
from contracts.ids import EndpointRef, MessageRef, NotificationRef, PartnerRef, UserRef
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import MessageChannel, MessageState
from contracts.payload.fields import UtcDatetime
from store.notifications.listing import MOST_NAMED, ListedMessage, MessageFilter


class NotificationQuery(PageQuery):
    """The list's filters; all that are set must hold."""

    partner_id: ShortText | None = Field(default=None, examples=["chai-point"])
    channel: MessageChannel | None = None
    state: MessageState | None = None

    def as_filter(self) -> MessageFilter:
        """The filter that the store understands."""
        states = () if self.state is None else (self.state,)
        return MessageFilter(self.partner_id, self.channel, states)


class RecipientView(BaseModel):
    """Whom an e-mail is for."""

    user_id: UserRef
    name: str = Field(examples=["Priya Nair"])
    address: str | None = Field(
        description="its first letter and its domain; null once the person was removed",
        examples=["p…@chaipoint.example"],
    )


class CarriedNotificationView(BaseModel):
    """One change that a message tells of."""

    id: NotificationRef
    kind: NotificationKind
    partner_id: PartnerRef | None
    endpoint_id: EndpointRef | None
    about: dict[str, Any] = Field(
        description="ids, codes, counts and dates, by kind; nothing personal",
        examples=[{"host": "hooks.chaipoint.example", "code": "http_503"}],
    )
    created_at: UtcDatetime
    left_out: bool = Field(description="whether it was over, and left out, when the message went")


class NotificationMessageView(BaseModel):
    """One thing that was sent, or is to be: an e-mail, an SMS or a webhook."""

    id: MessageRef
    channel: MessageChannel
    partner_id: PartnerRef | None = Field(description="null for what goes to operations")
    recipient: RecipientView | None = Field(
        description="null for the partner's phone, and for webhooks"
    )
    state: MessageState
    code: str | None = Field(description="the last answer", examples=["smtp_250"])
    why: str | None = Field(
        description="in words, where it has ended otherwise than sent", examples=[None]
    )
    attempts: int = Field(description="those that did not get through", examples=[0])
    notifications: list[CarriedNotificationView] = Field(
        description=f"what it tells: the first {MOST_NAMED} of it"
    )
    notification_count: int = Field(examples=[1])
    created_at: UtcDatetime
    send_after: UtcDatetime = Field(description="not before: quiet hours, or waiting for others")
    settled_at: UtcDatetime | None = Field(description="when it ended")

    @classmethod
    def of(cls, message: ListedMessage) -> "NotificationMessageView":
        """Show a message."""
        besides = {
            "recipient": message.recipient,
            "notifications": message.notifications,
            "notification_count": message.count,
        }
        return view_of(cls, message.row, **besides)


class NotificationMessagePage(Page[NotificationMessageView]):
    """A page of messages, the newest first; `next_cursor` is null on the last one."""

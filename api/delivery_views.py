"""What the API shows of a delivery, its attempts, SMS and dead letters: ids, states and codes.

No customer, rider or OTP is in any of these; answers of endpoints were redacted when stored.
"""

from typing import Annotated, Self

from pydantic import BaseModel, Field

from api.rows import view_of
from contracts.delivery.states import (
    AttemptState,
    Channel,
    DeadLetterReason,
    DeadLetterResolution,
    DeliveryState,
    HoldReason,
    SkipReason,
    SmsState,
    Trigger,
)
from contracts.ids import DeliveryRef, EndpointRef, SmsRef
from contracts.payload.fields import UtcDatetime, mask_phone
from store.events.detail import EventDetail
from store.tables import DeliveryRow

AnswerCode = Annotated[str, Field(examples=["http_503"])]
"""How an attempt ended, in a word that a program can branch on."""


class AttemptView(BaseModel):
    """One HTTP request of a delivery."""

    number: int = Field(description="from 1; goes on after a retry", examples=[1])
    trigger: Trigger
    state: AttemptState = Field(examples=["failed"])
    charged: bool = Field(
        description="whether it counts against the retry schedule", examples=[True]
    )
    code: AnswerCode | None = Field(
        description="`http_` and the status, or `timeout`, `connection`, `dns`, `resolver`, `tls`, "
        "`protocol` (what came is not HTTP), `forbidden_address`, `invalid_url`, `internal_error` "
        "(a fault in Doorstep; charged, so that it ends) or `interrupted`"
    )
    status_code: int | None = Field(examples=[503])
    retry_after_s: float | None = Field(description="how long the endpoint asked us to wait")
    duration_ms: int | None = Field(examples=[84])
    response_excerpt: str | None = Field(
        description="how the answer's body begins, redacted", examples=["upstream is busy"]
    )
    started_at: UtcDatetime
    finished_at: UtcDatetime | None


class DeadLetterView(BaseModel):
    """Why automatic attempts ended, and what became of it."""

    reason: DeadLetterReason
    code: AnswerCode | None = Field(description="of the last answer")
    created_at: UtcDatetime
    expires_at: UtcDatetime = Field(
        description="from then on it can no longer be sent", examples=["2026-12-07T09:34:05Z"]
    )
    resolved_at: UtcDatetime | None = Field(description="null while it is open", examples=[None])
    resolution: DeadLetterResolution | None


class SmsView(BaseModel):
    """One SMS of a delivery: never its words, which may have an OTP, and its phone masked."""

    id: SmsRef
    copy_number: int = Field(description="1, and more where a text was sent once more")
    state: SmsState
    phone_masked: str | None = Field(description="null once the customer's data was erased")
    code: str | None = Field(
        description="`twilio_` and Twilio's code or status, or `timeout`, `connection`, "
        "`twilio_unreadable`, `interrupted`, `restored` (it may have gone out before the database "
        "was restored), `no_news`, `sms_not_configured`, `sms_too_long`, `dlt_not_registered` or "
        "`dlt_text_differs`"
    )
    reason: str | None = Field(description="why it was not sent as it is, in words")
    sender: str | None
    language: str | None
    template: str | None = Field(description="whose, language and version: `shipped/en/1`, say")
    content_template_id: str | None = Field(description="the DLT registration that it matched")
    encoding: str | None = Field(description="`GSM-7` or `UCS-2`")
    parts: int | None = Field(description="what Twilio charges for")
    claimed_at: UtcDatetime = Field(description="just before Twilio was called")
    settled_at: UtcDatetime | None


class DeliveryView(BaseModel):
    """One delivery with its attempts, or its SMS."""

    id: DeliveryRef
    channel: Channel | None = Field(examples=["webhook"])
    endpoint_id: EndpointRef | None
    state: DeliveryState = Field(examples=["dead_lettered"])
    skip_reason: SkipReason | None
    hold_reason: HoldReason | None
    fallback: bool = Field(description="whether it is a text that stands in for a webhook")
    round: int = Field(description="how often the retry schedule was begun", examples=[1])
    last_code: AnswerCode | None = Field(description="of the last answer")
    next_attempt_at: UtcDatetime | None = Field(examples=[None])
    delivered_at: UtcDatetime | None = Field(examples=[None])
    attempts: list[AttemptView]
    sms: list[SmsView] = Field(
        description="in place of attempts, one for each copy and phone", examples=[[]]
    )
    dead_letters: list[DeadLetterView]

    @classmethod
    def of(cls, row: DeliveryRow, detail: EventDetail) -> Self:
        """Show a delivery row with its attempts and dead letters out of the event's detail."""
        phones = {text_id: mask_phone(phone) for text_id, phone in detail.phones.items()}
        return view_of(
            cls,
            row,
            attempts=[
                view_of(AttemptView, one, response_excerpt=detail.excerpts.get(one.id))
                for one in detail.attempts
                if one.delivery_id == row.id
            ],
            sms=[
                view_of(SmsView, one, phone_masked=phones.get(one.id), reason=one.fault)
                for one in detail.texts
                if one.delivery_id == row.id
            ],
            dead_letters=[one for one in detail.dead_letters if one.delivery_id == row.id],
        )

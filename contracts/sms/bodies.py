"""What the API takes and shows about texts: opt-outs, templates, previews."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from contracts.body import Body, shown_as
from contracts.delivery.states import OptOutSource
from contracts.ids import ContentTemplateRef, OptOutRef, PartnerRef
from contracts.payload.events import EventType, PartnerId
from contracts.payload.fields import Phone, UtcDatetime
from contracts.payload.text import readable
from contracts.sms.languages import Language

LONGEST_TEMPLATE = 2000
"""Characters, variables included: far more than the parts that a text may take."""

TemplateText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_TEMPLATE, pattern=r"^[^\x00]*$"
    ),
    AfterValidator(readable),
]
"""The words of a text with its variables: without NUL, which PostgreSQL cannot keep, and without
what a customer would not see at its ends."""

SmsEncoding = Annotated[str, Field(description="`GSM-7` or `UCS-2`", examples=["GSM-7"])]
Parts = Annotated[int, Field(description="what is paid for", examples=[1])]


class OptOutCreate(Body):
    """A customer who is to be texted no more by a partner."""

    model_config = shown_as(partner_id="chai-point", phone="98123 45678")

    partner_id: PartnerId
    phone: Phone


class OptOutPublic(Body):
    """An opt-out in force; of the phone it shows what tells it from others."""

    id: OptOutRef
    partner_id: PartnerRef
    phone_masked: str = Field(examples=["+91********78"])
    source: OptOutSource
    created_at: UtcDatetime


class TemplatePut(Body):
    """A partner's own text, for the type of event and the language in the address."""

    model_config = shown_as(
        partner_id="chai-point", text="{shop}: order {order_id} is confirmed. Thank you!"
    )

    partner_id: PartnerId
    text: TemplateText


class TemplatePublic(Body):
    """The text in force for a type of event and a language, and how a sample order reads in it."""

    partner_id: PartnerRef
    event_type: EventType
    language: Language
    text: str = Field(examples=["{shop}: order {order_id} is confirmed. Thank you!"])
    own: bool = Field(description="false: the one that is shipped", examples=[True])
    version: int = Field(examples=[1])
    encoding: SmsEncoding
    parts: Parts
    sample: str = Field(
        description="how it reads for a sample order",
        examples=["Chai Point: order ORD-48213 is confirmed. Thank you!"],
    )


class TemplateChanged(TemplatePublic):
    """The text as it is in force now."""

    warnings: list[str] = Field(
        description="advice: what may turn out badly with some orders", examples=[[]]
    )


class TemplateVersionPublic(Body):
    """One version of a partner's own text."""

    version: int = Field(examples=[1])
    text: str | None = Field(
        description="null: from then on the shipped one held",
        examples=["{shop}: order {order_id} is confirmed. Thank you!"],
    )
    created_at: UtcDatetime
    created_by: str = Field(examples=["operator"])


class SmsPreviewRequest(Body):
    """Which text to try out."""

    model_config = shown_as(
        partner_id="chai-point", event_type="delivered", text="{shop}: {order_id} is here."
    )

    partner_id: PartnerId
    event_type: EventType
    language: Language | None = Field(default=None, description="null: the partner's")
    text: TemplateText | None = Field(default=None, description="null: the one in force")


class TestMessageRequest(Body):
    """Which SMS to try out on the shop owner's own phone."""

    model_config = shown_as(partner_id="chai-point", event_type="out_for_delivery")

    partner_id: PartnerId
    event_type: EventType = EventType.ORDER_CONFIRMED


class Registered(Body):
    """How a text stands to what its sender has registered for India."""

    content_template_id: ContentTemplateRef | None
    departure: str | None = Field(
        description="null: it matches; else where it departs from what is registered, or that "
        "nothing is: no such text leaves for India"
    )


class SmsPreview(Body):
    """A text as a customer would read it, for a sample order."""

    text: str = Field(examples=["Chai Point: ORD-48213 is here."])
    encoding: SmsEncoding
    characters: int = Field(description="what fills a part", examples=[30])
    parts: Parts
    errors: list[str] = Field(
        description="what keeps it from being used: that it matches nothing registered, say",
        examples=[[]],
    )
    warnings: list[str] = Field(
        description="advice, also how texts write the shop's name and which links they lose",
        examples=[[]],
    )
    registered: Registered | None = Field(
        description="null: its sender is not registered for India, so that nothing has to match"
    )

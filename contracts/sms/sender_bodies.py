"""What the API takes and shows about senders that are registered in India."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from contracts.body import Body, shown_as
from contracts.ids import ContentTemplateRef, SenderRef
from contracts.payload.events import EventType
from contracts.payload.fields import UtcDatetime
from contracts.payload.text import readable
from contracts.sms.bodies import LONGEST_TEMPLATE
from contracts.sms.dlt import Category
from contracts.sms.languages import Language
from contracts.sms.links import LONGEST_URL

RegisteredText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_TEMPLATE, pattern=r"^[^\x00]*$"),
    AfterValidator(readable),
]
"""The words of a text with its variables, without NUL, which PostgreSQL cannot keep."""

DltId = Annotated[str, StringConstraints(pattern=r"^[0-9]{15,20}$")]
"""An id on the DLT platform of an Indian operator: of the entity, or of a content template."""

DltHeader = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3,6}$")]
"""A header as it is registered in India: 3 to 6 letters (TRAI's TCCCPR 2018)."""

LinkPrefix = Annotated[
    str,
    StringConstraints(
        max_length=LONGEST_URL, pattern=r"^https://[a-z0-9.-]+/[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]*$"
    ),
]
"""What a link may begin with: its host in small letters, whole, with the `/` behind it."""


class SenderPut(Body):
    """What a sender is registered as in India."""

    model_config = shown_as(
        entity_id="1101234567890123456",
        header="CHAIPT",
        link_prefixes=["https://track.example/"],
    )

    entity_id: DltId
    header: DltHeader
    link_prefixes: list[LinkPrefix] | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        description="what is whitelisted for links in its texts, such as https://track.example/; "
        "a link that begins with none of it is left out; null: links may begin with anything",
    )


class SenderPublic(Body):
    """A sender that is registered for India."""

    sender: SenderRef
    entity_id: str = Field(examples=["1101234567890123456"])
    header: str = Field(examples=["CHAIPT"])
    link_prefixes: list[str] | None = Field(examples=[["https://track.example/"]])
    created_at: UtcDatetime


class DltTemplatePut(Body):
    """A content template as it is registered."""

    model_config = shown_as(
        event_type="delivered",
        language="en",
        category="service_implicit",
        text="{#alphanumeric#}: your order {#alphanumeric#} was delivered. Thank you.",
    )

    event_type: EventType
    language: Language
    category: Category
    text: RegisteredText = Field(
        description="word for word, with its typed variables such as `{#alphanumeric#}`"
    )


class DltTemplatePublic(Body):
    """A registered content template of a sender."""

    sender: SenderRef
    content_template_id: ContentTemplateRef
    event_type: EventType = Field(examples=["delivered"])
    language: Language
    category: Category = Field(examples=["service_implicit"])
    text: str = Field(
        examples=["{#alphanumeric#}: your order {#alphanumeric#} was delivered. Thank you."]
    )
    created_at: UtcDatetime


class DltTemplateChanged(DltTemplatePublic):
    """A registered content template, with advice."""

    warnings: list[str] = Field(
        description="where the shipped text departs from it: whoever texts that needs another",
        examples=[[]],
    )

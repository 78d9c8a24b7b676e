"""What the API takes and shows about texts: opt-outs, templates, previews, senders for India."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from contracts.body import Body
from contracts.delivery.states import OptOutSource
from contracts.payload.events import EventType, PartnerId
from contracts.payload.fields import Phone, UtcDatetime
from contracts.payload.text import readable
from contracts.sms.dlt import Category
from contracts.sms.languages import Language
from contracts.sms.links import LONGEST_URL

LONGEST_TEMPLATE = 2000
"""Characters, variables included: far more than the parts that a text may take."""

RegisteredText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_TEMPLATE, pattern=r"^[^\x00]*$"),
    AfterValidator(readable),
]
"""The words of a text with its variables, without NUL, which PostgreSQL cannot keep."""

TemplateText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_TEMPLATE, pattern=r"^[^\x00]*$"
    ),
    AfterValidator(readable),
]
"""The same, without what a customer would not see at its ends."""

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


class OptOutCreate(Body):
    """A customer who is to be texted no more by a partner."""

    partner_id: PartnerId
    phone: Phone


class OptOutPublic(Body):
    """An opt-out in force; of the phone it shows what tells it from others."""

    id: str
    partner_id: str
    phone_masked: str
    source: OptOutSource
    created_at: UtcDatetime


class TemplatePut(Body):
    """A partner's own text, for the type of event and the language in the address."""

    partner_id: PartnerId
    text: TemplateText


class TemplatePublic(Body):
    """The text in force for a type of event and a language, and how a sample order reads in it.

    `own` false: it is the one that is shipped. `encoding` and `parts` are those of the sample.
    """

    partner_id: str
    event_type: EventType
    language: Language
    text: str
    own: bool
    version: int
    encoding: str
    parts: int
    sample: str


class TemplateChanged(TemplatePublic):
    """The answer to a new text: `warnings` say what may turn out badly with some orders."""

    warnings: list[str]


class TemplateVersionPublic(Body):
    """One version of a partner's own text; `text` null: from then on the shipped one held."""

    version: int
    text: str | None
    created_at: UtcDatetime
    created_by: str


class SmsPreviewRequest(Body):
    """Which text to try out. `language` left out is the partner's; without `text` it is the one in
    force."""

    partner_id: PartnerId
    event_type: EventType
    language: Language | None = None
    text: TemplateText | None = None


class TestMessageRequest(Body):
    """Which SMS to try out on the shop owner's own phone."""

    partner_id: PartnerId
    event_type: EventType = EventType.ORDER_CONFIRMED


class Registered(Body):
    """How a text stands to what its sender has registered for India. `departure` null: it matches
    `content_template_id`; else it says where it departs, and no such text leaves for India."""

    content_template_id: str | None
    departure: str | None


class SmsPreview(Body):
    """A text as a customer would read it, for a sample order. `errors` keep it from being used as
    a template. `registered` null: its sender is not registered, so that nothing has to match."""

    text: str
    encoding: str
    characters: int
    parts: int
    errors: list[str]
    warnings: list[str]
    registered: Registered | None


class SenderPut(Body):
    """What a sender is registered as in India."""

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

    sender: str
    entity_id: str
    header: str
    link_prefixes: list[str] | None
    created_at: UtcDatetime


class DltTemplatePut(Body):
    """A content template as it is registered, word for word, with its typed variables."""

    event_type: EventType
    language: Language
    category: Category
    text: RegisteredText


class DltTemplatePublic(Body):
    """A registered content template of a sender."""

    sender: str
    content_template_id: str
    event_type: EventType
    language: Language
    category: Category
    text: str
    created_at: UtcDatetime


class DltTemplateChanged(DltTemplatePublic):
    """The answer to a content template: `warnings` say which texts do not match it."""

    warnings: list[str]

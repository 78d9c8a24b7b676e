"""The table of the variables that a template may use; `contracts.sms.variables` fills them.

A rider's own phone is in none: carriers filter texts with a private number (Twilio's guidelines for
India).
"""

from dataclasses import dataclass
from enum import StrEnum

from contracts.payload.events import EventType


class VariableKind(StrEnum):
    """What a variable holds. Only a text is ever cut; half of any other would be wrong."""

    TEXT = "text"
    CODE = "code"
    URL = "url"
    AMOUNT = "amount"
    TIME = "time"


@dataclass(frozen=True)
class Variable:
    """One `{name}`. `event_types` None: it is known for all types.

    `instead` is read where a value that is always there has nothing left that may travel. `sample`
    is a usual value, in GSM-7. `sample_long` is as long as values come, in the script that
    costs most; it is repeated where a text may be longer.
    """

    name: str
    kind: VariableKind
    meaning: str
    sample: str
    sample_long: str
    event_types: frozenset[EventType] | None = None
    may_be_missing: bool = False
    instead: str = "-"


_OUT = frozenset({EventType.OUT_FOR_DELIVERY})
_FAILED = frozenset({EventType.DELIVERY_FAILED})
_REASONED = frozenset({EventType.DELIVERY_FAILED, EventType.RETURN_INITIATED})
_DELIVERED = frozenset({EventType.DELIVERED})

VARIABLES: tuple[Variable, ...] = (
    Variable(
        "shop",
        VariableKind.TEXT,
        "the shop's name",
        sample="Chai Point",
        sample_long="लक्ष्मीनारायण साड़ी और कपड़ा घर",
        instead="Your shop",
    ),
    Variable(
        "order_id",
        VariableKind.TEXT,
        "the order's number",
        sample="ORD-48213",
        sample_long="NANDINI-SILKS-2026-11-000048213",
    ),
    Variable(
        "customer",
        VariableKind.TEXT,
        "the customer's name",
        sample="Asha Kulkarni",
        sample_long="विश्वनाथ लक्ष्मीनारायण वेंकटरमण",
        may_be_missing=True,
    ),
    Variable(
        "city",
        VariableKind.TEXT,
        "the town it goes to",
        sample="Pune",
        sample_long="श्रीविजयपुरम, दक्षिण अंडमान नगर",
        may_be_missing=True,
    ),
    Variable(
        "track",
        VariableKind.URL,
        "the link to follow the parcel",
        sample="https://track.example/ORD-48213",
        sample_long="https://track.example/parcels/NANDINI-SILKS-2026-11-000048213?lang=hi",
        may_be_missing=True,
    ),
    Variable(
        "opt_out",
        VariableKind.URL,
        "the link to be texted no more",
        sample="https://sms.example/o/Vk3xQ9tRb7Lm",
        sample_long="https://messages.nandini-silks.example/o/Vk3xQ9tRb7LmZ2wYc8Hd",
        may_be_missing=True,
    ),
    Variable(
        "cod_amount",
        VariableKind.AMOUNT,
        "what to pay at the door, such as Rs 499.00",
        sample="Rs 499.00",
        sample_long="Rs 9999999999.99",
        may_be_missing=True,
    ),
    Variable(
        "rider",
        VariableKind.TEXT,
        "the rider's name",
        sample="Imran Shaikh",
        sample_long="சுப்பிரமணியன் மீனாட்சிசுந்தரம் பிள்ளை",
        event_types=_OUT,
        instead="our rider",
    ),
    Variable(
        "otp",
        VariableKind.CODE,
        "the code for the rider",
        sample="4839",
        sample_long="483920",
        event_types=_OUT,
        may_be_missing=True,
    ),
    Variable(
        "otp_until",
        VariableKind.TIME,
        "until when the code holds, in India's time",
        sample="18:30",
        sample_long="18:30",
        event_types=_OUT,
        may_be_missing=True,
    ),
    Variable(
        "vehicle_number",
        VariableKind.TEXT,
        "the number plate",
        sample="KA05MJ1234",
        sample_long="KA 05 MJ 1234 (Mahindra Treo Zor)",
        event_types=_OUT,
        may_be_missing=True,
    ),
    Variable(
        "reason",
        VariableKind.TEXT,
        "why it failed, or why it goes back",
        sample="Nobody was at home",
        sample_long="दरवाज़े पर कोई नहीं मिला, फ़ोन भी नहीं उठा",
        event_types=_REASONED,
        instead="no reason given",
    ),
    Variable(
        "next_attempt",
        VariableKind.TIME,
        "the day of the next attempt, in India's time",
        sample="24-11-2026",
        sample_long="24-11-2026",
        event_types=_FAILED,
        may_be_missing=True,
    ),
    Variable(
        "answer",
        VariableKind.URL,
        "the link to the tracking page, where the customer says what is to be done",
        sample="https://track.example/t/3qTn5u7kQpWc1yZr8VbXdA",
        sample_long="https://messages.nandini-silks.example/t/3qTn5u7kQpWc1yZr8VbXdA",
        event_types=_FAILED,
        may_be_missing=True,
    ),
    Variable(
        "received_by",
        VariableKind.TEXT,
        "who took the parcel",
        sample="Sunita Kulkarni",
        sample_long="सुनीता विश्वनाथ लक्ष्मीनारायण कुलकर्णी",
        event_types=_DELIVERED,
        may_be_missing=True,
    ),
)
"""In the order in which people are shown them."""


def variables_for(event_type: EventType) -> tuple[Variable, ...]:
    """The variables that a template for this type may use."""
    return tuple(v for v in VARIABLES if v.event_types is None or event_type in v.event_types)

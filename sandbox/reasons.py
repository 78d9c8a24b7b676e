"""Why a delivery fails at the door, in the field's words, and what usually follows."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

NextAction = Literal["reattempt", "reschedule", "hold", "rto", "none"]


@dataclass(frozen=True)
class Reason:
    """One reason code of a non-delivery report."""

    category: Literal["customer", "address", "payment", "verification", "carrier", "other"]
    text: str
    next_action: NextAction
    weight: int
    """How common it is among failures."""


REASONS: Mapping[str, Reason] = {
    "customer_unavailable": Reason("customer", "Nobody was at home", "reattempt", 24),
    "customer_unreachable": Reason("customer", "The phone was not answered", "reattempt", 16),
    "customer_refused": Reason("customer", "The customer refused the parcel", "rto", 8),
    "customer_cancelled": Reason("customer", "The customer cancelled at the door", "rto", 6),
    "reschedule_requested": Reason("customer", "Asked to come another time", "reschedule", 8),
    "address_incorrect": Reason("address", "The house number does not exist", "reattempt", 6),
    "customer_moved": Reason("address", "The customer has moved", "rto", 2),
    "access_restricted": Reason("address", "Security did not let the rider in", "reattempt", 4),
    "premises_closed": Reason("address", "The office was closed", "reattempt", 4),
    "out_of_delivery_area": Reason("address", "The pin code is not served", "rto", 2),
    "payment_not_ready": Reason("payment", "The cash was not ready", "reattempt", 5),
    "otp_unavailable": Reason("verification", "The customer had no OTP", "reattempt", 4),
    "otp_mismatch": Reason("verification", "The OTP did not match", "reattempt", 3),
    "not_attempted": Reason("carrier", "The shift ended before the stop", "reattempt", 3),
    "vehicle_issue": Reason("carrier", "The vehicle broke down", "reattempt", 2),
    "weather_delay": Reason("carrier", "Heavy rain, roads under water", "reattempt", 2),
    "shipment_damaged": Reason("carrier", "The parcel was damaged on the way", "rto", 1),
    "shipment_lost": Reason("carrier", "The parcel could not be found", "none", 1),
    "other": Reason("other", "See the rider's remark", "hold", 1),
}
"""The known reason codes of the contract."""


def pick_reason(dice: random.Random) -> str:
    """A reason code, the common ones more often."""
    return dice.choices(list(REASONS), weights=[reason.weight for reason in REASONS.values()])[0]

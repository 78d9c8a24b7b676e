"""Hypothesis strategies for valid events: every nullable field is sometimes away or null."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from contracts.payload.events import MOST_SEQUENCE

Json = dict[str, Any]

_MOMENTS = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2099, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
ids = st.sampled_from(["evt-1", "A_b-9", "x" * 64])
times = _MOMENTS.map(datetime.isoformat)
texts = st.sampled_from(
    ["Asha Kulkarni", "आशा कुलकर्णी", 'A & "B" <c>', "back\\slash", "☂ 7", "x" * 500, "a\nb"]
) | st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Cf", "Z"),
        exclude_characters="\u115f\u1160\u2800\u3164\uffa0",
    ),
    min_size=1,
    max_size=9,
)
order_ids = st.sampled_from(["ORD-48213", "x" * 253, "क" * 42, 'A & "B"', "back\\slash"])
phones = st.integers(6_000_000_000, 9_999_999_999).map("+91{}".format)
pincodes = st.integers(100_000, 999_999).map(str)
links = st.sampled_from(["https://cdn.example/1.jpg", "http://shop.example/t?o=1&x=%20#top"])
amounts = st.integers(0, 9_999) | st.integers(0, 9_999_999).map(
    lambda paise: f"{paise // 100}.{paise % 100:02}"
)
counts = st.integers(0, 9)
latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def group(
    required: dict[str, st.SearchStrategy[Any]],
    nullable: dict[str, st.SearchStrategy[Any]] | None = None,
    defaulted: dict[str, st.SearchStrategy[Any]] | None = None,
) -> st.SearchStrategy[Json]:
    """An object whose nullable fields are left out, null or set, and whose others may be left out
    where they have a default."""
    may_be_null = {name: st.none() | values for name, values in (nullable or {}).items()}
    return st.fixed_dictionaries(required, optional={**may_be_null, **(defaulted or {})})


money = group({"amount": amounts}, defaulted={"currency": st.sampled_from(["INR", "USD"])})
collected = group(
    {"amount": amounts},
    {"mode": st.sampled_from(["cash", "upi", "card", "other"])},
    {"currency": st.just("INR")},
)
places = group({"latitude": latitudes, "longitude": longitudes})
timed_places = group({"latitude": latitudes, "longitude": longitudes, "recorded_at": times})
proofs = st.lists(group({"type": texts, "url": links, "captured_at": times}), max_size=3)

orders = group(
    {
        "order_id": order_ids,
        "shipment_id": texts,
        "status": texts,
        "payment_mode": st.sampled_from(["prepaid", "cod"]),
        "delivery_address": group(
            {"city": texts, "state": texts, "pincode": pincodes},
            {"line1": texts, "line2": texts, "latitude": latitudes, "longitude": longitudes},
            {"country": st.sampled_from(["IN", "NP"])},
        ),
        "ordered_at": times,
    },
    {
        "partner_order_ref": texts,
        "awb_number": texts,
        "source": st.sampled_from(["shopify", "ondc", "api", "manual"]),
        "previous_status": texts,
        "service_type": st.sampled_from(["hyperlocal", "intercity"]),
        "cod_amount": money,
        "customer": group({}, {"name": texts, "phone": phones}),
        "pickup_location": group({}, {"id": texts, "name": texts, "city": texts}),
        "weight_grams": counts,
        "promised_at": times,
        "estimated_delivery_at": times,
        "tracking_url": links,
    },
    {"package_count": st.integers(1, 9), "attempt_number": counts},
)

riders = st.one_of(
    *[
        group(
            {"rider_id": texts, "name": texts, **known},
            {
                "vehicle_type": st.sampled_from(["two_wheeler", "truck", "other"]),
                "vehicle_number": texts,
                "location": timed_places,
                "eta_at": times,
            },
        )
        for known in (
            {"phone": phones},
            {"phone_masked": st.just("+91********10")},
            {"phone": st.none(), "phone_masked": st.just("+91********10")},
            {"phone": phones, "phone_masked": st.just("+91********10")},
        )
    ]
)

_BEGINNINGS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
_ENDS = st.datetimes(datetime(2026, 6, 2), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
otps = group(
    {
        "valid_from": _BEGINNINGS.map(datetime.isoformat),
        "valid_until": _ENDS.map(datetime.isoformat),
    },
    {"code": st.sampled_from(["0000", "48392", "483920"])},
    {"purpose": st.just("delivery")},
)

failures = group(
    {
        "reason_code": texts,
        "reason_category": st.sampled_from(["customer", "address", "payment", "other"]),
        "reason_text": texts,
        "attempt_number": st.integers(1, 9),
        "max_attempts": st.integers(1, 9),
        "attempted_at": times,
        "next_action": st.sampled_from(["reattempt", "reschedule", "hold", "rto", "none"]),
    },
    {"carrier_code": texts, "location": places, "next_attempt_at": times},
    {"evidence": proofs},
)

returns = group(
    {
        "return_id": texts,
        "return_type": st.sampled_from(["rto", "customer_return"]),
        "reason_code": texts,
        "reason_text": texts,
        "initiated_at": times,
        "initiated_by": st.sampled_from(["customer", "partner", "carrier", "system"]),
        "attempts_made": counts,
    },
    {
        "return_awb_number": texts,
        "destination": group({"name": texts, "city": texts, "pincode": pincodes}),
        "expected_return_at": times,
        "disposition": texts,
    },
)

deliveries = group(
    {
        "delivered_at": times,
        "verification_method": st.sampled_from(["otp", "qr", "signature", "photo", "none"]),
        "otp_verified": st.booleans(),
    },
    {
        "received_by": texts,
        "recipient_type": st.sampled_from(["customer", "family", "neighbour", "other"]),
        "location": places,
        "cod_collected": collected,
    },
    {"proof": proofs},
)

GROUPS: dict[str, st.SearchStrategy[Json]] = {
    "order": orders,
    "rider": riders,
    "otp": otps,
    "failure": failures,
    "return": returns,
    "delivery": deliveries,
}


def events(event_type: str, needed: frozenset[str]) -> st.SearchStrategy[Json]:
    """Valid events of one type: the groups it needs, and sometimes ones that it does not."""
    return group(
        {
            "event_id": ids,
            "type": st.just(event_type),
            "partner_id": ids,
            "occurred_at": times,
            "data": group(
                {name: GROUPS[name] for name in sorted(needed)},
                {name: GROUPS[name] for name in sorted(set(GROUPS) - needed)},
            ),
        },
        {"sequence": st.integers(1, MOST_SEQUENCE)},
        {"is_test": st.booleans(), "notify": st.booleans()},
    )

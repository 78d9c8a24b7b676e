"""Why deliveries fail and parcels go back: the codes that are known."""

KNOWN_REASON_CODES: tuple[str, ...] = (
    "customer_unavailable",
    "customer_unreachable",
    "customer_refused",
    "customer_cancelled",
    "reschedule_requested",
    "address_incorrect",
    "customer_moved",
    "access_restricted",
    "premises_closed",
    "out_of_delivery_area",
    "payment_not_ready",
    "otp_unavailable",
    "otp_mismatch",
    "not_attempted",
    "vehicle_issue",
    "weather_delay",
    "shipment_damaged",
    "shipment_lost",
    "other",
)
"""Published as examples; `reason_code` is an open string."""

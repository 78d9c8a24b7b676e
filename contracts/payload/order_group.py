"""The group `order`: the order, its shipment, its customer and where it goes."""

from typing import Literal

from contracts.payload.fields import (
    Count,
    Country,
    EventPhone,
    EventTime,
    Latitude,
    Longitude,
    OrderId,
    Ordinal,
    Pincode,
    Text,
    Url,
    UtcDatetime,
)
from contracts.payload.group_parts import Group, Money


class Customer(Group):
    """Who receives the parcel."""

    name: Text | None = None
    """the customer's name; null where the order system does not give it"""
    phone: EventPhone = None
    """E.164 as it goes out, taken as people write it; null where there is none or nobody can
    read it"""


class Address(Group):
    """Where the parcel goes."""

    line1: Text | None = None
    """house and street; null where the order system does not give it"""
    line2: Text | None = None
    """what follows the first line; null where there is nothing more"""
    city: Text
    """the city or town"""
    state: Text
    """the state, by its name"""
    pincode: Pincode
    """the postal index number: six digits, as a string"""
    country: Country = "IN"
    """ISO 3166-1, two letters"""
    latitude: Latitude | None = None
    """degrees north, WGS 84; null where the address was not located"""
    longitude: Longitude | None = None
    """degrees east, WGS 84; null where the address was not located"""


class PickupLocation(Group):
    """Where the parcel comes from."""

    id: Text | None = None
    """the order system's id of the warehouse or shop; null where it has none"""
    name: Text | None = None
    """its name; null where it is not given"""
    city: Text | None = None
    """its city; null where it is not given"""


class Order(Group):
    """The order, its shipment and its customer; part of every event."""

    order_id: OrderId
    """the order system's id of the order, the same in every event of it: join on this to put the
    events of one order together"""
    partner_order_ref: Text | None = None
    """the merchant's own number of the order, such as Shopify's: join on this with the merchant's
    orders; null where the order system was not given one: then join on `order_id`"""
    shipment_id: Text
    """the order system's id of the shipment that carries the order"""
    awb_number: Text | None = None
    """the air waybill number, which is on the label: join on this with the courier's records; null
    until one is given"""
    source: Literal["shopify", "ondc", "api", "manual"] | None = None
    """where the order came into the order system from; null where that is not noted"""
    status: Text
    """the order system's own word for the order's state, for people: programs branch on `type`"""
    previous_status: Text | None = None
    """its word for the state before; null where there was none or it is not noted"""
    service_type: Literal["hyperlocal", "intercity"] | None = None
    """within one city or between cities; null where that is not noted"""
    payment_mode: Literal["prepaid", "cod"]
    """`cod`: the customer pays at the door"""
    cod_amount: Money | None = None
    """what is to be paid at the door; null where nothing is, or the order system did not say it"""
    customer: Customer | None = None
    """who receives the parcel; null where the order system does not give it"""
    delivery_address: Address
    pickup_location: PickupLocation | None = None
    """where the parcel comes from; null where the order system does not give it"""
    package_count: Ordinal = 1
    """how many packages the shipment has"""
    weight_grams: Count | None = None
    """the weight of the shipment; null where it was not weighed"""
    ordered_at: UtcDatetime
    """when the customer ordered"""
    promised_at: EventTime = None
    """until when delivery was promised; null where nothing was promised"""
    estimated_delivery_at: EventTime = None
    """when delivery is expected, as of this event; null where nobody knows"""
    attempt_number: Count = 0
    """the latest delivery attempt, counted from 1; 0 before the first"""
    tracking_url: Url | None = None
    """the page on which the customer follows the parcel; null where there is none"""

"""One row of an order export: what it says, what had to be repaired, or why it cannot be used."""

import math
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.export_mapping import ExportMapping
from sandbox.people import VehicleType
from sandbox.places import City

_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?$")
_FRACTION = re.compile(r"^(?:0?\.\d+|[01](?:\.0+)?)$")
_DAY = timedelta(days=1)
_PREPARATION_MINUTES = (5, 10, 15)
_LATITUDES, _LONGITUDES = (6.0, 37.6), (68.0, 97.5)

UNUSABLE = {
    "no_order_id": "the row has no order id",
    "duplicate_order_id": "an earlier row has the same order id",
    "wrong_columns": "the row has fewer or more cells than the header",
    "unknown_city": "the letters of the rider's id name no city of the mapping",
    "no_date": "the order's date is missing or no date",
    "no_pick_up_time": "the time of pick-up is missing or no time",
    "no_ordered_time": "the time of the order is there but no time",
    "times_contradict": "pick-up is longer after the order than preparing can take",
}
"""Why a row cannot be used, in words."""

REPAIRED = {
    "ordered_time_missing": "no ordered time: taken as the pick-up minus an invented preparation "
    "of 5, 10 or 15 minutes, the only ones that other rows have",
    "picked_up_after_midnight": "picked up past midnight: the pick-up is on the day after the "
    "order's date",
    "ordered_before_midnight": "no ordered time and picked up minutes past midnight: the order's "
    "date is the day before the pick-up",
    "fraction_of_a_day": "a time written as a fraction of a day, read as hours and minutes",
    "hour_24": "a time such as 24:05, read as five past midnight on the day after",
    "pick_up_sign": "pick-up with a negative coordinate: its sign dropped, which lands in India "
    "(used only to make up how long the ride took)",
    "pick_up_unknown": "pick-up at coordinates outside India, such as 0: the length of the ride "
    "is made up without it",
    "drop_sign": "drop with a negative coordinate: its sign dropped, which lands in India",
    "drop_not_in_india": "drop at coordinates outside India, such as 0.03: sent as null",
    "drop_far_from_city": "drop too far from the city in the rider's id: sent as null",
    "vehicle_unknown": "the mapping does not know the vehicle: sent as null",
}
"""What was repaired or left out, in words."""

Point = tuple[float, float]


class Unusable(Exception):
    """The row cannot be used; `reason` is a key of UNUSABLE."""

    def __init__(self, reason: str) -> None:
        super().__init__(UNUSABLE[reason])
        self.reason = reason


@dataclass(frozen=True)
class ExportRow:
    """What one row says, cleaned."""

    order_id: str
    rider_id: str
    pickup_id: str
    city: City
    ordered_at: datetime
    picked_up_at: datetime
    drop: Point | None
    ride_km: float | None
    """From pick-up to drop as the crow flies, where both are known."""
    kmh: float | None
    vehicle_type: VehicleType | None
    has_plate: bool
    repairs: tuple[str, ...]


def read_row(cells: Mapping[str, Any], mapping: ExportMapping, dice: random.Random) -> ExportRow:
    """Read one row; Unusable says why it is none."""
    if None in cells or None in cells.values():
        raise Unusable("wrong_columns")
    reader = _Reader(cells, mapping, dice)
    order_id = reader.cell("order_id")
    if order_id is None:
        raise Unusable("no_order_id")
    rider_id = reader.cell("rider_id") or ""
    named = mapping.rider_id.match(rider_id)
    if named is None or named["city"] not in mapping.cities:
        raise Unusable("unknown_city")
    city = mapping.cities[named["city"]]
    ordered_at, picked_up_at = reader.times()
    pickup, drop = reader.pickup(), reader.drop(city)
    vehicle = reader.vehicle()
    return ExportRow(
        order_id=order_id,
        rider_id=rider_id,
        pickup_id=named["pickup"],
        city=city,
        ordered_at=ordered_at,
        picked_up_at=picked_up_at,
        drop=drop,
        ride_km=distance_km(pickup, drop) if pickup and drop else None,
        kmh=mapping.traffic_kmh.get(reader.cell("traffic") or ""),
        vehicle_type=vehicle,
        has_plate=vehicle is not None and vehicle != "other",
        repairs=tuple(reader.repairs),
    )


def distance_km(one: Point, other: Point) -> float:
    """The distance of two points on the globe."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    square = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371 * math.asin(math.sqrt(square))


class _Reader:
    """Reads the cells of one row and notes what it repaired."""

    def __init__(
        self, cells: Mapping[str, Any], mapping: ExportMapping, dice: random.Random
    ) -> None:
        self.repairs: list[str] = []
        self._cells, self._mapping, self._dice = cells, mapping, dice

    def cell(self, field: str) -> str | None:
        text = str(self._cells[self._mapping.columns[field]]).strip()
        return None if text in self._mapping.empty else text

    def times(self) -> tuple[datetime, datetime]:
        midnight = self._midnight()
        picked_up = self._since_midnight("picked_up", "no_pick_up_time")
        if picked_up is None:
            raise Unusable("no_pick_up_time")
        ordered = self._since_midnight("ordered", "no_ordered_time")
        if ordered is None:
            self.repairs.append("ordered_time_missing")
            ordered = picked_up - timedelta(minutes=self._dice.choice(_PREPARATION_MINUTES))
            if ordered < timedelta(0):  # the date is the order's: the pick-up was the day after
                ordered, picked_up = ordered + _DAY, picked_up + _DAY
                self.repairs.append("ordered_before_midnight")
        elif picked_up < ordered:
            picked_up += _DAY
            self.repairs.append("picked_up_after_midnight")
        if picked_up - ordered > self._mapping.longest_preparation:
            raise Unusable("times_contradict")
        return midnight + ordered, midnight + picked_up

    def pickup(self) -> Point | None:
        return self._point("pickup", sign="pick_up_sign", elsewhere="pick_up_unknown")

    def drop(self, city: City) -> Point | None:
        drop = self._point("drop", sign="drop_sign", elsewhere="drop_not_in_india")
        middle = (city.latitude, city.longitude)
        if drop and distance_km(drop, middle) > self._mapping.farthest_drop_km:
            self.repairs.append("drop_far_from_city")
            return None
        return drop

    def vehicle(self) -> VehicleType | None:
        vehicle = self._mapping.vehicles.get(self.cell("vehicle") or "")
        if vehicle is None:
            self.repairs.append("vehicle_unknown")
        return vehicle

    def _midnight(self) -> datetime:
        try:
            return datetime.strptime(self.cell("date") or "", self._mapping.date_format).replace(
                tzinfo=self._mapping.timezone
            )
        except ValueError:
            raise Unusable("no_date") from None

    def _since_midnight(self, field: str, otherwise: str) -> timedelta | None:
        """A time of day, from `HH:MM[:SS]` up to hour 24 or a fraction of a day."""
        text = self.cell(field)
        if text is None:
            return None
        if _FRACTION.match(text):
            self.repairs.append("fraction_of_a_day")
            return timedelta(minutes=round(float(text) * 24 * 60))
        if (match := _CLOCK.match(text)) is None:
            raise Unusable(otherwise)
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        if hours > 24 or minutes > 59 or seconds > 59:
            raise Unusable(otherwise)
        if hours == 24:
            self.repairs.append("hour_24")
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)

    def _point(self, end: str, *, sign: str, elsewhere: str) -> Point | None:
        try:
            latitude = float(self.cell(f"{end}_latitude") or "nan")
            longitude = float(self.cell(f"{end}_longitude") or "nan")
        except ValueError:
            latitude = longitude = math.nan
        if _in_india(latitude, longitude):
            return latitude, longitude
        if _in_india(abs(latitude), abs(longitude)):
            self.repairs.append(sign)
            return abs(latitude), abs(longitude)
        self.repairs.append(elsewhere)
        return None


def _in_india(latitude: float, longitude: float) -> bool:
    return (
        _LATITUDES[0] <= latitude <= _LATITUDES[1] and _LONGITUDES[0] <= longitude <= _LONGITUDES[1]
    )

"""The small file that says how the columns of an order export are read."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sandbox.people import VehicleType
from sandbox.places import CITY_BY_NAME, City

LAST_MILE_ORDERS_INDIA = Path(__file__).parent / "mappings" / "last_mile_orders_india.toml"
"""The mapping that ships with the sandbox."""

_COLUMNS = frozenset(
    {"order_id", "rider_id", "date", "ordered", "picked_up", "traffic", "vehicle"}
    | {f"{end}_{axis}" for end in ("pickup", "drop") for axis in ("latitude", "longitude")}
)
_VEHICLES: tuple[VehicleType, ...] = (
    "two_wheeler",
    "three_wheeler",
    "four_wheeler",
    "truck",
    "other",
)


@dataclass(frozen=True)
class ExportMapping:
    """A mapping file, checked."""

    name: str
    columns: Mapping[str, str]
    date_format: str
    timezone: timezone
    empty: frozenset[str]
    rider_id: re.Pattern[str]
    """Finds the groups `city` and `pickup` in a rider's id."""
    cities: Mapping[str, City]
    vehicles: Mapping[str, VehicleType]
    traffic_kmh: Mapping[str, float]
    longest_preparation: timedelta
    farthest_drop_km: float


def load_mapping(path: Path = LAST_MILE_ORDERS_INDIA) -> ExportMapping:
    """Read a mapping file; ValueError says what is wrong with it."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        formats, limits = raw["formats"], raw["limits"]
        mapping = ExportMapping(
            name=raw["name"],
            columns=raw["columns"],
            date_format=formats["date"],
            timezone=_timezone(formats["utc_offset"]),
            empty=frozenset(formats["empty"]),
            rider_id=re.compile(formats["rider_id"]),
            cities={letters: CITY_BY_NAME[name] for letters, name in raw["cities"].items()},
            vehicles=raw["vehicles"],
            traffic_kmh=raw["traffic_kmh"],
            longest_preparation=timedelta(minutes=limits["longest_preparation_minutes"]),
            farthest_drop_km=limits["farthest_drop_km"],
        )
    except KeyError as error:
        raise ValueError(f"{path.name} lacks {error}, or the sandbox has no such city") from None
    _check(mapping, path.name)
    return mapping


def _timezone(offset: str) -> timezone:
    parsed = datetime.strptime(offset, "%z").tzinfo
    if not isinstance(parsed, timezone):
        raise ValueError(f"{offset!r} is not an offset such as +05:30")
    return parsed


def _check(mapping: ExportMapping, name: str) -> None:
    missing: Any = _COLUMNS - mapping.columns.keys()
    if missing:
        raise ValueError(f"{name} names no column for {', '.join(sorted(missing))}")
    if not {"city", "pickup"} <= mapping.rider_id.groupindex.keys():
        raise ValueError(f"{name}: rider_id needs the groups city and pickup")
    wrong = [kind for kind in mapping.vehicles.values() if kind not in _VEHICLES]
    if wrong:
        raise ValueError(f"{name}: {wrong[0]!r} is none of {', '.join(_VEHICLES)}")

"""Replays an export of orders as events: real orders, with what it does not say made up.

    timed, report = replay(Path("orders.csv"), LAST_MILE_ORDERS_INDIA, seed=7, partner_ids=[…])

All times are shifted by the same amount, so that the first order is ordered now; `speed` divides
the waiting, in offsets and in the events' own times alike. Every row is used or accounted for in
the report. Order ids are the export's own; they and the event ids are the same for the same seed.
"""

import csv
import random
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox.export_mapping import ExportMapping, load_mapping
from sandbox.export_report import ExportReport, repaired_findings, unusable_findings
from sandbox.export_rows import ExportRow, Unusable, read_row
from sandbox.lifecycles import make_amount, make_partner_ref, make_payment_mode, make_source
from sandbox.parcel_events import events_of
from sandbox.parcels import (
    Course,
    DeliveryAttempt,
    EventClock,
    Parcel,
    SendingRate,
    TimedEvent,
    make_course,
    make_otp,
)
from sandbox.people import Rider, make_address, make_person, make_vehicle_number

_MINUTE, _HOUR = 60.0, 3600.0
_SENDING_RATE = SendingRate(
    (15 * _MINUTE, 50 * _MINUTE), (2 * _HOUR, 4 * _HOUR), (20 * _MINUTE, 2 * _HOUR)
)
_FIRST_ATTEMPT_SHARE = 0.88
_USUAL_KM, _USUAL_KMH, _DETOUR = 9.0, 20.0, 1.35
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True)
class _Rows:
    """The rows that can be used, by time, and the account of those that cannot."""

    read: int
    usable: list[ExportRow]
    unusable: Counter[str]


def replay(
    path: Path,
    mapping: Path | ExportMapping,
    seed: int,
    partner_ids: Sequence[str],
    limit: int | None = None,
    *,
    start: datetime | None = None,
    speed: float = 1.0,
) -> tuple[list[TimedEvent], ExportReport]:
    """The events of the first `limit` orders by time (None: of all), and the account of them."""
    if not partner_ids:
        raise ValueError("name at least one partner")
    mapping = load_mapping(mapping) if isinstance(mapping, Path) else mapping
    rows = _read(path, mapping, seed)
    used = rows.usable[:limit]
    clock = EventClock(start or datetime.now(UTC), speed)
    events = OrderMaker(seed, partner_ids, rows.usable).events(used, clock)
    return events, _report(mapping, rows, used, events, clock)


def usable_rows(path: Path, mapping: ExportMapping, seed: int) -> list[ExportRow]:
    """The rows that can be used, by time."""
    return _read(path, mapping, seed).usable


def _read(path: Path, mapping: ExportMapping, seed: int) -> _Rows:
    usable: dict[str, ExportRow] = {}
    unusable: Counter[str] = Counter()
    read = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        _check_header(table.fieldnames or [], mapping)
        for read, cells in enumerate(table, start=1):
            try:
                row = read_row(cells, mapping, random.Random(f"{seed}/row/{read}"))
                if row.order_id in usable:
                    raise Unusable("duplicate_order_id")
            except Unusable as error:
                unusable[error.reason] += 1
            else:
                usable[row.order_id] = row
    by_time = sorted(usable.values(), key=lambda row: (row.ordered_at, row.order_id))
    return _Rows(read, by_time, unusable)


def _check_header(header: Sequence[str], mapping: ExportMapping) -> None:
    missing = sorted(set(mapping.columns.values()) - set(header))
    if missing:
        raise ValueError(f"the export has no column {', '.join(missing)} ({mapping.name})")


class OrderMaker:
    """Makes up, from the seed, what the rows do not say; a limit changes nothing about an order.

    A partner that is named twice gets twice as many pick-up places. Offsets count from `began`, or
    from the first row's order.
    """

    def __init__(
        self,
        seed: int,
        partner_ids: Sequence[str],
        rows: Sequence[ExportRow],
        began: datetime | None = None,
    ) -> None:
        self._seed, self._partner_ids = seed, partner_ids
        self._began = began or (rows[0].ordered_at if rows else datetime.now(UTC))
        self._riders: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            self._riders[row.city.name].add(row.rider_id)

    def events(self, rows: list[ExportRow], clock: EventClock) -> list[TimedEvent]:
        """All events of the first rows by time, by offset; those of one order in order."""
        made = [
            timed
            for number, row in enumerate(rows, start=1)
            for timed in events_of(self.parcel(number, row), self.course(row), clock)
        ]
        return sorted(made, key=lambda timed: timed.offset_s)

    def course(self, row: ExportRow) -> Course:
        """What becomes of the order of a row."""
        dice = random.Random(f"{self._seed}/course/{row.order_id}")
        out_s = self._offset_s(row.picked_up_at)
        rider, otp = self._rider(row.rider_id, row), make_otp(dice)
        others = sorted(self._riders[row.city.name] - {row.rider_id}) or [f"{row.rider_id}-2"]
        return make_course(
            dice,
            confirmed_s=self._offset_s(row.ordered_at),
            first=DeliveryAttempt(out_s, out_s + _ride_s(dice, row), rider, otp),
            next_rider=lambda: self._rider(dice.choice(others), row),
            pace=_SENDING_RATE,
            first_attempt_share=_FIRST_ATTEMPT_SHARE,
        )

    def parcel(self, number: int, row: ExportRow) -> Parcel:
        """The order of a row, the so-manyth."""
        dice = random.Random(f"{self._seed}/order/{row.order_id}")
        pickup = random.Random(f"{self._seed}/pickup/{row.pickup_id}")
        source = make_source(dice)
        latitude, longitude = row.drop or (None, None)
        place = {"latitude": latitude, "longitude": longitude}
        ordered_s = self._offset_s(row.ordered_at)
        return Parcel(
            order_id=row.order_id,
            event_prefix=f"csv_{self._seed}_{_as_id(row.order_id)}",
            partner_id=pickup.choice(self._partner_ids),
            customer=make_person(dice, row.city),
            address=make_address(dice, row.city) | place,
            pickup={"id": row.pickup_id, "name": None, "city": row.city.name},
            return_to={
                "name": row.pickup_id,
                "city": row.city.name,
                "pincode": pickup.choice(row.city.localities)[1],
            },
            source=source,
            partner_order_ref=make_partner_ref(dice, source, number),
            service_type="hyperlocal",
            payment_mode=make_payment_mode(dice),
            amount=make_amount(dice),
            package_count=dice.choice((1, 1, 1, 2)),
            weight_grams=dice.randrange(150, 3000, 50),
            awb_number=f"DX{self._seed % 1000:03d}{number:07d}",
            ordered_s=ordered_s,
            promised_s=ordered_s + 2 * _HOUR,
        )

    def _rider(self, rider_id: str, row: ExportRow) -> Rider:
        """The same person for the same id; a plate for the vehicle that the row names."""
        dice = random.Random(f"{self._seed}/rider/{rider_id}")
        person, plate = make_person(dice, row.city), make_vehicle_number(dice, row.city)
        return Rider(rider_id, person, row.vehicle_type, plate if row.has_plate else None)

    def _offset_s(self, moment: datetime) -> float:
        return (moment - self._began).total_seconds()


def _ride_s(dice: random.Random, row: ExportRow) -> float:
    """How long a ride took: the way at the traffic's speed, and some minutes at the door."""
    km = (row.ride_km if row.ride_km is not None else _USUAL_KM) * _DETOUR
    return km / (row.kmh or _USUAL_KMH) * _HOUR + dice.uniform(3, 12) * _MINUTE


def _as_id(order_id: str) -> str:
    """The order id as part of an event id: still unique where characters had to be replaced."""
    clean = _NOT_IN_AN_ID.sub("-", order_id)[:32]
    return clean if clean == order_id else f"{clean}-{zlib.crc32(order_id.encode()):08x}"


def _report(
    mapping: ExportMapping,
    rows: _Rows,
    used: list[ExportRow],
    events: list[TimedEvent],
    clock: EventClock,
) -> ExportReport:
    first_at = used[0].ordered_at if used else None
    return ExportReport(
        name=mapping.name,
        rows=rows.read,
        used=len(used),
        beyond_limit=len(rows.usable) - len(used),
        unusable=unusable_findings(rows.unusable),
        repaired=repaired_findings(Counter(repair for row in used for repair in row.repairs)),
        events=dict(Counter(timed.event["type"] for timed in events)),
        first_at=first_at,
        last_at=used[-1].ordered_at if used else None,
        shift=clock.start - first_at if first_at else timedelta(0),
        speed=clock.speed,
    )

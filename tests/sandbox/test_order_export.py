"""Replaying an export: what it says is kept, what it lacks is made up, and every row is told."""

import csv
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.payload.events import TrackingEvent
from sandbox.export_mapping import LAST_MILE_ORDERS_INDIA, load_mapping
from sandbox.export_report import ExportReport
from sandbox.order_export import replay
from sandbox.parcels import TimedEvent

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PARTNERS = ("ptn-a", "ptn-b")
SHARED = Path(__file__).parents[3] / "shared" / "data" / "last_mile_orders_india_2022.csv"
REAL = Path(os.environ.get("LAST_MILE_ORDERS_CSV", SHARED))

GOOD = {
    "ID": "0x2318",
    "Delivery_person_ID": "COIMBRES13DEL01",
    "Restaurant_latitude": "11.003669",
    "Restaurant_longitude": "76.976494",
    "Delivery_location_latitude": "11.043669",
    "Delivery_location_longitude": "77.016494",
    "Order_Date": "30-03-2022",
    "Time_Orderd": "14:55:00",
    "Time_Order_picked": "15:05:00",
    "Road_traffic_density": "Jam",
    "Type_of_vehicle": "motorcycle",
    "multiple_deliveries": "1",
    "Festival": "No",
    "City": "Metropolitian",
}


class Export:
    """Writes rows that differ from a good one, and replays them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "orders.csv"

    def replay(
        self, *rows: dict[str, str], seed: int = 7, **options: Any
    ) -> tuple[list[TimedEvent], ExportReport]:
        with self.path.open("w", newline="") as file:
            table = csv.DictWriter(file, list(GOOD))
            table.writeheader()
            table.writerows({**GOOD, **row} for row in rows)
        return replay(
            self.path, LAST_MILE_ORDERS_INDIA, seed, PARTNERS, **{"start": START, **options}
        )


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return Export(tmp_path)


def at(timed: TimedEvent) -> datetime:
    return datetime.fromisoformat(timed.event["occurred_at"])


class TestWhatTheRowSays:
    def test_it_is_kept(self, export: Export) -> None:
        events, report = export.replay({})
        confirmed, out = (timed.event["data"] for timed in events[:2])
        order = confirmed["order"]
        assert (report.rows, report.used, report.repaired) == (1, 1, {})
        assert order["order_id"] == "0x2318"
        assert order["pickup_location"] == {
            "id": "COIMBRES13",
            "name": None,
            "city": "Coimbatore",
        }
        address = order["delivery_address"]
        assert (address["city"], address["state"]) == ("Coimbatore", "Tamil Nadu")
        assert (address["latitude"], address["longitude"]) == (11.043669, 77.016494)
        assert out["rider"]["rider_id"] == "COIMBRES13DEL01"
        assert out["rider"]["vehicle_type"] == "two_wheeler"

    def test_times_are_shifted_but_keep_their_pattern(self, export: Export) -> None:
        events, report = export.replay({}, {"ID": "0x2", "Time_Orderd": "15:00:00"})
        confirmed = [timed for timed in events if timed.event["type"] == "order_confirmed"]
        assert [at(timed) - START for timed in confirmed] == [timedelta(0), timedelta(minutes=5)]
        out = next(timed for timed in events if timed.event["type"] == "out_for_delivery")
        assert out.offset_s == 600
        assert report.first_at is not None
        assert report.first_at.isoformat() == "2022-03-30T14:55:00+05:30"
        assert report.first_at + report.shift == START

    def test_speed_shortens_the_waiting_but_not_the_codes(self, export: Export) -> None:
        events, report = export.replay({}, speed=600)
        out = next(timed for timed in events if timed.event["type"] == "out_for_delivery")
        assert out.offset_s == 1.0
        assert timedelta(seconds=1) <= at(out) - START < timedelta(seconds=1.1)
        until = datetime.fromisoformat(out.event["data"]["otp"]["valid_until"])
        assert until > at(out) + timedelta(hours=6)
        assert "speed: 600 times as fast" in report.lines()

    def test_the_same_seed_tells_the_same_and_a_limit_changes_no_order(
        self, export: Export
    ) -> None:
        rows = [{"ID": f"0x{n}", "Time_Orderd": f"14:{59 - n}:00"} for n in range(20)]
        events, _ = export.replay(*rows)
        again, _ = export.replay(*rows)
        few, report = export.replay(*rows, limit=5)
        assert events == again
        assert (report.used, report.beyond_limit) == (5, 15)
        orders = {timed.event["data"]["order"]["order_id"] for timed in few}
        assert orders == {f"0x{n}" for n in range(15, 20)}  # the first by time, not by line
        ids = {timed.event["event_id"] for timed in few}
        assert [t for t in events if t.event["event_id"] in ids] == few

    def test_another_seed_makes_other_events_of_the_same_orders(self, export: Export) -> None:
        events, _ = export.replay({})
        others, _ = export.replay({}, seed=8)
        ids, other_ids = ({t.event["event_id"] for t in told} for told in (events, others))
        assert not ids & other_ids
        assert others[0].event["data"]["order"]["order_id"] == "0x2318"

    def test_a_rider_is_the_same_person_in_every_order(self, export: Export) -> None:
        events, _ = export.replay(*({"ID": f"0x{n}"} for n in range(30)))
        riders = [t.event["data"]["rider"] for t in events if "rider" in t.event["data"]]
        mine = {(r["name"], r["phone"]) for r in riders if r["rider_id"] == "COIMBRES13DEL01"}
        assert len(mine) == 1

    def test_one_place_of_pick_up_belongs_to_one_partner(self, export: Export) -> None:
        rows = [
            {"ID": f"0x{n}", "Delivery_person_ID": f"PUNERES{n % 20:02d}DEL01"} for n in range(40)
        ]
        events, _ = export.replay(*rows)
        owners = {
            (t.event["data"]["order"]["pickup_location"]["id"], t.event["partner_id"])
            for t in events
        }
        assert len(owners) == 20
        assert {partner for _, partner in owners} == set(PARTNERS)


class TestRepairs:
    @pytest.mark.parametrize(
        ("row", "repairs"),
        [
            ({"Time_Orderd": "NaN"}, {"ordered_time_missing"}),
            (
                {"Time_Orderd": "23:55:00", "Time_Order_picked": "00:05:00"},
                {"picked_up_after_midnight"},
            ),
            (
                {"Time_Orderd": "NaN", "Time_Order_picked": "00:02:00"},
                {"ordered_time_missing", "ordered_before_midnight"},
            ),
            ({"Time_Orderd": "0.61", "Time_Order_picked": "15:05"}, {"fraction_of_a_day"}),
            ({"Time_Orderd": "23:58:00", "Time_Order_picked": "24:05:00"}, {"hour_24"}),
            ({"Restaurant_latitude": "-11.003669"}, {"pick_up_sign"}),
            ({"Restaurant_latitude": "0", "Restaurant_longitude": "0"}, {"pick_up_unknown"}),
            (
                {"Delivery_location_latitude": "-11.043669"},
                {"drop_sign"},
            ),
            (
                {"Delivery_location_latitude": "0.03", "Delivery_location_longitude": "0.03"},
                {"drop_not_in_india"},
            ),
            ({"Delivery_location_latitude": "NaN"}, {"drop_not_in_india"}),
            ({"Delivery_location_latitude": "east"}, {"drop_not_in_india"}),
            ({"Delivery_location_latitude": "28.6"}, {"drop_far_from_city"}),
            ({"Type_of_vehicle": "camel"}, {"vehicle_unknown"}),
            ({"Time_Orderd": " 14:55:00 ", "ID": " 0x1 "}, set()),
            ({"Road_traffic_density": "NaN", "City": "NaN", "Festival": "NaN"}, set()),
        ],
    )
    def test_a_row_is_repaired_and_the_report_says_so(
        self, export: Export, row: dict[str, str], repairs: set[str]
    ) -> None:
        events, report = export.replay(row)
        assert (report.used, report.unusable) == (1, {})
        assert set(report.repaired) == repairs
        assert all(finding.count == 1 for finding in report.repaired.values())
        for timed in events:
            TrackingEvent.model_validate(timed.event)

    def test_a_repaired_sign_lands_in_india(self, export: Export) -> None:
        events, _ = export.replay({"Delivery_location_latitude": "-11.043669"})
        address = events[0].event["data"]["order"]["delivery_address"]
        assert (address["latitude"], address["longitude"]) == (11.043669, 77.016494)

    @pytest.mark.parametrize("latitude", ["0.03", "28.6"])
    def test_a_wrong_place_is_sent_as_null(self, export: Export, latitude: str) -> None:
        events, _ = export.replay({"Delivery_location_latitude": latitude})
        address = events[0].event["data"]["order"]["delivery_address"]
        assert (address["latitude"], address["longitude"]) == (None, None)
        assert events[1].event["data"]["rider"]["location"] is None

    def test_past_midnight_is_the_next_day(self, export: Export) -> None:
        events, _ = export.replay({"Time_Orderd": "23:55:00", "Time_Order_picked": "00:05:00"})
        assert events[1].offset_s == 600

    def test_an_order_before_midnight_keeps_its_date(self, export: Export) -> None:
        _, report = export.replay({"Time_Orderd": "NaN", "Time_Order_picked": "00:02:00"})
        assert report.first_at is not None
        assert report.first_at.date().isoformat() == "2022-03-30"
        assert report.first_at.hour == 23

    def test_a_bicycle_has_no_plate(self, export: Export) -> None:
        events, _ = export.replay({"Type_of_vehicle": "bicycle"})
        rider = events[1].event["data"]["rider"]
        assert (rider["vehicle_type"], rider["vehicle_number"]) == ("other", None)


class TestUnusableRows:
    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ({"ID": "NaN"}, "no_order_id"),
            ({"Delivery_person_ID": "ATLRES13DEL01"}, "unknown_city"),
            ({"Delivery_person_ID": "NaN"}, "unknown_city"),
            ({"Order_Date": "NaN"}, "no_date"),
            ({"Order_Date": "03-30-2022"}, "no_date"),
            ({"Time_Order_picked": "NaN"}, "no_pick_up_time"),
            ({"Time_Order_picked": "25:00:00"}, "no_pick_up_time"),
            ({"Time_Orderd": "lunch"}, "no_ordered_time"),
            ({"Time_Orderd": "15:10:00", "Time_Order_picked": "15:05:00"}, "times_contradict"),
        ],
    )
    def test_it_is_counted_with_a_reason_in_words(
        self, export: Export, row: dict[str, str], reason: str
    ) -> None:
        events, report = export.replay({"ID": "0x1"}, {"ID": "0x2", **row})
        assert (report.rows, report.used) == (2, 1)
        assert {key: finding.count for key, finding in report.unusable.items()} == {reason: 1}
        assert any(line.startswith("unusable: 1 times ") for line in report.lines())
        assert {t.event["data"]["order"]["order_id"] for t in events} == {"0x1"}

    def test_a_repeated_order_id_is_used_once(self, export: Export) -> None:
        _, report = export.replay({}, {"Time_Orderd": "14:50:00"})
        assert report.used == 1
        assert report.unusable["duplicate_order_id"].count == 1

    def test_a_row_with_too_few_or_too_many_cells(self, export: Export) -> None:
        export.replay({})
        with export.path.open("a") as file:
            file.write("0x5,PUNERES13DEL01\n" + ",".join(["x"] * 20) + "\n")
        _, report = replay(export.path, LAST_MILE_ORDERS_INDIA, 7, PARTNERS)
        assert report.unusable["wrong_columns"].count == 2
        assert report.rows == report.used + 2

    def test_an_export_without_rows_is_told_too(self, export: Export) -> None:
        events, report = export.replay()
        assert (events, report.rows, report.shift) == ([], 0, timedelta(0))
        assert report.lines()[0].endswith("0 rows, 0 used, 0 unusable")


class TestIds:
    def test_odd_order_ids_stay_apart(self, export: Export) -> None:
        ids = ["a.b", "a/b", "a b", "order " + "9" * 80, "order " + "9" * 81]
        events, report = export.replay(*({"ID": order_id} for order_id in ids))
        assert report.used == 5
        event_ids = [timed.event["event_id"] for timed in events]
        assert len(set(event_ids)) == len(event_ids)
        for timed in events:
            TrackingEvent.model_validate(timed.event)


class TestMapping:
    def test_a_column_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "orders.csv"
        path.write_text("ID,Order_Date\n0x1,30-03-2022\n")
        with pytest.raises(ValueError, match="no column Delivery_location_latitude, "):
            replay(path, LAST_MILE_ORDERS_INDIA, 7, PARTNERS)

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ('AGR = "Agra"', 'AGR = "Atlantis"', "Atlantis"),
            ('date = "Order_Date"', "", "no column for date"),
            ('"two_wheeler"', '"rickshaw"', "rickshaw"),
            ("(?P<city>", "(?:", "needs the groups"),
            ("[limits]", "[limit]", "lacks 'limits'"),
        ],
    )
    def test_a_wrong_mapping_is_refused(
        self, tmp_path: Path, old: str, new: str, complaint: str
    ) -> None:
        text = LAST_MILE_ORDERS_INDIA.read_text()
        assert old in text
        path = tmp_path / "mapping.toml"
        path.write_text(text.replace(old, new))
        with pytest.raises(ValueError, match=complaint):
            load_mapping(path)

    def test_nobody_receives_without_partners(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="partner"):
            replay(tmp_path / "none.csv", LAST_MILE_ORDERS_INDIA, 7, [])


@pytest.mark.extended
@pytest.mark.skipif(not REAL.exists(), reason="set LAST_MILE_ORDERS_CSV to the real export")
def test_the_real_export_is_used_to_its_last_row() -> None:
    events, report = replay(REAL, LAST_MILE_ORDERS_INDIA, 7, PARTNERS, start=START, speed=3600)
    assert (report.rows, report.used, report.unusable) == (3000, 3000, {})
    assert {repair: finding.count for repair, finding in report.repaired.items()} == {
        "drop_not_in_india": 228,
        "ordered_before_midnight": 3,
        "ordered_time_missing": 114,
        "pick_up_sign": 25,
        "pick_up_unknown": 228,
        "picked_up_after_midnight": 47,
    }
    assert report.events["order_confirmed"] == 3000
    assert len({timed.event["event_id"] for timed in events}) == len(events)
    assert [timed.offset_s for timed in events] == sorted(timed.offset_s for timed in events)
    for timed in events:
        TrackingEvent.model_validate(timed.event)

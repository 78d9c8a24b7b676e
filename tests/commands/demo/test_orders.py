"""What the demo plays: hurried to about a minute, a limit kept, an export said to be one."""

from pathlib import Path

import pytest

from commands.demo.orders import OrdersRequest, prepare
from commands.errors import CommandFailed

SHOPS = ["one", "two", "three"]
EXPORT = """\
ID,Delivery_person_ID,Restaurant_latitude,Restaurant_longitude,Delivery_location_latitude,\
Delivery_location_longitude,Order_Date,Time_Orderd,Time_Order_picked,Road_traffic_density,\
Type_of_vehicle,multiple_deliveries,Festival,City
0x1,COIMBRES13DEL01,11.003669,76.976494,11.043669,77.016494,30-03-2022,14:50:00,15:05:00,Low,\
motorcycle,1,No,Metropolitian
0x2,BANGRES15DEL01,12.975377,77.696664,13.085377,77.806664,30-03-2022,20:30:00,20:35:00,Jam,\
motorcycle,1,No,Metropolitian
0x3,BANGRES15DEL01,12.975377,77.696664,13.085377,77.806664,30-03-2022,20:31:00,NaN,Jam,\
motorcycle,1,No,Metropolitian
"""


def test_invented_orders_take_the_time_they_are_given() -> None:
    telling = prepare(OrdersRequest(None, limit=None, seed=7), SHOPS, least_s=25.0)
    orders = {timed.event["data"]["order"]["order_id"] for timed in telling.events}
    assert len(orders) == 40
    assert telling.lasts_s == pytest.approx(25.0, rel=0.05)
    assert telling.report == ["40 orders, all invented from seed 7"]
    assert {timed.event["partner_id"] for timed in telling.events} == set(SHOPS)


def test_many_orders_take_longer() -> None:
    telling = prepare(OrdersRequest(None, limit=200, seed=7), SHOPS, least_s=5.0)
    assert telling.lasts_s > 40.0


def test_an_export_is_replayed_and_accounted_for(tmp_path: Path) -> None:
    export = tmp_path / "orders.csv"
    export.write_text(EXPORT)
    telling = prepare(OrdersRequest(export, limit=None, seed=7), SHOPS, least_s=10.0)
    orders = {timed.event["data"]["order"]["order_id"] for timed in telling.events}
    assert orders == {"0x1", "0x2"}
    report = "\n".join(telling.report)
    assert "3 rows, 2 used" in report
    assert "1 unusable" in report
    assert "made up from seed 7" in report


@pytest.mark.parametrize("text", [None, "what,ever\n1,2\n"])
def test_a_file_that_is_no_export_is_said_in_a_line(tmp_path: Path, text: str | None) -> None:
    export = tmp_path / "orders.csv"
    if text is not None:
        export.write_text(text)
    with pytest.raises(CommandFailed, match="cannot be replayed"):
        prepare(OrdersRequest(export, limit=None, seed=7), SHOPS, least_s=10.0)

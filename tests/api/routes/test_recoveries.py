"""Recoveries over the API: counted beforehand, begun, shown, cancelled."""

from typing import Any

import httpx
import pytest

from contracts.delivery.states import EndpointState
from store.tables import EndpointRow, RecoveryRow
from tests.support.backlog import Backlog
from tests.support.shelf import NOW, Shelf
from tests.support.stack import Stack


@pytest.fixture
async def backlog(lonely: Stack) -> Backlog:
    """An endpoint with two held deliveries and a delivered one."""
    shelf = Shelf(lonely.database)
    backlog = Backlog(shelf, (await shelf.add_endpoint()).id)
    await backlog.held("a", made=1)
    await backlog.held("b", made=2, event_type="delivered")
    await backlog.delivered("c", made=3)
    return backlog


async def recover(api: httpx.AsyncClient, backlog: Backlog, **asked: Any) -> httpx.Response:
    """Ask for a recovery."""
    return await api.post(f"/v1/endpoints/{backlog.endpoint_id}/recoveries", json=asked)


async def preview(api: httpx.AsyncClient, backlog: Backlog, **asked: Any) -> httpx.Response:
    """Ask what a recovery would send again."""
    return await api.post(f"/v1/endpoints/{backlog.endpoint_id}/recoveries/preview", json=asked)


class TestAPreview:
    async def test_says_how_many_there_are_and_begins_nothing(
        self, api: httpx.AsyncClient, backlog: Backlog
    ) -> None:
        answer = await preview(api, backlog)
        assert answer.status_code == 200
        assert answer.json() == {
            "found": 2,
            "oldest": "2026-03-02T10:00:01Z",
            "newest": "2026-03-02T10:00:02Z",
        }
        assert await backlog.shelf.count(RecoveryRow) == 0

    async def test_of_nothing(self, api: httpx.AsyncClient, backlog: Backlog) -> None:
        answer = await preview(api, backlog, states=["dead_lettered"])
        assert answer.json() == {"found": 0, "oldest": None, "newest": None}


class TestARecovery:
    async def test_begins_also_while_temporal_is_away(
        self, api: httpx.AsyncClient, backlog: Backlog
    ) -> None:
        """A worker starts its workflow: what is committed is a promise."""
        answer = await recover(
            api, backlog, event_types=["delivered"], states=["held", "delivered"]
        )
        assert answer.status_code == 202
        shown = answer.json()
        assert shown.pop("id").startswith("rcv_")
        assert shown.pop("created_at") == shown.pop("until")
        assert shown == {
            "endpoint_id": backlog.endpoint_id,
            "partner_id": "shop",
            "state": "running",
            "reason": None,
            "automatic": False,
            "states": ["held", "delivered"],
            "event_types": ["delivered"],
            "since": None,
            "found": 1,
            "requested": 0,
            "made_by": "operator",
            "finished_at": None,
        }

    async def test_without_a_body_takes_all_that_is_held_or_a_dead_letter(
        self, api: httpx.AsyncClient, backlog: Backlog
    ) -> None:
        answer = await api.post(f"/v1/endpoints/{backlog.endpoint_id}/recoveries")
        assert answer.status_code == 202
        assert (answer.json()["states"], answer.json()["found"]) == (["held", "dead_lettered"], 2)

    async def test_one_at_a_time(self, api: httpx.AsyncClient, backlog: Backlog) -> None:
        assert (await recover(api, backlog)).status_code == 202
        answer = await recover(api, backlog)
        assert answer.status_code == 409
        assert "wait for its end, or cancel it" in answer.json()["detail"]

    async def test_not_while_the_endpoint_is_off(
        self, api: httpx.AsyncClient, backlog: Backlog, shelf: Shelf
    ) -> None:
        await backlog.switch(EndpointState.PAUSED)
        answer = await recover(api, backlog)
        assert (answer.status_code, answer.json()["detail"]) == (
            409,
            f"endpoint {backlog.endpoint_id} is paused: enable it first",
        )
        await shelf.change(
            EndpointRow, backlog.endpoint_id, state=EndpointState.ENABLED, opened_at=NOW
        )
        assert (await recover(api, backlog)).status_code == 409

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"states": []}, "states"),
            ({"states": ["lost"]}, "states.0"),
            ({"states": ["held", "discarded"]}, "states"),
            ({"event_types": []}, "event_types"),
            ({"event_types": ["shipped"]}, "event_types.0"),
            ({"since": "2026-03-02"}, "since"),
            ({"since": "2099-01-01T00:00:00Z"}, "since"),
            ({"until": 1_772_000_000}, "until"),
            ({"rate": 5}, "rate"),
        ],
    )
    async def test_what_cannot_be_asked_is_named(
        self, api: httpx.AsyncClient, backlog: Backlog, asked: dict[str, Any], field: str
    ) -> None:
        answer = await recover(api, backlog, **asked)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [field]


class TestItsLife:
    async def test_it_is_shown_listed_and_cancelled(
        self, api: httpx.AsyncClient, backlog: Backlog
    ) -> None:
        begun = (await recover(api, backlog)).json()
        address = f"/v1/recoveries/{begun['id']}"
        assert (await api.get(address)).json() == begun
        cancelled = (await api.post(f"{address}/cancel")).json()
        assert (await api.get(address)).json() == cancelled
        assert cancelled["state"] == "cancelled"
        assert cancelled["finished_at"].endswith("Z")
        again = await api.post(f"{address}/cancel")
        assert (again.status_code, again.json()["detail"]) == (
            409,
            f"recovery {begun['id']} has ended: it is cancelled",
        )
        second = (await recover(api, backlog)).json()
        list_ = f"/v1/endpoints/{backlog.endpoint_id}/recoveries"
        first_page = (await api.get(list_, params={"limit": 1})).json()
        assert first_page["items"] == [second]
        rest = await api.get(list_, params={"limit": 1, "cursor": first_page["next_cursor"]})
        assert rest.json() == {"items": [cancelled], "next_cursor": None}

    async def test_it_is_in_the_audit_log(self, api: httpx.AsyncClient, backlog: Backlog) -> None:
        begun = (await recover(api, backlog)).json()
        await api.post(f"/v1/recoveries/{begun['id']}/cancel")
        log = await api.get("/v1/audit", params={"object_id": begun["id"]})
        actions = [one["action"] for one in log.json()["items"]]
        assert actions == ["recovery.cancelled", "recovery.started"]
        assert {one["object_kind"] for one in log.json()["items"]} == {"recovery"}


class TestTheEndpointsSettings:
    async def test_it_sets_how_fast_and_whether_by_itself(self, lonely: Stack) -> None:
        made = await lonely.add_endpoint("https://hooks.shop.example/in")
        assert (made["auto_recover"], made["recovery_rate"]) == (True, 10)
        other = await lonely.add_endpoint(
            "https://hooks.shop.example/other", auto_recover=False, recovery_rate=100
        )
        assert (other["auto_recover"], other["recovery_rate"]) == (False, 100)
        change = {"auto_recover": False, "recovery_rate": 1}
        changed = await lonely.api.patch(f"/v1/endpoints/{made['id']}", json=change)
        assert change.items() <= changed.json().items()

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"recovery_rate": 0}, "recovery_rate"),
            ({"recovery_rate": 101}, "recovery_rate"),
            ({"recovery_rate": None}, "recovery_rate"),
            ({"auto_recover": 1}, "auto_recover"),
            ({"auto_recover": None}, "auto_recover"),
        ],
    )
    async def test_what_cannot_be_is_named(
        self, lonely: Stack, change: dict[str, Any], field: str
    ) -> None:
        made = await lonely.add_endpoint("https://hooks.shop.example/in")
        answer = await lonely.api.patch(f"/v1/endpoints/{made['id']}", json=change)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [field]

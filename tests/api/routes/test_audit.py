"""`GET /v1/audit`: every change with who made it, and no secret in any of them."""

import httpx

from contracts.access.callers import Scope
from tests.support.keys import make_key
from tests.support.shelf import Shelf, an_event
from tests.support.stack import Stack

URL = "https://hooks.shop.example/doorstep?token=in-the-query"


async def read(api: httpx.AsyncClient, **asked: object) -> list[dict[str, object]]:
    answer = await api.get("/v1/audit", params={"limit": 100, **asked})  # type: ignore[dict-item]
    assert answer.status_code == 200, answer.text
    items: list[dict[str, object]] = answer.json()["items"]
    return items


class TestWhatIsInIt:
    async def test_every_change_with_who_made_it(self, lonely: Stack, shelf: Shelf) -> None:
        endpoint = await lonely.add_endpoint(URL)
        address = f"/v1/endpoints/{endpoint['id']}"
        await lonely.api.patch(address, json={"state": "paused"})
        await lonely.api.patch(address, json={"state": "enabled"})
        await lonely.api.post(f"{address}/rotate-secret")
        key = await lonely.api.post("/v1/keys", json={"scope": "oms", "label": "the OMS"})
        await lonely.api.delete(f"/v1/keys/{key.json()['id']}")
        [planned] = (await shelf.plan(an_event())).deliveries
        await lonely.retry(planned.delivery_id)
        entries = await read(lonely.api)
        assert [(one["action"], one["object_id"]) for one in reversed(entries)] == [
            ("partner.created", "shop"),
            ("endpoint.created", endpoint["id"]),
            ("endpoint.changed", endpoint["id"]),
            ("endpoint.changed", endpoint["id"]),
            ("endpoint.secret_rotated", endpoint["id"]),
            ("key.created", key.json()["id"]),
            ("key.revoked", key.json()["id"]),
            ("delivery.retry_asked", planned.delivery_id),
        ]
        assert {one["actor"] for one in entries} == {"operator"}
        assert {one["object_kind"] for one in entries} == {
            "partner",
            "endpoint",
            "key",
            "delivery",
        }

    async def test_no_secret_and_no_key(self, lonely: Stack) -> None:
        endpoint = await lonely.add_endpoint(URL)
        rotated = await lonely.api.post(f"/v1/endpoints/{endpoint['id']}/rotate-secret")
        key = await lonely.api.post("/v1/keys", json={"scope": "oms", "label": "the OMS"})
        text = (await lonely.api.get("/v1/audit")).text
        hidden = [endpoint["secret"], rotated.json()["secret"], key.json()["key"]]
        for one in (*hidden, *(part[-20:] for part in hidden), "in-the-query"):
            assert one not in text

    async def test_what_was_refused_is_not_in_it(self, lonely: Stack) -> None:
        before = len(await read(lonely.api))
        await lonely.api.post("/v1/partners", json={"id": "shop", "name": "x", "tier": "smb"})
        await lonely.api.post("/v1/keys", json={"scope": "partner", "label": "x"})
        await lonely.api.patch("/v1/endpoints/ep_none", json={"state": "paused"})
        assert len(await read(lonely.api)) == before


class TestReading:
    async def test_a_partner_reads_its_own(self, lonely: Stack) -> None:
        await lonely.add_partner("rival")
        await lonely.api.post("/v1/keys", json={"scope": "oms", "label": "the OMS"})
        _, token = await make_key(lonely.database, Scope.PARTNER, "shop")
        lonely.api.headers["authorization"] = f"Bearer {token}"
        entries = await read(lonely.api)
        assert [one["action"] for one in entries] == ["key.created", "partner.created"]
        assert {one["partner_id"] for one in entries} == {"shop"}

    async def test_pages_and_filters(self, lonely: Stack) -> None:
        made = [(await lonely.add_endpoint(f"{URL}{n}"))["id"] for n in range(3)]
        assert len(await read(lonely.api, object_id=made[0])) == 1
        assert len(await read(lonely.api, partner_id="shop")) == 4
        newest = (await read(lonely.api))[0]["at"]
        assert [one["object_id"] for one in await read(lonely.api, since=newest)] == [made[2]]
        assert len(await read(lonely.api, until=newest)) == 3
        seen: list[str] = []
        cursor = None
        while cursor is not None or not seen:
            asked = {"limit": 2, **({"cursor": cursor} if cursor else {})}
            page = (await lonely.api.get("/v1/audit", params=asked)).json()
            seen += [one["object_id"] for one in page["items"]]
            cursor = page["next_cursor"]
        assert seen == [*reversed(made), "shop"]

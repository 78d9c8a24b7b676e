"""`/v1/partners` and `/v1/endpoints`: create, read in pages, switch, rotate; a secret once."""

from typing import Any

import httpx
import pytest

from contracts.clock import utc_now
from contracts.payload.events import TrackingEvent
from store.deliveries.planning import plan_event
from store.events import acceptance
from tests.support.factories import make_event
from tests.support.shelf import Shelf, Text
from tests.support.stack import Stack

URL = "https://hooks.shop.example/doorstep"


async def all_pages(api: httpx.AsyncClient, path: str, **params: Any) -> list[list[str]]:
    """The ids on every page, following the cursors."""
    pages: list[list[str]] = []
    cursor = None
    while cursor is not None or not pages:
        asked = {**params, **({"cursor": cursor} if cursor else {})}
        answer = await api.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        pages.append([one["id"] for one in answer.json()["items"]])
        cursor = answer.json()["next_cursor"]
    return pages


class TestPartners:
    async def test_it_is_shown_as_it_was_made(self, api: httpx.AsyncClient) -> None:
        asked = {"id": "chai", "name": " Chai Point ", "tier": "smb", "sms_fallback": True}
        made = await api.post("/v1/partners", json=asked)
        assert made.status_code == 201
        shown = made.json()
        assert shown.pop("created_at").endswith("Z")
        assert shown == {
            "id": "chai",
            "name": "Chai Point",
            "tier": "smb",
            "webhook_enabled": False,
            "sms_enabled": False,
            "sms_awaits_owner": True,
            "sms_fallback": True,
            "sms_event_types": None,
            "sms_fallback_types": None,
            "sms_language": "en",
            "sms_sender": None,
            "sms_daily_cap": None,
            "contact_phone_masked": None,
            "contact_phone_confirmed_at": None,
            "time_zone": "Asia/Kolkata",
            "tracking_enabled": True,
            "tracking_url_in_payload": False,
            "brand_color": None,
            "logo_digest": None,
            "paused_at": None,
            "retention_days": None,
            "instruction_actions": None,
            "no_sundays": False,
            "instruction_reminder": False,
            "redelivery_cost": None,
            "sms_part_price": None,
        }
        assert (await api.get("/v1/partners/chai")).json() == made.json()

    async def test_its_texts_can_be_set_up_and_the_owner_s_phone_is_masked(
        self, lonely: Stack
    ) -> None:
        wanted = {
            "sms_fallback_types": ["delivered"],
            "sms_language": "ta",
            "sms_sender": "CHAIPT",
            "sms_daily_cap": 500,
        }
        changed = await lonely.api.patch(
            "/v1/partners/shop", json={**wanted, "contact_phone": "98200 12345"}
        )
        assert changed.status_code == 200, changed.text
        shown = changed.json()
        assert {name: shown[name] for name in wanted} == wanted
        assert shown["contact_phone_masked"] == "+91********45"
        assert shown["contact_phone_confirmed_at"] is None
        confirmed = await lonely.api.patch(
            "/v1/partners/shop", json={"contact_phone_confirmed": True}
        )
        assert confirmed.json()["contact_phone_confirmed_at"] is not None
        gone = await lonely.api.patch("/v1/partners/shop", json={"contact_phone": None})
        assert gone.json()["contact_phone_masked"] is None
        assert gone.json()["sms_sender"] == "CHAIPT"
        audit = (await lonely.api.get("/v1/audit", params={"object_id": "shop"})).text
        assert "contact_phone" in audit
        assert "98200" not in changed.text + audit

    @pytest.mark.parametrize(
        "fault",
        [
            {"sms_sender": "with space"},
            {"sms_language": "xx"},
            {"sms_language": None},
            {"sms_daily_cap": 0},
            {"sms_fallback_types": []},
            {"contact_phone": "12"},
            {"contact_phone_confirmed": True},
            {"contact_phone_confirmed": None},
        ],
    )
    async def test_what_texts_cannot_be_set_up_with(
        self, lonely: Stack, fault: dict[str, Any]
    ) -> None:
        answer = await lonely.api.patch("/v1/partners/shop", json=fault)
        assert answer.status_code == 422, answer.text

    async def test_a_taken_id_is_a_409_that_names_it(self, lonely: Stack) -> None:
        answer = await lonely.api.post(
            "/v1/partners", json={"id": "shop", "name": "Another", "tier": "smb"}
        )
        assert answer.status_code == 409
        assert "shop" in answer.json()["detail"]
        assert (await lonely.api.get("/v1/partners/shop")).json()["name"] == "Chai Point"

    @pytest.mark.parametrize(
        ("limit", "sizes"), [(1, [1] * 5), (2, [2, 2, 1]), (4, [4, 1]), (5, [5]), (100, [5])]
    )
    async def test_pages_have_each_one_once_in_order(
        self, api: httpx.AsyncClient, limit: int, sizes: list[int]
    ) -> None:
        for name in ("e", "b", "a", "d", "c"):
            await api.post("/v1/partners", json={"id": name, "name": name, "tier": "smb"})
        pages = await all_pages(api, "/v1/partners", limit=limit)
        assert [len(page) for page in pages] == sizes
        assert [one for page in pages for one in page] == ["a", "b", "c", "d", "e"]

    async def test_an_empty_page(self, api: httpx.AsyncClient) -> None:
        assert await all_pages(api, "/v1/partners") == [[]]

    @pytest.mark.parametrize("limit", [0, -1, 101, "many"])
    async def test_a_page_has_one_to_a_hundred(
        self, api: httpx.AsyncClient, limit: int | str
    ) -> None:
        answer = await api.get("/v1/partners", params={"limit": limit})
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == ["limit"]


class TestChangingAPartner:
    async def test_what_is_named_changes_and_the_rest_stays(self, lonely: Stack) -> None:
        before = (await lonely.api.get("/v1/partners/shop")).json()
        change = {"tier": "enterprise", "sms_enabled": True, "sms_event_types": ["delivered"]}
        changed = await lonely.api.patch("/v1/partners/shop", json=change)
        assert changed.status_code == 200
        assert changed.json() == before | change
        assert (await lonely.api.get("/v1/partners/shop")).json() == changed.json()

    async def test_paused_and_resumed(self, lonely: Stack) -> None:
        paused = await lonely.api.patch("/v1/partners/shop", json={"paused": True})
        assert paused.json()["paused_at"].endswith("Z")
        resumed = await lonely.api.patch("/v1/partners/shop", json={"paused": False})
        assert resumed.json()["paused_at"] is None

    async def test_a_new_tier_brings_its_limits(self, lonely: Stack) -> None:
        for number in range(3):
            await lonely.add_endpoint(f"{URL}/{number}")
        await lonely.api.patch("/v1/partners/shop", json={"tier": "enterprise"})
        await lonely.add_endpoint(URL)
        await lonely.api.patch("/v1/partners/shop", json={"tier": "growth"})
        answer = await lonely.api.post("/v1/endpoints", json={"partner_id": "shop", "url": URL})
        assert answer.status_code == 409
        assert len((await all_pages(lonely.api, "/v1/endpoints"))[0]) == 4, "what is there stays"

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": None}, "name"),
            ({"tier": None}, "tier"),
            ({"tier": "gold"}, "tier"),
            ({"sms_enabled": None}, "sms_enabled"),
            ({"paused": None}, "paused"),
            ({"sms_event_types": []}, "sms_event_types"),
            ({"sms_event_types": ["shipped"]}, "sms_event_types.0"),
            ({"paused_at": None}, "paused_at"),
            ({"id": "other"}, "id"),
        ],
    )
    async def test_what_cannot_be_is_named(
        self, lonely: Stack, change: dict[str, Any], field: str
    ) -> None:
        answer = await lonely.api.patch("/v1/partners/shop", json=change)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [field]


class TestEndpoints:
    async def test_it_is_shown_as_it_was_made(self, lonely: Stack) -> None:
        made = await lonely.add_endpoint(URL, event_types=["delivered"], description="the ERP")
        assert made.pop("secret").startswith("whsec_")
        assert made.pop("created_at").endswith("Z")
        assert made.pop("id").startswith("ep_")
        assert made == {
            "partner_id": "shop",
            "url": URL,
            "description": "the ERP",
            "event_types": ["delivered"],
            "custom_headers": {},
            "state": "enabled",
            "state_reason": None,
            "schema_version": "1.0",
            "auto_recover": True,
            "recovery_rate": 10,
            "ordered": False,
            "in_flight_limit": 50,
            "rate_limit": None,
        }

    async def test_the_secret_is_shown_once_only(self, lonely: Stack) -> None:
        made = await lonely.add_endpoint(URL)
        address = f"/v1/endpoints/{made['id']}"
        later = [
            await lonely.api.get(address),
            await lonely.api.get("/v1/endpoints"),
            await lonely.api.patch(address, json={"state": "paused"}),
            await lonely.api.get(f"{address}/secret"),
        ]
        rotated = (await lonely.api.post(f"{address}/rotate-secret")).json()
        later += [await lonely.api.get(address), await lonely.api.get("/v1/endpoints")]
        assert rotated["secret"] != made["secret"]
        for answer in later:
            assert "whsec_" not in answer.text
            assert made["secret"][6:] not in answer.text
            assert rotated["secret"][6:] not in answer.text

    async def test_the_limit_of_the_tier_is_a_409(self, lonely: Stack) -> None:
        for number in range(3):
            await lonely.add_endpoint(f"{URL}/{number}")
        answer = await lonely.api.post("/v1/endpoints", json={"partner_id": "shop", "url": URL})
        assert answer.status_code == 409
        assert len((await all_pages(lonely.api, "/v1/endpoints"))[0]) == 3

    @pytest.mark.parametrize(
        "url",
        [
            "ftp://x.example",
            "https://",
            "https://x.example:99999/",
            "https://user:password@x.example/",
            "https://x.example/\x00",
        ],
    )
    async def test_a_url_that_cannot_be_called_is_a_422(self, lonely: Stack, url: str) -> None:
        answer = await lonely.api.post("/v1/endpoints", json={"partner_id": "shop", "url": url})
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == ["url"]
        assert "password" not in answer.json()["errors"][0]["message"].replace("password out", "")

    async def test_one_is_pinned_to_a_version_of_the_payload(self, lonely: Stack) -> None:
        body = {"partner_id": "shop", "url": URL, "schema_version": "1.0"}
        assert (await lonely.api.post("/v1/endpoints", json=body)).json()["schema_version"] == "1.0"
        refused = await lonely.api.post("/v1/endpoints", json={**body, "schema_version": "2.0"})
        assert refused.status_code == 422
        [fault] = refused.json()["errors"]
        assert fault["field"] == "schema_version"
        assert "a version that there is: 1.0" in fault["message"]

    async def test_an_unknown_partner_is_named(self, api: httpx.AsyncClient) -> None:
        answer = await api.post("/v1/endpoints", json={"partner_id": "chai-2", "url": URL})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "partner_id"
        assert "chai-2" in answer.json()["detail"]

    async def test_pages_of_one_partner_and_of_all(self, lonely: Stack) -> None:
        await lonely.add_partner("other", "enterprise")
        mine = [(await lonely.add_endpoint(f"{URL}/{n}"))["id"] for n in range(3)]
        theirs = [(await lonely.add_endpoint(f"{URL}/{n}", "other"))["id"] for n in range(4)]
        of_one = await all_pages(lonely.api, "/v1/endpoints", partner_id="shop", limit=2)
        of_all = await all_pages(lonely.api, "/v1/endpoints", limit=3)
        assert [one for page in of_one for one in page] == sorted(mine)
        assert [one for page in of_all for one in page] == sorted(mine + theirs)
        assert [len(page) for page in of_all] == [3, 3, 1]

    @pytest.mark.parametrize(
        ("state", "reason"),
        [("paused", "switched off by hand"), ("disabled", "switched off by hand")],
    )
    async def test_off_and_on_again(self, lonely: Stack, state: str, reason: str) -> None:
        address = f"/v1/endpoints/{(await lonely.add_endpoint(URL))['id']}"
        off = (await lonely.api.patch(address, json={"state": state})).json()
        assert (off["state"], off["state_reason"]) == (state, reason)
        on = (await lonely.api.patch(address, json={"state": "enabled"})).json()
        assert (on["state"], on["state_reason"]) == ("enabled", None)


class TestRetention:
    async def test_a_partner_gets_its_own_days_and_gives_them_back(
        self, api: httpx.AsyncClient
    ) -> None:
        await api.post("/v1/partners", json={"id": "chai", "name": "Chai Point", "tier": "smb"})
        for days in (90, None):
            changed = await api.patch("/v1/partners/chai", json={"retention_days": days})
            assert (changed.status_code, changed.json()["retention_days"]) == (200, days)

    @pytest.mark.parametrize("days", [0, -1, 3651, "soon"])
    async def test_days_that_cannot_be(self, api: httpx.AsyncClient, days: object) -> None:
        await api.post("/v1/partners", json={"id": "chai", "name": "Chai Point", "tier": "smb"})
        refused = await api.patch("/v1/partners/chai", json={"retention_days": days})
        assert refused.status_code == 422


class TestTextUsage:
    async def test_it_counts_what_was_sent_today(self, lonely: Stack, shelf: Shelf) -> None:
        await lonely.api.patch("/v1/partners/shop", json={"sms_enabled": True, "sms_daily_cap": 9})
        now = utc_now()
        event = TrackingEvent.model_validate(make_event())
        await shelf.database.write(acceptance.accept, event, now)
        [planned] = (await shelf.database.write(plan_event, event.event_id, now)).deliveries
        await Text(shelf, event, planned.delivery_id).ready(now=now)
        usage = (await lonely.api.get("/v1/sms/usage?partner_id=shop")).json()
        assert usage.pop("day").startswith("20")
        assert usage == {"messages": 1, "parts": 1, "daily_cap": 9}


@pytest.mark.parametrize("path", ["/v1/partners/shop", "/v1/endpoints/{endpoint_id}"])
class TestIfMatch:
    async def test_what_was_changed_meanwhile_is_not_changed_again(
        self, lonely: Stack, path: str
    ) -> None:
        endpoint = await lonely.add_endpoint("https://93.184.215.14/doorstep")
        path, api = path.format(endpoint_id=endpoint["id"]), lonely.api
        name = "name" if "partners" in path else "description"
        read = (await api.get(path)).headers["etag"]
        changed = await api.patch(path, json={name: "first"}, headers={"if-match": read})
        assert changed.status_code == 200
        late = await api.patch(path, json={name: "second"}, headers={"if-match": read})
        assert (late.status_code, late.json()["type"]) == (412, "/problems/precondition-failed")
        assert (await api.get(path)).json()[name] == "first"
        again = {"if-match": f'"none", {changed.headers["etag"]}'}
        assert (await api.patch(path, json={name: "second"}, headers=again)).status_code == 200
        assert (await api.get(path)).json()[name] == "second"

    async def test_any_will_do_where_it_says_so(self, lonely: Stack, path: str) -> None:
        endpoint = await lonely.add_endpoint("https://93.184.215.14/doorstep")
        path = path.format(endpoint_id=endpoint["id"])
        body = {"name": "x"} if "partners" in path else {"description": "x"}
        answer = await lonely.api.patch(path, json=body, headers={"if-match": "*"})
        assert answer.status_code == 200

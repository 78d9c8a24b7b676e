"""Endpoints that are changed, tested and removed: nothing stays open, no secret shows."""

import asyncio
from typing import Any

import pytest

from contracts.delivery.messages import SendResult
from contracts.delivery.states import AttemptState, DeliveryState, SkipReason
from contracts.endpoints.endpoints import EndpointChange
from contracts.errors import Conflict, Invalid, NotFound
from contracts.notifications.kinds import NotificationKind
from contracts.payload.events import EventType
from store.access.audit import AuditFilter, list_entries
from store.db.database import Database
from store.deliveries import drafts, planning
from store.deliveries.fallback import plan_fallback
from store.endpoints import changes, test_events
from store.reports.ledger import read_ledger
from store.tables import DeliveryRow, EndpointRow, EventRow, OrderSequenceRow, PartnerRow
from tests.support.account_notices import notices
from tests.support.shelf import NOW, Shelf, after, an_event

SECRET = "Bearer hunter2-hunter2"


async def change(database: Database, endpoint_id: str, **fields: Any) -> EndpointRow:
    """Change an endpoint as the API does."""
    asked = EndpointChange.model_validate(fields)
    return await database.write(changes.change_endpoint, endpoint_id, asked, NOW, actor="test")


async def remove(database: Database, endpoint_id: str, seconds: float = 0) -> int:
    """Remove an endpoint; gives how many deliveries ended with it."""
    return await database.write(changes.remove_endpoint, endpoint_id, after(seconds), actor="test")


async def send_test(
    database: Database, endpoint_id: str, event_type: EventType = EventType.DELIVERED
) -> str:
    """Ask for a test event; gives its id."""
    return await database.write(
        test_events.accept_test_event, endpoint_id, event_type, NOW, actor="test"
    )


class TestWhereItGoes:
    async def test_the_owners_are_told_of_another_url_by_its_host(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        for _ in range(2):
            await change(database, endpoint.id, url="https://new.shop.example/in?token=hunter2")
        await change(database, endpoint.id, description="ERP")
        [notice] = await notices(database)
        assert notice.kind is NotificationKind.ENDPOINT_URL_CHANGED
        assert (notice.partner_id, notice.endpoint_id) == ("shop", endpoint.id)
        assert notice.about == {
            "by": None,
            "host": "new.shop.example",
            "before": "hooks.shop.example",
        }

    async def test_one_that_is_refused_is_not_told(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        first, second = await shelf.add_endpoint(), await shelf.add_endpoint()
        with pytest.raises(Conflict):
            await change(database, second.id, url=first.url)
        assert await notices(database) == []


class TestChanging:
    async def test_what_is_named_changes_and_the_rest_stays(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint(description="ERP", event_types=["delivered"])
        await change(database, endpoint.id, url="https://new.shop.example/in")
        row = await shelf.one(EndpointRow, endpoint.id)
        assert (row.url, row.description) == ("https://new.shop.example/in", "ERP")
        await change(database, endpoint.id, description=None, event_types=None)
        row = await shelf.one(EndpointRow, endpoint.id)
        assert (row.url, row.description, row.event_types) == (
            "https://new.shop.example/in",
            None,
            None,
        )

    @pytest.mark.parametrize(
        ("tier", "fields", "field"),
        [
            ("smb", {"event_types": ["delivered"]}, "event_types"),
            ("smb", {"custom_headers": {"x-a": "1"}}, "custom_headers"),
            ("growth", {"custom_headers": {f"x-{n}": "1" for n in range(6)}}, "custom_headers"),
            (
                "enterprise",
                {"custom_headers": {f"x-{n}": "1" for n in range(21)}},
                "custom_headers",
            ),
        ],
    )
    async def test_beyond_the_tier(
        self, shelf: Shelf, database: Database, tier: str, fields: dict[str, Any], field: str
    ) -> None:
        await shelf.add_partner(tier=tier)
        endpoint = await shelf.add_endpoint()
        with pytest.raises(Invalid, match=f"the tier {tier}") as caught:
            await change(database, endpoint.id, **fields)
        assert caught.value.field == field
        await shelf.change(EndpointRow, endpoint.id, removed_at=NOW)
        with pytest.raises(Invalid, match=f"the tier {tier}"):
            await shelf.add_endpoint(**fields)

    async def test_a_new_tier_is_all_it_takes(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(tier="smb")
        endpoint = await shelf.add_endpoint()
        await shelf.change(PartnerRow, "shop", tier="enterprise")
        await change(database, endpoint.id, custom_headers={"x-a": "1"})
        assert len([await shelf.add_endpoint() for _ in range(9)]) == 9

    async def test_headers_are_kept_encrypted_and_sent_in_clear(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint(custom_headers={"Authorization": SECRET})
        row = await shelf.one(EndpointRow, endpoint.id)
        assert "hunter2" not in repr(row.model_dump())
        assert row.custom_header_names == ["authorization"]
        sent = await database.read(changes.headers_of, row)
        assert sent == {"authorization": SECRET}
        await change(database, endpoint.id, custom_headers={})
        row = await shelf.one(EndpointRow, endpoint.id)
        assert (row.custom_headers, row.custom_header_names) == (None, None)

    async def test_an_attempt_has_them_and_does_not_show_them(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        await change(database, webhook.endpoint_id, custom_headers={"x-key": SECRET})
        ready = await webhook.ready()
        assert ready.headers == {"x-key": SECRET}
        assert "hunter2" not in repr(ready)

    async def test_the_audit_log_names_fields_and_no_values(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        await change(
            database,
            endpoint.id,
            url="https://new.shop.example/in?token=hunter2",
            custom_headers={"x-key": SECRET},
        )
        wanted = AuditFilter(object_id=endpoint.id)
        entries = await database.read(list_entries, wanted, after=None, limit=9)
        [entry] = [one for one in entries if one.action == "endpoint.changed"]
        assert entry.details == {"fields": ["custom_headers", "url"], "state": "enabled"}


class TestRemoving:
    async def test_what_is_open_or_held_ends_as_skipped(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        await change(database, webhook.endpoint_id, state="paused")
        await shelf.plan()
        await change(database, webhook.endpoint_id, state="enabled")
        tried = await shelf.plan()
        task = tried.deliveries[0].delivery_id
        assert await remove(database, webhook.endpoint_id, 5) == 3
        for delivery_id in (webhook.id, task):
            row = await shelf.one(DeliveryRow, delivery_id)
            assert (row.state, row.skip_reason) == (
                DeliveryState.SKIPPED,
                SkipReason.ENDPOINT_REMOVED,
            )
            assert row.changed_at == after(5)
        ledger = await database.read(read_ledger)
        assert (ledger.balanced, ledger.by_delivery_state) == (True, {"skipped": 3})

    async def test_a_waiting_workflow_finds_it_ended(
        self, shelf: Shelf, database: Database
    ) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(503)
        await remove(database, webhook.endpoint_id)
        assert await webhook.begin() == SendResult(DeliveryState.SKIPPED, code="http_503")

    @pytest.mark.parametrize(
        ("status", "state", "reason"),
        [
            (200, DeliveryState.DELIVERED, None),
            (503, DeliveryState.SKIPPED, SkipReason.ENDPOINT_REMOVED),
        ],
    )
    async def test_an_attempt_on_the_wire_ends_by_itself(
        self,
        shelf: Shelf,
        database: Database,
        status: int,
        state: DeliveryState,
        reason: SkipReason | None,
    ) -> None:
        webhook = await shelf.webhook()
        ready = await webhook.ready()
        await remove(database, webhook.endpoint_id)
        settled = await webhook.finish(ready, status)
        assert settled.result is not None
        assert settled.result.state is state
        row = await webhook.row()
        assert (row.state, row.skip_reason, row.next_attempt_at) == (state, reason, None)
        [attempt] = await webhook.attempts()
        assert attempt.state is not AttemptState.IN_FLIGHT

    async def test_what_has_ended_stays_as_it_is(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await webhook.attempt(200)
        assert await remove(database, webhook.endpoint_id) == 0
        assert (await webhook.row()).state is DeliveryState.DELIVERED

    async def test_later_events_do_not_know_it(self, shelf: Shelf, database: Database) -> None:
        webhook = await shelf.webhook()
        await remove(database, webhook.endpoint_id)
        [planned] = (await shelf.plan()).deliveries
        assert planned.skip_reason is SkipReason.NO_CHANNEL

    async def test_a_plan_that_had_seen_it_paused_holds_nothing_for_it(
        self, shelf: Shelf, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The plan reads the endpoint, the endpoint is removed, the plan writes its deliveries."""
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        await change(database, endpoint.id, state="paused")
        draft, loop = drafts.draft_deliveries, asyncio.get_running_loop()

        def overtaken(*args: Any) -> list[drafts.Draft]:
            removal = asyncio.run_coroutine_threadsafe(remove(database, endpoint.id), loop)
            assert removal.result(timeout=10) == 0
            return draft(*args)

        monkeypatch.setattr(planning, "draft_deliveries", overtaken)
        [planned] = (await shelf.plan()).deliveries
        row = await shelf.one(DeliveryRow, planned.delivery_id)
        assert (row.state, row.skip_reason) == (
            DeliveryState.SKIPPED,
            SkipReason.ENDPOINT_REMOVED,
        )

    async def test_again_it_is_not_found(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        await remove(database, endpoint.id)
        with pytest.raises(NotFound):
            await remove(database, endpoint.id)
        with pytest.raises(NotFound):
            await change(database, endpoint.id, state="enabled")


class TestTestEvents:
    async def test_it_goes_to_its_one_endpoint_only(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner(sms_enabled=True, sms_fallback=True)
        first, _ = [await shelf.add_endpoint(event_types=["order_confirmed"]) for _ in range(2)]
        event_id = await send_test(database, first.id)
        plan = await database.write(planning.plan_event, event_id, NOW)
        [planned] = plan.deliveries
        row = await shelf.one(DeliveryRow, planned.delivery_id)
        assert (row.endpoint_id, row.state) == (first.id, DeliveryState.PENDING)
        assert await database.write(plan_fallback, event_id, NOW) is None
        event = await shelf.one(EventRow, event_id)
        assert (event.is_test, event.event_type) == (True, "delivered")

    async def test_it_counts_no_real_order_up(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        await shelf.accept()
        order = an_event().data.order.order_id
        before = await shelf.one(OrderSequenceRow, ("shop", order))
        await send_test(database, endpoint.id)
        assert await shelf.one(OrderSequenceRow, ("shop", order)) == before

    async def test_one_whose_endpoint_is_removed_first_is_skipped(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        event_id = await send_test(database, endpoint.id)
        await remove(database, endpoint.id)
        [planned] = (await database.write(planning.plan_event, event_id, NOW)).deliveries
        assert planned.skip_reason is SkipReason.ENDPOINT_REMOVED

    @pytest.mark.parametrize("off", ["endpoint", "partner"])
    async def test_what_is_switched_off_is_not_tested(
        self, shelf: Shelf, database: Database, off: str
    ) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        if off == "endpoint":
            await change(database, endpoint.id, state="paused")
        else:
            await shelf.change(PartnerRow, "shop", paused_at=NOW)
        with pytest.raises(Conflict, match=off):
            await send_test(database, endpoint.id)
        assert await shelf.count(EventRow) == 0

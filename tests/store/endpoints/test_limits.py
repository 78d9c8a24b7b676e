"""Endpoints: each URL once, headers that stay with their host, and so many test events."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from contracts.access.audit import AuditAction
from contracts.delivery.states import EndpointState
from contracts.endpoints.endpoints import EndpointChange, EndpointCreate
from contracts.errors import Conflict, LimitReached, NotFound
from contracts.payload.events import EventType
from store.access.audit import AuditFilter, list_entries
from store.access.budgets import TEST_EVENTS
from store.db.database import Database
from store.endpoints import changes
from store.endpoints.endpoints import create_endpoint
from store.endpoints.test_events import accept_test_event
from store.tables import (
    AuditEntryRow,
    EndpointRow,
)
from tests.support.shelf import NOW, URL, Shelf


class TestUrls:
    @pytest.mark.parametrize(
        "same",
        [
            "https://hooks.shop.example/doorstep",
            "HTTPS://Hooks.SHOP.example:443/doorstep",
            "https://hooks.shop.example/doorstep?",
            "https://hooks.shop.example//doorstep",
            "https://hooks.shop.example/./doorstep",
            "https://hooks.shop.example/x/../doorstep",
            "https://hooks.shop.example/%64oorstep",
        ],
    )
    async def test_each_once_however_it_is_written(
        self, shelf: Shelf, database: Database, same: str
    ) -> None:
        await shelf.add_partner()
        first = await shelf.add_endpoint()
        await shelf.change(EndpointRow, first.id, state=EndpointState.DISABLED)
        asked = EndpointCreate(partner_id="shop", url=same)
        with pytest.raises(Conflict):
            await database.write(create_endpoint, asked, NOW, actor="t")
        other = await shelf.add_endpoint()
        with pytest.raises(Conflict):
            await change(database, other.id, url=same)
        await change(database, first.id, url=same)

    async def test_others_are_others(self, shelf: Shelf) -> None:
        await shelf.add_partner(tier="enterprise")
        await shelf.add_partner("other")
        for url in (URL, f"{URL}/", f"{URL}?a=1", URL.upper().replace("HTTPS", "https")):
            await shelf.add_endpoint(url=url)
        await shelf.add_endpoint("other", url=URL)

    async def test_the_url_of_a_removed_one_is_free(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        first = await shelf.add_endpoint(url=URL)
        await database.write(changes.remove_endpoint, first.id, NOW, actor="t")
        await shelf.add_endpoint(url=URL)

    async def test_the_database_refuses_it_itself(self, shelf: Shelf) -> None:
        await shelf.add_partner()
        first, second = [await shelf.add_endpoint() for _ in range(2)]
        with pytest.raises(IntegrityError):
            await shelf.change(EndpointRow, second.id, url_key=first.url_key)


class TestHeaders:
    async def test_they_do_not_follow_to_another_host(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        for moved in ("https://evil.example/doorstep", "https://hooks.shop.example:8443/doorstep"):
            endpoint = await shelf.add_endpoint(custom_headers={"authorization": "Bearer secret"})
            row = await change(database, endpoint.id, url=moved)
            assert (row.custom_headers, row.custom_header_names) == (None, None)
            [entry] = await entries(database, endpoint.id, AuditAction.ENDPOINT_CHANGED)
            assert entry.details["custom_headers_dropped"] is True

    async def test_they_stay_where_the_host_does_or_they_are_given_anew(
        self, shelf: Shelf, database: Database
    ) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint(custom_headers={"authorization": "Bearer secret"})
        row = await change(database, endpoint.id, url="https://hooks.shop.example/other")
        assert row.custom_header_names == ["authorization"]
        headers = {"x-key": "given again"}
        row = await change(
            database, endpoint.id, url="https://new.shop.example/", custom_headers=headers
        )
        assert await database.read(changes.headers_of, row) == headers


async def test_another_partner_s_endpoint_is_not_locked(
    shelf: Shelf, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shelf.add_partner()
    endpoint = await shelf.add_endpoint()

    def never(*_: object) -> None:
        raise AssertionError("its deliveries were locked")

    monkeypatch.setattr(changes, "_lock_deliveries", never)
    remove = changes.remove_endpoint
    with pytest.raises(NotFound):
        await database.write(remove, endpoint.id, NOW, actor="t", owner="other")


class TestTestEvents:
    async def test_so_many_for_an_endpoint(self, shelf: Shelf, database: Database) -> None:
        await shelf.add_partner()
        endpoint = await shelf.add_endpoint()
        test: Callable[..., Any] = accept_test_event
        kind = EventType.DELIVERED
        for _ in range(TEST_EVENTS.most):
            await database.write(test, endpoint.id, kind, NOW, actor="t")
        with pytest.raises(LimitReached) as refused:
            await database.write(test, endpoint.id, kind, NOW, actor="t")
        assert 0 < refused.value.wait_s <= TEST_EVENTS.window.total_seconds()
        later = NOW + TEST_EVENTS.window
        await database.write(test, endpoint.id, kind, later, actor="t")


async def change(database: Database, endpoint_id: str, **fields: Any) -> EndpointRow:
    asked = EndpointChange.model_validate(fields)
    return await database.write(changes.change_endpoint, endpoint_id, asked, NOW, actor="t")


async def entries(database: Database, object_id: str, action: AuditAction) -> list[AuditEntryRow]:
    wanted = AuditFilter(object_id=object_id)
    found = await database.read(list_entries, wanted, after=None, limit=50)
    return [one for one in found if one.action is action]

"""Somebody with a link to a tracking page, in a browser without a script."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from store.tracking.links import LinkedOrder, link_token
from tests.support.factories import make_groups, make_order
from tests.support.shelf import NOW, Shelf, an_event


@dataclass
class Customer:
    """Somebody with a link, and what happens to their parcel meanwhile."""

    shelf: Shelf
    http: httpx.AsyncClient
    app: FastAPI
    now: datetime = NOW
    order: dict[str, Any] = field(default_factory=dict)

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    async def happens(self, kind: str, *, is_test: bool = False, **groups: Any) -> str:
        """An event of the order, now; gives its id."""
        order = make_order(**{"ordered_at": NOW.isoformat(), **self.order})
        data = make_groups(order=order, **{"otp": _otp(self.now), **groups})
        event = an_event(kind, occurred_at=self.now.isoformat(), data=data, is_test=is_test)
        return (await self.shelf.accept(event, now=self.now)).event_id

    async def token(self, order_id: str = "ORD-1", *, is_test: bool = False) -> str:
        """The token of an order's link."""
        order = LinkedOrder("shop", order_id, is_test)
        return await self.shelf.database.write(link_token, order, self.now)

    async def opens(
        self, language: str | None = None, token: str | None = None, **headers: str
    ) -> httpx.Response:
        """Open the page."""
        path = f"/t/{token if token is not None else await self.token()}"
        params = {"lang": language} if language else {}
        return await self.http.get(path, params=params, headers=headers)

    async def place(self) -> str:
        """Where the page of the order is."""
        return f"/t/{await self.token()}"

    async def gets(self, path: str, *, lang: str | None = None) -> httpx.Response:
        """Open what is below the page."""
        params = {"lang": lang} if lang else {}
        return await self.http.get(f"{await self.place()}/{path}".rstrip("/"), params=params)

    async def posts(
        self,
        path: str,
        fields: Mapping[str, str] = {},
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send a form to what is below the page."""
        place = f"/t/{token}" if token else await self.place()
        return await self.http.post(f"{place}/{path}", data=dict(fields), headers=headers)


def _otp(now: datetime) -> dict[str, str]:
    until = (now + timedelta(hours=1)).isoformat()
    return {"code": "483920", "valid_from": now.isoformat(), "valid_until": until}

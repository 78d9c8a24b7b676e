"""Somebody with a link to a tracking page, in a browser without a script."""

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

    async def token(self, *, is_test: bool = False) -> str:
        """The token of the order's link."""
        order = LinkedOrder("shop", "ORD-1", is_test)
        return await self.shelf.database.write(link_token, order, self.now)

    async def opens(
        self, language: str | None = None, token: str | None = None, **headers: str
    ) -> httpx.Response:
        """Open the page."""
        path = f"/t/{token if token is not None else await self.token()}"
        params = {"lang": language} if language else {}
        return await self.http.get(path, params=params, headers=headers)


def _otp(now: datetime) -> dict[str, str]:
    until = (now + timedelta(hours=1)).isoformat()
    return {"code": "483920", "valid_from": now.isoformat(), "valid_until": until}

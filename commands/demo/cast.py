"""Who plays: three merchants, one of each tier, and the doors of their systems.

One needs no code and gets texts only, one is down and comes back, one has two systems of which
one is well and the other one was taken out of service and answers 410.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from commands.demo.api import Api
from sandbox.merchant import Merchant
from sandbox.steps import Answer


@dataclass(frozen=True)
class Shop:
    """A merchant, as it is created."""

    id: str
    name: str
    tier: str
    sms_fallback: bool = False


KAVERI = Shop("kaveri-handlooms", "Kaveri Handlooms", "smb")
CHAI = Shop("chai-junction", "Chai Junction", "growth", sms_fallback=True)
MERIDIAN = Shop("meridian-retail", "Meridian", "enterprise")
SHOPS = (KAVERI, CHAI, MERIDIAN)


@dataclass
class Door:
    """An endpoint of a shop, and the sandbox merchant behind it. `plight` is for the screen."""

    shop: Shop
    name: str
    plight: str
    merchant: Merchant
    endpoint_id: str = ""


@dataclass
class Cast:
    """The doors, open."""

    api: Api
    chai: Door
    crm: Door
    marketing: Door

    @property
    def doors(self) -> Sequence[Door]:
        """All of them."""
        return (self.chai, self.crm, self.marketing)

    def chai_goes_down(self) -> None:
        """The growth merchant's system answers 503 from now on."""
        self.chai.merchant.behave(Answer(503))

    def chai_comes_back(self) -> None:
        """It is well again."""
        self.chai.merchant.behave(Answer(200))

    async def repair_marketing(self) -> None:
        """The system that was gone is back, and its endpoint is switched on by hand."""
        self.marketing.merchant.behave(Answer(200))
        await self.api.enable(self.marketing.endpoint_id)


async def open_doors(stack: AsyncExitStack, api: Api) -> Cast:
    """Start the sandbox merchants and create partners and endpoints over the API."""
    for shop in SHOPS:
        await api.create_partner(
            id=shop.id, name=shop.name, tier=shop.tier, sms_fallback=shop.sms_fallback
        )

    async def door(shop: Shop, name: str, plight: str, answer: int) -> Door:
        merchant = Merchant(name=name, behaviour=Answer(answer))
        await stack.enter_async_context(merchant)
        created = await api.create_endpoint(partner_id=shop.id, url=merchant.url, description=name)
        merchant.secrets = [created["secret"]]
        return Door(shop, name, plight, merchant, created["id"])

    return Cast(
        api,
        chai=await door(CHAI, "Chai Junction", "down, then up", 200),
        crm=await door(MERIDIAN, "Meridian, CRM", "healthy", 200),
        marketing=await door(MERIDIAN, "Meridian, marketing", "410 Gone", 410),
    )

"""Three merchants, one of each tier, and the sandbox behind their endpoints.

One needs no code and gets texts only, one is down and comes back, one has two endpoints of which
one is well and the other one was taken out of service and answers 410.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from commands.demo.api import Api
from sandbox.behaviour_text import parse_behaviour
from sandbox.merchant import Merchant
from sandbox.partners import Endpoint, Partner, register
from sandbox.steps import Answer

KAVERI = Partner("kaveri-handlooms", "smb", name="Kaveri Handlooms", sms_enabled=True)
CHAI = Partner(
    "chai-junction",
    endpoints=[Endpoint("Chai Junction")],
    name="Chai Junction",
    sms_fallback=True,
)
MERIDIAN = Partner(
    "meridian-retail",
    "enterprise",
    [Endpoint("Meridian, CRM"), Endpoint("Meridian, marketing", "410")],
    name="Meridian",
)
PARTNERS = (KAVERI, CHAI, MERIDIAN)
INTRODUCTIONS = (
    f"{KAVERI.name} (smb) writes no code: its customers get texts and a tracking page",
    f"{CHAI.name} (growth) is down at first and comes back; texts stand in for what comes too late",
    f"{MERIDIAN.name} (enterprise) has two endpoints: CRM is well, marketing answers 410 Gone",
)
_CONDITIONS = ("down, then up", "healthy", "410 Gone")


@dataclass
class Receiver:
    """An endpoint and the sandbox merchant behind it. `condition` is for the screen."""

    partner: Partner
    name: str
    condition: str
    merchant: Merchant
    endpoint_id: str = ""


@dataclass
class Merchants:
    """The receivers, listening."""

    api: Api
    chai: Receiver
    crm: Receiver
    marketing: Receiver

    @property
    def receivers(self) -> Sequence[Receiver]:
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


async def open_merchants(stack: AsyncExitStack, api: Api) -> Merchants:
    """Start the sandbox merchants and create partners and endpoints over the API."""
    places = [(partner, endpoint) for partner in PARTNERS for endpoint in partner.endpoints]
    receivers = []
    for (partner, endpoint), condition in zip(places, _CONDITIONS, strict=True):
        merchant = Merchant(name=endpoint.name, behaviour=parse_behaviour(endpoint.behaviour))
        await stack.enter_async_context(merchant)
        receivers.append(Receiver(partner, endpoint.name, condition, merchant))
    origins = {one.name: one.merchant.origin for one in receivers}
    ids = await register(api.client, PARTNERS, origins)
    for receiver in receivers:
        receiver.endpoint_id = ids[receiver.name]
    return Merchants(api, *receivers)

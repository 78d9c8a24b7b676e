"""`doorstep partners create`: a merchant and its endpoints, straight into the store."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from sqlmodel import Session

from api.endpoint_check import EndpointCheck
from commands.checked import checked
from commands.database import open_database
from contracts.access.callers import COMMAND_LINE
from contracts.clock import Clock
from contracts.endpoints.endpoints import EndpointCreate
from contracts.endpoints.network_guard import NetworkGuard
from contracts.partners import PartnerCreate
from resolver import NameLookUps
from settings import Settings
from store.endpoints.endpoints import create_endpoint
from store.partners import partners
from store.tables import EndpointRow, PartnerRow


@dataclass(frozen=True)
class Wish:
    """What the command line asks for; None takes the tier's default."""

    name: str
    tier: str
    id: str | None = None
    urls: Sequence[str] = ()
    event_types: Sequence[str] | None = None
    channels: dict[str, bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Created:
    """The partner, and each endpoint with the secret that is shown only now."""

    partner: PartnerRow
    endpoints: Sequence[tuple[EndpointRow, str]]


async def create_partner(settings: Settings, wish: Wish, clock: Clock) -> Created:
    """Create everything in one transaction, or nothing. CommandFailed names what is wrong."""
    asked = checked(
        PartnerCreate, {"id": wish.id, "name": wish.name, "tier": wish.tier, **wish.channels}
    )

    def work(session: Session) -> Created:
        now = clock()
        partner = partners.create_partner(session, asked, now, actor=COMMAND_LINE)
        session.flush()  # the endpoints' foreign key needs the row
        return Created(
            partner,
            [
                create_endpoint(session, _endpoint(wish, partner.id, url), now, actor=COMMAND_LINE)
                for url in wish.urls
            ],
        )

    await _require_reachable(settings, wish)
    async with open_database(settings) as database:
        return await database.write(work)


async def _require_reachable(settings: Settings, wish: Wish) -> None:
    """The same check as over the API. Invalid says what is wrong with a URL."""
    async with aclosing(NameLookUps()) as look_ups:
        check = EndpointCheck(NetworkGuard(settings.allowed_networks), look_ups)
        for endpoint in [_endpoint(wish, "to-be", url) for url in wish.urls]:
            await check.require_reachable(endpoint.url, caller=COMMAND_LINE)


def _endpoint(wish: Wish, partner_id: str, url: str) -> EndpointCreate:
    types = list(wish.event_types) if wish.event_types is not None else None
    return checked(EndpointCreate, {"partner_id": partner_id, "url": url, "event_types": types})

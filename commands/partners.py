"""`doorstep partners create`: a merchant and its endpoints, straight into the store."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from commands.database import open_database
from commands.errors import CommandFailed
from contracts.callers import COMMAND_LINE
from contracts.clock import Clock
from contracts.partners import EndpointCreate, PartnerCreate
from settings import Settings
from store import partners
from store.tables import EndpointRow, PartnerRow

B = TypeVar("B", bound=BaseModel)


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
    asked = _checked(
        PartnerCreate, {"id": wish.id, "name": wish.name, "tier": wish.tier, **wish.channels}
    )

    def work(session: Session) -> Created:
        now = clock()
        partner = partners.create_partner(session, asked, now, actor=COMMAND_LINE)
        session.flush()  # the endpoints' foreign key needs the row
        return Created(
            partner,
            [
                partners.create_endpoint(
                    session, _endpoint(wish, partner.id, url), now, actor=COMMAND_LINE
                )
                for url in wish.urls
            ],
        )

    async with open_database(settings) as database:
        return await database.write(work)


def _endpoint(wish: Wish, partner_id: str, url: str) -> EndpointCreate:
    types = list(wish.event_types) if wish.event_types is not None else None
    return _checked(EndpointCreate, {"partner_id": partner_id, "url": url, "event_types": types})


def _checked(model: type[B], values: dict[str, Any]) -> B:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, line['loc']))}: {line['msg']}"
            for line in error.errors(include_url=False, include_input=False)
        ]
        raise CommandFailed("; ".join(faults)) from None

"""`/v1/endpoints`: where a partner receives webhooks."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.auth.key_check import OpsOrPartner
from api.dependencies import Now, Store, UrlCheck
from api.etags import IfMatch, require_match, tagged
from api.idempotency import Idempotent
from api.json_route import JsonRoute
from api.pages import Page, cut
from api.routes.partners import Cursor, Limit, OfPartner
from api.rows import view_of
from contracts.endpoints.endpoints import (
    EndpointChange,
    EndpointCreate,
    EndpointCreated,
    EndpointPublic,
    RotateSecret,
)
from contracts.endpoints.headers import masked
from contracts.ids import EndpointRef
from store.access.idempotency import answer_before, once
from store.endpoints import changes, secrets
from store.endpoints import endpoints as stored
from store.tables import EndpointRow

router = APIRouter(route_class=JsonRoute, prefix="/v1/endpoints", tags=["endpoints"])


class EndpointPage(Page[EndpointPublic]):
    """A page; `next_cursor` is null on the last one."""


@router.post("", status_code=201, summary="Create an endpoint")
async def create_endpoint(
    asked: EndpointCreate,
    now: Now,
    database: Store,
    check: UrlCheck,
    caller: OpsOrPartner,
    repeat: Idempotent,
) -> EndpointCreated:
    """Add an endpoint to a partner. Its signing secret is in this answer, and in those to repeats
    with its `Idempotency-Key`, and never shown otherwise.

    409 when the partner has as many endpoints as its tier allows, and where another one of its
    endpoints has this URL, also in another spelling or switched off. 422, with a sentence, for

    - an unknown partner, and `event_types` or more `custom_headers` than its tier allows;
    - a URL that webhooks must not go to. It is `https`, has no user name and no fragment, its port
      is 443 or from 1024 to 65535, letters outside ASCII are in their `xn--` or percent-encoded
      form, and every address of its host is public. A host that does not resolve is refused. Every
      attempt checks again, and fails with the code `forbidden_address` when the host leads
      elsewhere by then;
    - a header that is no token, has line breaks in its value, or is not yours to set: `host`,
      `content-…`, `webhook-…`, `user-agent`, `accept-encoding`, `proxy-…`, `traceparent`,
      `tracestate`, `baggage`, and those of one connection.
    """

    def look(session: Session) -> EndpointCreated | None:
        """Of one moment: what a repeat that is done just now has made is no reason to refuse it."""
        before = answer_before(session, repeat, EndpointCreated, now)
        if before is None:
            stored.require_room(session, asked, owner=caller.owner)
        return before

    before = await database.read(look)
    if before is not None:
        return before
    await check.require_reachable(asked.url, caller=caller.owner or caller.id)

    def make(session: Session) -> EndpointCreated:
        row, secret = stored.create_endpoint(
            session, asked, now, actor=caller.id, owner=caller.owner
        )
        return view_of(EndpointCreated, public(row), secret=secret)

    return await database.write(once, repeat, EndpointCreated, make, now)


@router.get("", summary="List endpoints")
async def list_endpoints(
    database: Store,
    caller: OpsOrPartner,
    partner_id: OfPartner = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> EndpointPage:
    """Endpoints, of one partner or of all, in pages, in the order of their ids."""
    rows = await database.read(
        stored.list_endpoints,
        partner_id=partner_id,
        owner=caller.owner,
        after=cursor,
        limit=limit + 1,
    )
    page, following = cut(rows, limit, lambda row: row.id)
    return EndpointPage(items=[public(row) for row in page], next_cursor=following)


@router.get("/{endpoint_id}", summary="Get an endpoint")
async def get_endpoint(
    endpoint_id: EndpointRef, database: Store, caller: OpsOrPartner, response: Response
) -> EndpointPublic:
    """One endpoint, without its secret."""
    row = await database.read(stored.get_endpoint, endpoint_id, owner=caller.owner)
    return tagged(public(row), response)


@router.patch("/{endpoint_id}", summary="Change an endpoint")
async def change_endpoint(
    endpoint_id: EndpointRef,
    asked: EndpointChange,
    now: Now,
    database: Store,
    check: UrlCheck,
    caller: OpsOrPartner,
    response: Response,
    if_match: IfMatch = None,
) -> EndpointPublic:
    """Change what is sent; what is left out stays.

    - While an endpoint is `paused` or `disabled`, its deliveries are held, never dropped. Switching
      it on does not send what is held: begin a recovery for that.
    - A new URL is checked like the first one, and used from the next attempt on. Where it leads to
      another scheme, host or port, the custom headers are dropped unless the same change has them:
      the answer shows none, and so does the audit log. 409 where another endpoint of the partner
      has it, however it is written.
    """
    owner = caller.owner
    if "url" in asked.model_fields_set:
        await database.read(stored.get_endpoint, endpoint_id, owner=caller.owner)
        await check.require_reachable(asked.url, caller=caller.owner or caller.id)

    def change(session: Session) -> EndpointPublic:
        require_match(if_match, public(changes.locked_endpoint(session, endpoint_id, owner)))
        return public(
            changes.change_endpoint(session, endpoint_id, asked, now, actor=caller.id, owner=owner)
        )

    return tagged(await database.write(change), response)


@router.delete("/{endpoint_id}", status_code=204, summary="Remove an endpoint")
async def remove_endpoint(
    endpoint_id: EndpointRef, now: Now, database: Store, caller: OpsOrPartner
) -> None:
    """Remove an endpoint for good. Its open and held deliveries end as `skipped`, with the reason
    `endpoint_removed`. An attempt that is on the wire ends by itself, and its success counts. Dead
    letters stay until they expire, and can no longer be sent."""
    await database.write(
        changes.remove_endpoint,
        endpoint_id,
        now,
        actor=caller.id,
        owner=caller.owner,
    )


@router.post("/{endpoint_id}/rotate-secret", summary="Rotate the secret of an endpoint")
async def rotate_secret(
    endpoint_id: EndpointRef,
    now: Now,
    database: Store,
    caller: OpsOrPartner,
    repeat: Idempotent,
    asked: RotateSecret | None = None,
) -> EndpointCreated:
    """Give the endpoint a new secret, and show it. For 24 hours requests carry a signature by each.

    There are never more than two: rotated again within these 24 hours it is a 409, unless it is
    `immediate`.
    """
    immediate = asked is not None and asked.immediate

    def make(session: Session) -> EndpointCreated:
        row, secret = secrets.rotate_secret(
            session, endpoint_id, now, actor=caller.id, owner=caller.owner, immediate=immediate
        )
        return view_of(EndpointCreated, public(row), secret=secret)

    return await database.write(once, repeat, EndpointCreated, make, now)


def public(row: EndpointRow) -> EndpointPublic:
    """An endpoint row as it is shown."""
    return view_of(EndpointPublic, row, custom_headers=masked(row.custom_header_names))

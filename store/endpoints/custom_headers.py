"""An endpoint's custom headers, edited one by one by somebody who cannot read their values."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session

from contracts.endpoints.endpoints import EndpointChange
from contracts.endpoints.headers import checked_headers
from store.endpoints.changes import change_endpoint, headers_of, locked_endpoint


def edit_headers(
    session: Session,
    endpoint_id: str,
    put: Mapping[str, str],
    drop: Collection[str],
    now: datetime,
    *,
    actor: str,
    owner: str | None = None,
) -> None:
    """Put headers in or replace their values, and drop others; the rest stays as it is.

    NotFound without such an endpoint, Invalid beyond the tier; ValidationError for a header that is
    not the partner's to set.
    """
    kept = headers_of(session, locked_endpoint(session, endpoint_id, owner))
    wanted = {name: value for name, value in kept.items() if name not in drop}
    for name, value in put.items():
        wanted.pop(name.lower(), None)
        wanted[name] = value
    change = EndpointChange.model_validate({"custom_headers": wanted})
    if checked_headers(wanted) != kept:
        change_endpoint(session, endpoint_id, change, now, actor=actor, owner=owner)

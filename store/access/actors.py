"""Who stands behind an actor of the audit log: a user, a key, a session, or Doorstep itself."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from contracts.access.callers import COMMAND_LINE, CUSTOMER, DOORSTEP
from contracts.errors import Conflict
from contracts.ids import IdKind
from contracts.refusals import Refusal
from store.tables import ApiKeyRow, SessionRow, UserRow


class ActorKind(StrEnum):
    """What kind of somebody did something."""

    USER = "user"
    KEY = "key"
    PORTAL = "portal"
    """Somebody who came from the merchant portal; their name is known while the session lasts."""
    OPERATOR = "operator"
    COMMAND_LINE = COMMAND_LINE
    CUSTOMER = CUSTOMER
    DOORSTEP = DOORSTEP
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Actor:
    """Somebody who changed something. `name` is a user's, or a key's label; `partner_id` is whose
    they are, null for those of ops."""

    kind: ActorKind
    name: str | None = None
    partner_id: str | None = None


def actors_of(session: Session, ids: Collection[str]) -> dict[str, Actor]:
    """Who the actors of some entries are, each once. Users who were removed keep their name."""
    found = {one: Actor(_kind_of(one)) for one in ids}
    users = select(UserRow).where(col(UserRow.id).in_(_of(found, ActorKind.USER)))
    for user in session.exec(users):
        found[user.id] = Actor(ActorKind.USER, user.name, user.partner_id)
    keys = select(ApiKeyRow).where(col(ApiKeyRow.id).in_(_of(found, ActorKind.KEY)))
    for key in session.exec(keys):
        found[key.id] = Actor(ActorKind.KEY, key.label, key.partner_id)
    portal = select(SessionRow).where(col(SessionRow.id).in_(_of(found, ActorKind.PORTAL)))
    for visit in session.exec(portal):
        found[visit.id] = Actor(ActorKind.PORTAL, visit.name, visit.partner_id)
    return found


def refuse_portal(actor: str) -> None:
    """Conflict for whoever came from the merchant portal: their stay ends within hours, and what
    they make there must not outlive it."""
    if _kind_of(actor) is ActorKind.PORTAL:
        raise Conflict(
            "whoever came from the portal makes no keys and invites nobody: sign in",
            cause=Refusal.PORTAL_VISIT,
        )


_BY_PREFIX = {
    IdKind.USER: ActorKind.USER,
    IdKind.API_KEY: ActorKind.KEY,
    IdKind.SESSION: ActorKind.PORTAL,
}
_BY_WORD = {
    kind.value: kind
    for kind in (
        ActorKind.OPERATOR,
        ActorKind.COMMAND_LINE,
        ActorKind.CUSTOMER,
        ActorKind.DOORSTEP,
    )
}


def _kind_of(actor: str) -> ActorKind:
    prefix, parted, _ = actor.partition("_")
    for known, kind in _BY_PREFIX.items():
        if parted and prefix == known:
            return kind
    return _BY_WORD.get(actor, ActorKind.UNKNOWN)


def _of(found: dict[str, Actor], kind: ActorKind) -> list[str]:
    return [one for one, actor in found.items() if actor.kind is kind]

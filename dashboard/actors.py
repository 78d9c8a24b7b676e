"""Who changed something, as people read it."""

from dashboard.translations import Words
from store.access.actors import Actor, ActorKind

_NAMED = (ActorKind.USER, ActorKind.KEY, ActorKind.PORTAL)


def actor_said(t: Words, actor: Actor, actor_id: str, *, to_ops: bool) -> str:
    """An actor by name. To a partner's people, whoever is not of their own is operations."""
    if actor.kind is ActorKind.UNKNOWN:
        return actor_id
    if actor.kind not in _NAMED or actor.name is None:
        return t(f"actor-{actor.kind}")
    if actor.partner_id is None and not to_ops:
        return t("actor-operations")
    ours = "-of-ops" if actor.partner_id is None else ""
    return t(f"actor-{actor.kind}-named{ours}", name=actor.name)

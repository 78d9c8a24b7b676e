"""A second factor that somebody has lost, ended by somebody else."""

from datetime import datetime

from sqlmodel import Session

from contracts.access.audit import AuditAction
from contracts.errors import Conflict
from contracts.refusals import Refusal
from store.access.second_factors import end_second_factor, second_factor
from store.access.user_locks import lock_user
from store.access.users import get_user, is_above


def reset_second_factor(
    session: Session, user_id: str, now: datetime, *, actor: str, owner: str | None = None
) -> bool:
    """End somebody's second factor and all their sessions, so that the password lets them in and
    they begin another one. False where there is none. Conflict for whoever may do no more than
    they: who has the password of a colleague would be let in by it."""
    get_user(session, user_id, owner=owner)
    user = lock_user(session, user_id)
    if not is_above(session, actor, user):
        raise Conflict(
            f"the second factor of this {user.role} is reset by who may do more than they, or with "
            "`doorstep users reset-second-factor`",
            cause=Refusal.NOT_ABOVE,
        )
    if second_factor(session, user_id) is None:
        return False
    action = AuditAction.SECOND_FACTOR_RESET
    end_second_factor(session, user_id, now, action=action, actor=actor, kept=None)
    return True

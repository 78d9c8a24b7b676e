"""The second factor of a user: begun with an app's code, asked for, renewed, ended.

Whatever is checked is checked under the lock of the user, then of their factor, so that codes that
are sent at once are counted one by one, and each is taken once.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from contracts.access.audit import AuditAction
from contracts.access.second_factor import JudgedCode, SecondFactorRule
from contracts.errors import Conflict
from contracts.notifications.kinds import NotificationKind
from contracts.refusals import Refusal
from store.access.account_notices import notify_of_change
from store.access.audit import record_change
from store.access.budgets import (
    WRONG_CODES,
    WRONG_CODES_OF_DAY,
    require_left,
    spend,
    used_up_until,
)
from store.access.recovery_codes import (
    drop_recovery_codes,
    is_recovery_code,
    make_recovery_codes,
    use_recovery_code,
)
from store.access.totp import judge_code
from store.access.user_locks import lock_user
from store.db.row_locks import TO_CHANGE
from store.encryption.columns import SECOND_FACTOR_SECRET
from store.encryption.sealing import open_sealed, seal
from store.tables import PendingSignInRow, SecondFactorRow, SessionRow, UserRow

_BUDGETS = (WRONG_CODES, WRONG_CODES_OF_DAY)


def second_factor(session: Session, user_id: str) -> SecondFactorRow | None:
    """Somebody's second factor, if they have one."""
    return session.get(SecondFactorRow, user_id)


def users_with_second_factor(session: Session, user_ids: Collection[str]) -> set[str]:
    """Who of these has one."""
    whose = col(SecondFactorRow.user_id)
    return set(session.exec(select(SecondFactorRow.user_id).where(whose.in_(user_ids))))


def check_code(session: Session, user_id: str, typed: str, now: datetime) -> JudgedCode:
    """Take a code of somebody's app, or a recovery code, which is used with it; count a wrong one.
    LimitReached, whatever was typed, once too many were wrong. Conflict without a second factor."""
    lock_user(session, user_id)
    row = session.get(SecondFactorRow, user_id, with_for_update=TO_CHANGE, populate_existing=True)
    if row is None:
        raise Conflict("there is no second factor", cause=Refusal.SECOND_FACTOR_MISSING)
    for budget in _BUDGETS:
        require_left(session, budget, user_id, now)
    judged = _judged(session, row, typed, now)
    if not judged.is_right:
        _count_wrong(session, user_id, now)
    elif judged.step is not None:
        row.last_step = judged.step
    else:
        _record(session, AuditAction.RECOVERY_CODE_USED, user_id, user_id, now)
    return judged


def enrol(
    session: Session,
    user_id: str,
    secret: str,
    typed: str,
    now: datetime,
    *,
    current: str | None = None,
    kept: str | None = None,
) -> JudgedCode | list[str]:
    """Let an app with this secret be somebody's second factor, once a code of it was typed in;
    gives their recovery codes, which are shown only now, or why a code was not right.

    Whoever has one already replaces it by a code of the one so far (`current`). Their sessions end,
    but for the one that is `kept`: they began without it.
    """
    judged = judge_code(secret, typed, now, None)
    if not judged.is_right or judged.step is None:
        return judged
    lock_user(session, user_id)
    if second_factor(session, user_id) is not None:
        if current is None:
            raise Conflict("there is a second factor", cause=Refusal.SECOND_FACTOR_THERE)
        proven = check_code(session, user_id, current, now)
        if not proven.is_right:
            return proven
    sealed = seal(session, SECOND_FACTOR_SECRET, secret, user_id)
    session.merge(
        SecondFactorRow(user_id=user_id, secret=sealed, last_step=judged.step, created_at=now)
    )
    session.flush()
    _end_sign_ins(session, user_id, kept)
    _record(session, AuditAction.SECOND_FACTOR_ENABLED, user_id, user_id, now)
    return make_recovery_codes(session, user_id, now)


def renew_recovery_codes(
    session: Session, user_id: str, typed: str, now: datetime
) -> JudgedCode | list[str]:
    """New recovery codes, for a code; those from before end."""
    judged = check_code(session, user_id, typed, now)
    if not judged.is_right:
        return judged
    _record(session, AuditAction.RECOVERY_CODES_RENEWED, user_id, user_id, now)
    return make_recovery_codes(session, user_id, now)


def switch_off(
    session: Session,
    user_id: str,
    typed: str,
    now: datetime,
    *,
    rule: SecondFactorRule,
    kept: str | None = None,
) -> JudgedCode:
    """End somebody's second factor, for a code. Conflict for whoever has to have one."""
    if rule.requires(lock_user(session, user_id).role):
        raise Conflict("a second factor is required", cause=Refusal.SECOND_FACTOR_NEEDED)
    judged = check_code(session, user_id, typed, now)
    if judged.is_right:
        action = AuditAction.SECOND_FACTOR_DISABLED
        end_second_factor(session, user_id, now, action=action, actor=user_id, kept=kept)
    return judged


def end_second_factor(
    session: Session,
    user_id: str,
    now: datetime,
    *,
    action: AuditAction,
    actor: str,
    kept: str | None,
) -> None:
    """End it whatever it takes, and all sessions but the one that is kept."""
    lock_user(session, user_id)
    drop_second_factor(session, user_id)
    _end_sign_ins(session, user_id, kept)
    _record(session, action, user_id, actor, now)


def drop_second_factor(session: Session, user_id: str) -> None:
    """Forget it all, of somebody who is removed."""
    drop_recovery_codes(session, user_id)
    session.execute(delete(SecondFactorRow).where(col(SecondFactorRow.user_id) == user_id))
    session.execute(delete(PendingSignInRow).where(col(PendingSignInRow.user_id) == user_id))


def _judged(session: Session, row: SecondFactorRow, typed: str, now: datetime) -> JudgedCode:
    if is_recovery_code(typed):
        return JudgedCode(use_recovery_code(session, row.user_id, typed, now))
    secret = open_sealed(session, SECOND_FACTOR_SECRET, row.secret, row.user_id)
    return judge_code(secret, typed, now, row.last_step)


def _count_wrong(session: Session, user_id: str, now: datetime) -> None:
    for budget in _BUDGETS:
        spend(session, budget, user_id, now)
    if any(used_up_until(session, budget, user_id, now) for budget in _BUDGETS):
        _record(session, AuditAction.SECOND_FACTOR_LOCKED, user_id, user_id, now)


def _end_sign_ins(session: Session, user_id: str, kept: str | None) -> None:
    """Of every browser but the one whose session is kept."""
    others = delete(SessionRow).where(col(SessionRow.user_id) == user_id)
    session.execute(others if kept is None else others.where(col(SessionRow.id) != kept))
    session.execute(delete(PendingSignInRow).where(col(PendingSignInRow.user_id) == user_id))


def _record(session: Session, action: AuditAction, user_id: str, actor: str, now: datetime) -> None:
    """In the log, and by mail to whom it concerns."""
    user = session.get_one(UserRow, user_id)
    record_change(session, action, user, actor, now)
    notify_of_change(
        session,
        NotificationKind.SECOND_FACTOR_CHANGED,
        now,
        actor=actor,
        partner_id=user.partner_id,
        user_id=user_id,
        what=action.partition(".")[2],
    )

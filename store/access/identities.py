"""Sign-in by the identity provider: which account an identity belongs to.

The provider's name for somebody (issuer and subject) is theirs for good, an e-mail address is not:
it is given to the next one of that name. So an address finds an account once, and from then on the
account belongs to that identity (OpenID Connect Core, 5.7).
"""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from contracts.access.audit import AuditAction
from contracts.access.callers import DOORSTEP
from contracts.access.identity_provider import Identity, IdentityRefusal, IdentityRules
from contracts.access.users import Invite, Role
from store.access.audit import record_change
from store.access.removed_addresses import was_removed_from_ops
from store.access.sessions import Begun, begin_for
from store.access.sign_in_links import end_links
from store.access.users import add_user, free_address, locked_by
from store.encryption.sealing import email_index, identity_index
from store.tables import UserRow


def enter(
    session: Session, identity: Identity, rules: IdentityRules, now: datetime
) -> Begun | IdentityRefusal:
    """Sign somebody in, or say why not. Who is known neither by identity nor by address is given
    an account, if the provider says that they are of ops: whoever else was invited with it."""
    try:
        with session.begin_nested():
            return _enter(session, identity, rules, now)
    except IntegrityError:  # they came twice at once, and the other was first: or were invited
        return _enter(session, identity, rules, now)


def _enter(
    session: Session, identity: Identity, rules: IdentityRules, now: datetime
) -> Begun | IdentityRefusal:
    index = identity_index(session, identity.issuer, identity.subject)
    linked = locked_by(session, col(UserRow.identity_index) == index)
    if linked is not None and linked.removed_at is None:
        return _entered(session, linked, identity, rules, now)
    if identity.email is None:
        return IdentityRefusal.NO_EMAIL
    address = email_index(session, identity.email)
    user = locked_by(session, col(UserRow.email_index) == address)
    if user is not None and user.identity_index is not None:
        return _refused(session, user, IdentityRefusal.ANOTHER_IDENTITY, now)
    comes_as_ops = identity.is_ops and rules.for_ops
    if user is None or (comes_as_ops and user.role is not Role.OPS):
        if linked is not None or was_removed_from_ops(session, address):
            return IdentityRefusal.REMOVED
        if not comes_as_ops:
            return IdentityRefusal.NO_ACCOUNT
        if user is not None and user.joined_at is not None:
            return _refused(session, user, IdentityRefusal.OF_PARTNER, now)
        user = _provisioned(session, identity, identity.email, address, user, now)
    return _linked(session, user, linked, index, identity, rules, now)


def _linked(
    session: Session,
    user: UserRow,
    former: UserRow | None,
    index: str,
    identity: Identity,
    rules: IdentityRules,
    now: datetime,
) -> Begun | IdentityRefusal:
    """Let the account be this identity's from now on. Invitations that are out end, and are mailed
    no more: they would give a password to an account that is in use."""
    refusal = _refusal(user, identity, rules)
    if refusal is not None:
        return _refused(session, user, refusal, now)
    if former is not None:  # was removed, and is invited anew
        former.identity_index = None
        session.flush()
    user.identity_index, user.joined_at = index, user.joined_at or now
    end_links(session, user.id)
    record_change(session, AuditAction.USER_LINKED, user, user.id, now)
    return begin_for(session, user.id, now)


def _entered(
    session: Session, user: UserRow, identity: Identity, rules: IdentityRules, now: datetime
) -> Begun | IdentityRefusal:
    refusal = _refusal(user, identity, rules)
    if refusal is not None:
        return _refused(session, user, refusal, now)
    return begin_for(session, user.id, now)


def _refusal(user: UserRow, identity: Identity, rules: IdentityRules) -> IdentityRefusal | None:
    if not (rules.for_ops if user.role is Role.OPS else rules.for_partners):
        return IdentityRefusal.PASSWORD_ONLY
    if user.role is Role.OPS and rules.ops_value is not None and not identity.is_ops:
        return IdentityRefusal.NOT_OPS
    return None


def _refused(
    session: Session, user: UserRow, refusal: IdentityRefusal, now: datetime
) -> IdentityRefusal:
    details = {"reason": refusal}
    record_change(session, AuditAction.USER_IDENTITY_REFUSED, user, user.id, now, details)
    return refusal


def _provisioned(
    session: Session,
    identity: Identity,
    email: str,
    address: str,
    invited: UserRow | None,
    now: datetime,
) -> UserRow:
    """An account of ops for somebody of whom the provider says that they are. A partner that has
    invited the address before does not keep them from it, as long as nobody has joined there."""
    if invited is not None:
        free_address(session, invited, now, actor=DOORSTEP)
    asked = Invite(email=email, name=identity.name, role=Role.OPS)
    user = add_user(session, asked, address, now, DOORSTEP)
    record_change(session, AuditAction.USER_PROVISIONED, user, DOORSTEP, now, {"role": user.role})
    return user

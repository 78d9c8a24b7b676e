"""The last step of a sign-in with two factors: a session for a code that was right."""

from datetime import datetime

from sqlmodel import Session

from contracts.access.second_factor import JudgedCode
from contracts.errors import Conflict
from contracts.refusals import Refusal
from store.access.pending_sign_ins import end_pending, locked_proof
from store.access.second_factors import check_code, enrol
from store.access.sessions import Begun, begin_for


def finish_with_code(session: Session, token: str, typed: str, now: datetime) -> Begun | JudgedCode:
    """A session for the code that a pending sign-in waits for, or why it was not right."""
    awaited = locked_proof(session, token, now)
    judged = check_code(session, awaited.user.id, typed, now)
    if not judged.is_right:
        return judged
    end_pending(session, awaited.digest)
    return begin_for(session, awaited.user.id, now)


def finish_with_enrolment(
    session: Session, token: str, secret: str, typed: str, now: datetime
) -> tuple[Begun, list[str]] | JudgedCode:
    """A session and recovery codes for whoever begins the second factor that they need, or why the
    code was not right. Conflict where they have one: then its code is asked for."""
    awaited = locked_proof(session, token, now)
    if awaited.has_second_factor:
        raise Conflict("there is a second factor", cause=Refusal.SECOND_FACTOR_THERE)
    codes = enrol(session, awaited.user.id, secret, typed, now)
    if isinstance(codes, JudgedCode):
        return codes
    return begin_for(session, awaited.user.id, now), codes

"""Recovery codes: ten for each user, shown once, each good for one sign-in without the app."""

import os
import re
from datetime import datetime

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from contracts.access.second_factor import RECOVERY_CODES, CodeFate
from store.encryption.sealing import code_digest
from store.tables import RecoveryCodeRow

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32: no i, l, o, u
_SHAPE = re.compile(f"[{_ALPHABET}]{{10}}")
_HALF = 5
_READ_AS = str.maketrans({"o": "0", "i": "1", "l": "1", "-": "", "\u2013": "", " ": ""})


def is_recovery_code(typed: str) -> bool:
    """Whether it is written like one."""
    return _SHAPE.fullmatch(_plain(typed)) is not None


def make_recovery_codes(session: Session, user_id: str, now: datetime) -> list[str]:
    """New codes for somebody; those from before end. They are shown only now."""
    drop_recovery_codes(session, user_id)
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCodeRow(digest=_digest(session, user_id, code), user_id=user_id, created_at=now)
        for code in codes
    )
    session.flush()
    return codes


def use_recovery_code(session: Session, user_id: str, typed: str, now: datetime) -> CodeFate:
    """Use a code up, and say what it was: right, used before, or wrong."""
    row = col(RecoveryCodeRow.digest) == _digest(session, user_id, typed)
    unused = update(RecoveryCodeRow).where(row, col(RecoveryCodeRow.used_at).is_(None))
    used = unused.values(used_at=now).returning(col(RecoveryCodeRow.digest))
    if session.execute(used).first() is not None:
        return CodeFate.RIGHT
    known = session.exec(select(RecoveryCodeRow.digest).where(row)).first()
    return CodeFate.USED if known else CodeFate.WRONG


def recovery_codes_left(session: Session, user_id: str) -> int:
    """How many somebody has that are still good."""
    query = select(func.count()).where(
        col(RecoveryCodeRow.user_id) == user_id, col(RecoveryCodeRow.used_at).is_(None)
    )
    return session.exec(query).one()


def drop_recovery_codes(session: Session, user_id: str) -> None:
    """Let somebody have none."""
    session.execute(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.user_id) == user_id))


def _digest(session: Session, user_id: str, code: str) -> str:
    return code_digest(session, "recovery", user_id, _plain(code))


def _plain(typed: str) -> str:
    """A typed code in the form in which it was made: letters that look like digits are read as
    those."""
    return typed.strip().lower().translate(_READ_AS)


def _new_code() -> str:
    """50 random bits, in two halves."""
    letters = "".join(_ALPHABET[byte & 31] for byte in os.urandom(2 * _HALF))
    return f"{letters[:_HALF]}-{letters[_HALF:]}"

"""Codes of authenticator apps: TOTP (RFC 6238) with what every app takes for granted, SHA-1, six
digits and steps of 30 seconds.

SHA-1 is sound in an HMAC; several apps ignore that another one is asked for, and show codes that
never fit.
"""

import base64
import hmac
import os
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from contracts.access.second_factor import CodeFate, JudgedCode

_SECRET_BYTES = 20
"""As RFC 4226 (4, R6) recommends."""
_DIGITS, _STEP_S = 6, 30
_DRIFT = 1
"""Steps that a clock may be off either way (RFC 6238, 5.2)."""
_LOOKED_AT = 20
"""Steps either way in which a code is told from a wrong one, to say that a clock is off."""


def new_secret() -> str:
    """A fresh secret, in base 32 as apps take it."""
    return base64.b32encode(os.urandom(_SECRET_BYTES)).decode()


def provisioning_uri(secret: str, account: str, issuer: str) -> str:
    """What an app reads out of the QR code: `otpauth://totp/…`.

    Made here, because `cryptography` writes a space as `+`, which apps show as it is. A colon parts
    the issuer from the account, so neither may have one.
    """
    whose, label = (quote(one.replace(":", " "), safe="@") for one in (issuer, account))
    query = f"secret={secret}&issuer={whose}&algorithm=SHA1&digits={_DIGITS}&period={_STEP_S}"
    return f"otpauth://totp/{whose}:{label}?{query}"


def code_at(secret: str, now: datetime) -> str:
    """The code that an app with the right time shows now."""
    return _code(_totp(secret), step_of(now))


def step_of(now: datetime) -> int:
    """The number of a moment's time step."""
    return int(now.timestamp()) // _STEP_S


def judge_code(secret: str, typed: str, now: datetime, last_step: int | None) -> JudgedCode:
    """What a code is. One of `last_step` or before is not right any more."""
    code, current = "".join(typed.split()), step_of(now)
    if len(code) != _DIGITS or not (code.isascii() and code.isdigit()):
        return JudgedCode(CodeFate.WRONG)
    steps = range(max(0, current - _LOOKED_AT), current + _LOOKED_AT + 1)
    matching = _matching(_totp(secret), code, steps)
    near = [step for step in matching if abs(step - current) <= _DRIFT]
    fresh = [step for step in near if last_step is None or step > last_step]
    if fresh:
        return JudgedCode(CodeFate.RIGHT, step=fresh[-1])
    if near:
        return JudgedCode(CodeFate.USED)
    if not matching:
        return JudgedCode(CodeFate.WRONG)
    off = min((step - current for step in matching), key=abs)
    fate = CodeFate.CLOCK_AHEAD if off > 0 else CodeFate.CLOCK_BEHIND
    return JudgedCode(fate, off_min=max(1, round(abs(off) * _STEP_S / 60)))


def _matching(totp: TOTP, code: str, steps: Iterable[int]) -> list[int]:
    """The steps whose code it is. All are looked at: the time that it takes tells nothing."""
    return [step for step in steps if hmac.compare_digest(_code(totp, step), code)]


def _code(totp: TOTP, step: int) -> str:
    return totp.generate(step * _STEP_S).decode()


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), _DIGITS, SHA1(), _STEP_S)  # noqa: S303

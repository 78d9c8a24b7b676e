"""Seal and open single values in a unit of work, and the keyed digests that stand in for them.

The `Database` puts its `Vault` into every session. Text columns hold the sealed bytes in base64.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlmodel import Session

from contracts.errors import StoreUnavailable
from store.keyring import Keyring
from store.sealed_columns import INDEX_KEY, SealedColumn
from store.tables import SealedKeyRow

INDEX_KEY_NAME = "index"
VAULT = "doorstep_vault"
_IN_CLEAR, _KEYED = "0:", "1:"


@dataclass(frozen=True)
class IndexKeys:
    """What digests are keyed with, derived from the database's one index key (HKDF, RFC 5869)."""

    phones: bytes
    bodies: bytes
    links: bytes
    emails: bytes
    codes: bytes

    @classmethod
    def derived_from(cls, secret: bytes) -> "IndexKeys":
        """A key for each use, so that no digest of one can be taken for another's."""
        return cls(
            phones=_derive(secret, b"doorstep phones"),
            bodies=_derive(secret, b"doorstep bodies"),
            links=_derive(secret, b"doorstep links"),
            emails=_derive(secret, b"doorstep emails"),
            codes=_derive(secret, b"doorstep codes"),
        )


class Vault:
    """One database's keyring, and its index keys once they have been read."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring
        self.index_keys: IndexKeys | None = None


def vault_of(session: Session) -> Vault:
    """The vault that the database put into this session."""
    vault: Vault = session.info[VAULT]
    return vault


def seal(session: Session, column: SealedColumn, text: str, *row: str) -> str:
    """A text as its column may hold it."""
    return sealed_text(vault_of(session).keyring, column, text, *row)


def open_sealed(session: Session, column: SealedColumn, stored: str, *row: str) -> str:
    """The text again. KeyMissing for a missing key, SealBroken for a changed value."""
    return opened_text(vault_of(session).keyring, column, stored, *row)


def seal_bytes(session: Session, column: SealedColumn, plain: bytes, *row: str) -> bytes:
    """Bytes as their column may hold them."""
    return vault_of(session).keyring.seal(plain, column.place(*row))


def open_bytes(session: Session, column: SealedColumn, stored: bytes, *row: str) -> bytes:
    """The bytes again. KeyMissing for a missing key, SealBroken for a changed value."""
    return vault_of(session).keyring.open(stored, column.place(*row))


def sealed_text(keyring: Keyring, column: SealedColumn, text: str, *row: str) -> str:
    """`1:<key id>:<base64>`."""
    sealed = keyring.seal(text.encode(), column.place(*row))
    mark = keyring.current_mark
    return mark.decode() + base64.b64encode(sealed[len(mark) :]).decode()


def opened_text(keyring: Keyring, column: SealedColumn, stored: str, *row: str) -> str:
    """The text again, by whichever key has sealed it."""
    return keyring.open(_as_bytes(stored), column.place(*row)).decode()


def body_digest(session: Session, body: str) -> str:
    """What tells a repeat of an event from another fact under its id.

    Keyed, because a body has little that cannot be guessed: an OTP is found by trying them all.
    """
    return keyed_digest(session, hashlib.sha256(body.encode()).hexdigest())


def keyed_digest(session: Session, plain_digest: str) -> str:
    """The keyed form of a body's SHA-256; so what was stored in clear can still be compared."""
    key = _index_keys(session).bodies
    return _KEYED + hmac.new(key, plain_digest.encode(), hashlib.sha256).hexdigest()


def known_digest(session: Session, stored: str) -> str:
    """A stored digest in its keyed form, also where it is one from before there were keys."""
    if not stored.startswith(_IN_CLEAR):
        return stored
    return keyed_digest(session, stored.removeprefix(_IN_CLEAR))


def phone_index(session: Session, phone: str) -> str:
    """By what a phone (E.164) is found in columns that hold it encrypted: the blind index."""
    key = _index_keys(session).phones
    return hmac.new(key, phone.encode(), hashlib.sha256).hexdigest()


def code_digest(session: Session, *parts: str) -> str:
    """What is kept of a short code: whoever reads it finds the code by trying only with the key."""
    key = _index_keys(session).codes
    return hmac.new(key, "|".join(parts).encode(), hashlib.sha256).hexdigest()


def link_digest(session: Session, *parts: str) -> bytes:
    """What a link is made of that leads to these parts (ids and digests, which have no `|`): who
    does not have the key can neither guess nor make one."""
    key = _index_keys(session).links
    return hmac.new(key, "|".join(parts).encode(), hashlib.sha256).digest()


def email_index(session: Session, email: str) -> str:
    """By what a normalised address is found in the column that holds it encrypted."""
    key = _index_keys(session).emails
    return hmac.new(key, email.encode(), hashlib.sha256).hexdigest()


def read_index_keys(session: Session) -> IndexKeys:
    """The index keys of this database. StoreUnavailable when it has none, KeyMissing when the
    settings lack the key that opens them."""
    row = session.get(SealedKeyRow, INDEX_KEY_NAME)
    if row is None:
        raise StoreUnavailable("the database has no index key: run `doorstep migrate`")
    secret = open_sealed(session, INDEX_KEY, row.sealed, INDEX_KEY_NAME)
    return IndexKeys.derived_from(bytes.fromhex(secret))


def _index_keys(session: Session) -> IndexKeys:
    vault = vault_of(session)
    if vault.index_keys is None:
        vault.index_keys = read_index_keys(session)
    return vault.index_keys


def _as_bytes(stored: str) -> bytes:
    """A text column's value as the keyring takes it: the mark, then what was in base64."""
    if stored.startswith(_IN_CLEAR):
        return stored.encode()
    mark, encoded = _split(stored)
    try:
        return mark.encode() + binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError:
        return mark.encode()  # which opens nowhere


def _split(stored: str) -> tuple[str, str]:
    version, _, rest = stored.partition(":")
    key_id, _, encoded = rest.partition(":")
    return f"{version}:{key_id}:", encoded


def _derive(secret: bytes, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use).derive(secret)

"""Seal and open single values in a unit of work, and the keyed digests that stand in for them.

The `Database` puts its `Vault` into every session. Text columns hold the sealed bytes in base64.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlmodel import Session

from contracts.errors import StoreUnavailable
from store.encryption.columns import INDEX_KEY, SealedColumn
from store.encryption.keyring import Keyring
from store.tables import SealedKeyRow

INDEX_KEY_NAME, LINK_KEY_NAME = "index", "links"
NEXT_INDEX_KEY_NAME = "next-index"
"""There while the index keys are being replaced."""
KEYS_FRESH_S = 5.0
VAULT = "doorstep_vault"
_KEYED = "1:"
_BETWEEN = "."


@dataclass(frozen=True)
class IndexKeys:
    """What digests are keyed with: keys for each use, derived (HKDF, RFC 5869) from the database's
    index keys, the oldest first, and those of links from a key of their own.

    A digest is keyed with all index keys in turn. So a new one makes every stored digest anew
    without what it was made from, and none can be made without the newest.
    """

    phones: tuple[bytes, ...]
    bodies: tuple[bytes, ...]
    emails: tuple[bytes, ...]
    identities: tuple[bytes, ...]
    codes: tuple[bytes, ...]
    links: bytes

    @classmethod
    def derived_from(cls, secrets: Sequence[bytes], links: bytes) -> "IndexKeys":
        """A key for each use, so that no digest of one can be taken for another's."""
        return cls(
            phones=tuple(_derive(one, b"doorstep phones") for one in secrets),
            bodies=tuple(_derive(one, b"doorstep bodies") for one in secrets),
            emails=tuple(_derive(one, b"doorstep emails") for one in secrets),
            identities=tuple(_derive(one, b"doorstep identities") for one in secrets),
            codes=tuple(_derive(one, b"doorstep codes") for one in secrets),
            links=_derive(links, b"doorstep links"),
        )


class Vault:
    """One database's keyring, and its index keys as they were read last. They are read again after
    `KEYS_FRESH_S`, so that every process notices when they are replaced."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring
        self._index_keys: IndexKeys | None = None
        self._read_at = 0.0

    def read_anew(self) -> None:
        """Read the index keys again at their next use: they were replaced just now."""
        self._index_keys = None

    def index_keys(self, session: Session) -> IndexKeys:
        """The index keys. StoreUnavailable while they are being replaced."""
        now = time.monotonic()
        if self._index_keys is None or now - self._read_at >= KEYS_FRESH_S:
            self._index_keys = None
            self._index_keys, self._read_at = read_index_keys(session), now
        return self._index_keys


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
    """The keyed form of a SHA-256 of what has little in it that cannot be guessed."""
    first, *later = _index_keys(session).bodies
    return _again(later, _KEYED + _hmac(first, plain_digest))


def phone_index(session: Session, phone: str) -> str:
    """By what a phone (E.164) is found in columns that hold it encrypted: the blind index."""
    first, *later = _index_keys(session).phones
    return _again(later, _hmac(first, phone))


def customer_term(session: Session, partner_id: str, kind: str, value: str) -> str:
    """By what a partner's orders are found that have such a customer: a word of a name, say. The
    same is another one for each partner, so that nobody counts over all of them how often it
    comes."""
    return phone_index(session, f"{kind}|{partner_id}|{value}")


def code_digest(session: Session, *parts: str) -> str:
    """What is kept of a short code: whoever reads it finds the code by trying only with the key."""
    first, *later = _index_keys(session).codes
    return _again(later, _hmac(first, "|".join(parts)))


def link_digest(session: Session, *parts: str) -> bytes:
    """What a link is made of that leads to these parts (ids and digests, which have no `|`): who
    does not have the key can neither guess nor make one."""
    key = _index_keys(session).links
    return hmac.new(key, "|".join(parts).encode(), hashlib.sha256).digest()


def email_index(session: Session, email: str) -> str:
    """By what a normalised address is found in the column that holds it encrypted."""
    first, *later = _index_keys(session).emails
    return _again(later, _hmac(first, email))


def identity_index(session: Session, issuer: str, subject: str) -> str:
    """By what somebody is found who came from the identity provider. (No issuer has a space.)"""
    first, *later = _index_keys(session).identities
    return _again(later, _hmac(first, f"{issuer} {subject}"))


def keyed_again(key: bytes, generation: int, stored: str) -> str:
    """A stored digest of the generation before, keyed with the next key."""
    return f"{generation}:{_hmac(key, stored)}"


def read_index_keys(session: Session) -> IndexKeys:
    """The index keys of this database. StoreUnavailable when it has none or they are being
    replaced, KeyMissing when the settings lack the key that opens them."""
    if session.get(SealedKeyRow, NEXT_INDEX_KEY_NAME, populate_existing=True) is not None:
        raise StoreUnavailable(
            "the index key is being replaced: `doorstep keys replace-index-key` has to end"
        )
    index, links = (read_secrets(session, name) for name in (INDEX_KEY_NAME, LINK_KEY_NAME))
    return IndexKeys.derived_from(index, links[-1])


def read_secrets(session: Session, name: str) -> list[bytes]:
    """The secrets under a name, the oldest first. StoreUnavailable without any."""
    row = session.get(SealedKeyRow, name, populate_existing=True)
    if row is None:
        raise StoreUnavailable(f"the database has no {name} key: run `doorstep migrate`")
    text = open_sealed(session, INDEX_KEY, row.sealed, name)
    return [bytes.fromhex(secret) for secret in text.split(_BETWEEN)]


def sealed_secrets(session: Session, name: str, secrets: Sequence[bytes]) -> str:
    """Secrets as the table may hold them under a name."""
    text = _BETWEEN.join(secret.hex() for secret in secrets)
    return seal(session, INDEX_KEY, text, name)


def _index_keys(session: Session) -> IndexKeys:
    return vault_of(session).index_keys(session)


def _again(later: Sequence[bytes], digest: str) -> str:
    for generation, key in enumerate(later, start=2):
        digest = keyed_again(key, generation, digest)
    return digest


def _hmac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _as_bytes(stored: str) -> bytes:
    """A text column's value as the keyring takes it: the mark, then what was in base64."""
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

"""The keys that data is encrypted with at rest, and the one way they are used.

AES-256-GCM (NIST SP 800-38D) through `cryptography`, with 96 random bits of nonce for each value;
one key may seal 2^32 values, so a key is replaced long before that (docs/security.md). Whatever is
sealed is bound to its place, so that a value moved to another row or column does not open there.
"""

import base64
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contracts.errors import ConfigurationError, KeyMissing, SealBroken

KEY_BYTES = 32
_NONCE_BYTES = 12
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_SEALED = b"1:"
_SETTING = "DOORSTEP_ENCRYPTION_KEYS"


@dataclass(frozen=True)
class EncryptionKey:
    """One key; its id is written in front of what it seals, the secret never shows."""

    id: str
    secret: bytes = field(repr=False)

    def as_setting(self) -> str:
        """The key as the setting takes it: for the operator's eyes only."""
        return f"{self.id}:{base64.b64encode(self.secret).decode()}"


class Keyring:
    """Seals with its first key, opens with all of them."""

    def __init__(self, keys: Sequence[EncryptionKey]) -> None:
        if not keys:
            raise ConfigurationError(f"{_SETTING}: name at least one key")
        self.ids = tuple(key.id for key in keys)
        self._ciphers = {key.id: AESGCM(key.secret) for key in keys}
        self._first = self._ciphers[self.current]

    @property
    def current(self) -> str:
        """The id of the key that seals."""
        return self.ids[0]

    @property
    def current_mark(self) -> bytes:
        """What every value starts with that the current key has sealed."""
        return _mark(self.current)

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """`1:<key id>:` and then nonce, ciphertext and tag."""
        nonce = os.urandom(_NONCE_BYTES)
        return self.current_mark + nonce + self._first.encrypt(nonce, plain, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """The value again.

        KeyMissing names a key that is not in this ring; SealBroken when the value was changed,
        belongs to another place, or is in clear: nothing is read that this database's keys have not
        sealed.
        """
        key_id, start = self._key_of(sealed)
        nonce, text = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        try:
            return self._ciphers[key_id].decrypt(nonce, text, place)
        except (InvalidTag, ValueError):
            raise SealBroken("a stored value was changed, or was moved to another row") from None

    def _key_of(self, sealed: bytes) -> tuple[str, int]:
        """Which key has sealed a value, and where its nonce begins."""
        key_id, colon, _ = sealed[len(_SEALED) :].partition(b":")
        name = key_id.decode("ascii", "replace")
        if not sealed.startswith(_SEALED) or not colon or not _ID.fullmatch(name):
            raise SealBroken("a stored value is not sealed as it should be")
        if name not in self._ciphers:
            raise KeyMissing(f"data is sealed with key {name}: {_SETTING} has to have it")
        return name, len(_mark(name))


def parse_keys(text: str) -> list[EncryptionKey]:
    """Keys out of `k2:<base64>,k1:<base64>`. ConfigurationError says which one is wrong, and
    never repeats any of it."""
    keys = [_parse(number, part) for number, part in enumerate(text.split(","), start=1)]
    if len({key.id for key in keys}) < len(keys):
        raise ConfigurationError(f"{_SETTING}: two keys have the same id")
    return keys


def new_key(key_id: str | None = None) -> EncryptionKey:
    """A fresh random key; without an id it gets one that no other key will have."""
    return EncryptionKey(key_id or f"k{os.urandom(4).hex()}", os.urandom(KEY_BYTES))


def _parse(number: int, part: str) -> EncryptionKey:
    key_id, _, encoded = part.strip().partition(":")
    try:
        secret = base64.b64decode(encoded.strip(), validate=True)
    except ValueError:
        secret = b""
    if not _ID.fullmatch(key_id) or len(secret) != KEY_BYTES:
        raise ConfigurationError(
            f"{_SETTING}: key {number} is not an id, a colon and base64 of {KEY_BYTES} bytes; "
            "`doorstep keys new-encryption-key` prints one"
        )
    return EncryptionKey(key_id, secret)


def _mark(key_id: str) -> bytes:
    return _SEALED + key_id.encode() + b":"

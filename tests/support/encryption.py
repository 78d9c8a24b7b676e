"""The encryption keys of the tests: fixed, so that copies of one migrated database open."""

from store.encryption.keyring import EncryptionKey, Keyring

KEY = EncryptionKey("test", bytes(range(32)))
KEYRING = Keyring([KEY])

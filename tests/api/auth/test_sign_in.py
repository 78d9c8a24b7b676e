"""What of a password is kept."""

from api.auth.sign_in import SignIn
from store.db.database import Database
from tests.support.visitor import PASSWORD


async def test_a_hash_costs_what_rfc_9106_recommends(database: Database) -> None:
    kept = await SignIn(database).hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")

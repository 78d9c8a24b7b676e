"""`doorstep keys rotate-encryption`: everything under the current key, while events flow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from commands.database import open_database
from commands.errors import CommandFailed
from settings import Settings
from store.db.database import Database
from store.encryption.columns import ALL, SealedColumn
from store.encryption.key_file import NAME, keyring_of, write_keys
from store.encryption.keyring import new_key
from store.encryption.rotation import Key, count_stale, reseal_batch

_AT_ONCE = 200
_MOST_NAMED = 5

Progress = Callable[[SealedColumn, int, int], None]
"""Told of a column, how many of its values are done, and how many there are."""


@dataclass(frozen=True)
class Rotated:
    """What a rotation came to. `left` is what was written under another key meanwhile; `broken`
    says of a column's rows why they do not open."""

    resealed: int
    left: int
    broken: Mapping[str, str]
    current: str
    others: Sequence[str]

    @property
    def complete(self) -> bool:
        """Whether everything is under the current key."""
        return not self.left and not self.broken

    def report(self) -> list[str]:
        """What to say to the operator."""
        lines = [f"{self.resealed} values are sealed anew with key {self.current}"]
        for where, why in list(self.broken.items())[:_MOST_NAMED]:
            lines.append(f"{where} does not open: {why}")
        if len(self.broken) > _MOST_NAMED:
            lines.append(f"{len(self.broken) - _MOST_NAMED} more do not open")
        if self.left > len(self.broken):
            lines.append(
                f"{self.left - len(self.broken)} values were written under another key meanwhile: "
                "start every process with the new setting, then run this again"
            )
        old = ", ".join(self.others)
        if old and self.complete:
            lines.append(f"nothing is under {old} any more: take it out of the settings")
        elif old:
            lines.append(f"keep {old} in the settings")
        return lines


async def rotate_encryption(settings: Settings, progress: Progress) -> Rotated:
    """Seal every value anew that is not under the first key of the settings."""
    async with open_database(settings) as database:
        await database.require_keys()
        broken: dict[str, str] = {}
        resealed = 0
        for column in ALL:
            done, faults = await _rotate_column(database, column, progress)
            resealed += done
            broken |= faults
        left = sum([await database.read(count_stale, column) for column in ALL])
        ids = database.vault.keyring.ids
        return Rotated(resealed, left, broken, ids[0], ids[1:])


def add_key(settings: Settings) -> str:
    """Put a fresh key in front of the embedded database's; gives its id.

    CommandFailed where the keys are set by DOORSTEP_ENCRYPTION_KEYS: it is changed by hand.
    """
    setting, folder = settings.key_source
    if setting is not None or folder is None:
        raise CommandFailed(
            "the keys are set by DOORSTEP_ENCRYPTION_KEYS: put what `doorstep keys "
            "new-encryption-key` prints in front of them, and start every process with it"
        )
    keyring_of(None, folder)  # makes the first one where there is none
    key, file = new_key(), folder / NAME
    write_keys(file, f"{key.as_setting()},{file.read_text(encoding='ascii').strip()}", over=True)
    return key.id


async def _rotate_column(
    database: Database, column: SealedColumn, progress: Progress
) -> tuple[int, dict[str, str]]:
    total = await database.read(count_stale, column)
    seen, done, broken = 0, 0, {}
    after: Key | None = None
    progress(column, 0, total)
    while True:
        batch = await database.write(reseal_batch, column, after=after, limit=_AT_ONCE)
        seen, done, after = seen + batch.seen, done + batch.done, batch.last
        place = f"{column.table}.{column.column}"
        broken.update({f"{place} of {row}": why for row, why in batch.broken.items()})
        progress(column, min(seen, total), total)
        if after is None:
            return done, broken

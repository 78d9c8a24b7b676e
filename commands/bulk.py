"""Many things done over the API in one command: what was taken, what was refused and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import typer

from commands.api_client import ApiClient, in_path, json_object, refusal
from commands.errors import CommandFailed
from commands.printing import print_json

_AT_ONCE = 100
_OF_ONE_THING = (404, 409)
"""Refusals that say something of one thing, and nothing of the next."""

Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""


@dataclass
class Outcome:
    """What became of each. `refused` has the reason of each id."""

    accepted: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def show(self, done: str, *, as_json: bool) -> None:
        """Print it. The command ends with 1 where something was refused."""
        if as_json:
            refused = [{"id": one, "reason": why} for one, why in self.refused.items()]
            print_json({"accepted": self.accepted, "refused": refused})
        else:
            for one in self.accepted:
                typer.echo(f"{one}  {done}")
            for one, why in self.refused.items():
                typer.echo(f"{one}  refused: {why}")
            typer.echo(f"{len(self.accepted)} {done}, {len(self.refused)} refused")
        if self.refused:
            raise typer.Exit(1)


async def retry_deliveries(
    api: ApiClient, ids: Sequence[str], *, resend: bool, progress: Progress
) -> Outcome:
    """Retry each delivery. CommandFailed where the API takes none of them any more."""
    outcome = Outcome()
    for done, one in enumerate(ids, start=1):
        answer = await api.send("POST", f"/v1/deliveries/{in_path(one)}/retry", {"resend": resend})
        if answer.is_success:
            outcome.accepted.append(one)
        elif answer.status_code in _OF_ONE_THING:
            outcome.refused[one] = str(json_object(answer).get("detail"))
        else:
            raise CommandFailed(refusal(answer))
        progress(done, len(ids))
    return outcome


async def retry_dead_letters(
    api: ApiClient, ids: Sequence[str], *, resend: bool, progress: Progress
) -> Outcome:
    """Retry these dead letters, a hundred in a call."""
    outcome = Outcome()
    for part in _parts(ids):
        taken = await api.ask("POST", "/v1/dead-letters/retry", {"ids": part, "resend": resend})
        _note(outcome, taken)
        progress(_count(outcome), len(ids))
    return outcome


async def retry_filtered(
    api: ApiClient, which: Mapping[str, Any], *, progress: Progress
) -> Outcome:
    """Retry every open dead letter that a filter has, the oldest first."""
    outcome, cursor = Outcome(), None
    wanted = {name: value for name, value in which.items() if value is not None}
    while True:
        body = {"filter": wanted, **({"cursor": cursor} if cursor else {})}
        taken = await api.ask("POST", "/v1/dead-letters/retry", body)
        _note(outcome, taken)
        progress(_count(outcome), _count(outcome) + taken["remaining"])
        cursor = taken["next_cursor"]
        if cursor is None or not taken["remaining"]:
            return outcome


async def discard_dead_letters(
    api: ApiClient, ids: Sequence[str], reason: str, *, progress: Progress
) -> Outcome:
    """Give these dead letters up for good, a hundred in a call."""
    outcome = Outcome()
    for part in _parts(ids):
        done = await api.ask("POST", "/v1/dead-letters/discard", {"ids": part, "reason": reason})
        closed = set(done["not_open"])
        outcome.accepted += [one for one in part if one not in closed]
        outcome.refused |= dict.fromkeys(done["not_open"], "it was closed already")
        progress(_count(outcome), len(ids))
    return outcome


def _note(outcome: Outcome, taken: Mapping[str, Any]) -> None:
    outcome.accepted += [one["id"] for one in taken["accepted"]]
    outcome.refused |= {one["id"]: one["reason"] for one in taken["refused"]}


def _count(outcome: Outcome) -> int:
    return len(outcome.accepted) + len(outcome.refused)


def _parts(ids: Sequence[str]) -> list[list[str]]:
    return [list(ids[start : start + _AT_ONCE]) for start in range(0, len(ids), _AT_ONCE)]

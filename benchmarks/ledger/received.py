"""The third count: what the merchants and the sandbox Twilio received, from their own records."""

import json
from collections.abc import Mapping
from pathlib import Path

import httpx

from benchmarks.ledger.counts import Request, Text


def read_journal(journal: Path, endpoint_ids: Mapping[str, str]) -> list[Request]:
    """Every webhook that reached a merchant; `endpoint_ids` by the merchants' names."""
    with journal.open(encoding="utf-8") as lines:
        return [_request(json.loads(line), endpoint_ids) for line in lines]


async def read_texts(twilio_url: str) -> list[Text]:
    """Every text that Twilio has taken."""
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        answer = await client.get(f"{twilio_url}/_sandbox/messages")
    return [Text(one["sid"], one["to"], one["body"]) for one in answer.raise_for_status().json()]


async def nobody_waits(origins: Mapping[str, str]) -> bool:
    """Whether no merchant has a request on its hands; those are written down once they end."""
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        for origin in origins.values():
            answer = await client.get(f"{origin}/_sandbox/summary")
            if answer.raise_for_status().json()["in_flight"]:
                return False
    return True


def _request(line: Mapping[str, object], endpoint_ids: Mapping[str, str]) -> Request:
    answer = line["answer"]
    return Request(
        endpoint=endpoint_ids[str(line["merchant"])],
        webhook_id=str(line["webhook_id"]),
        accepted=isinstance(answer, int) and 200 <= answer < 300,
        verified=bool(line["verified"]),
        body_sha256=str(line["body_sha256"]),
        first_byte_at=float(str(line["first_byte_at"])),
        answered=isinstance(answer, int),
    )

"""`python -m sandbox oms`: an order-management system that posts generated or replayed events."""

import argparse
import asyncio
import contextlib
import json
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from sandbox.command_line import say
from sandbox.export_mapping import LAST_MILE_ORDERS_INDIA
from sandbox.lifecycles import lifecycles
from sandbox.oms import OmsClient
from sandbox.order_export import replay
from sandbox.parcels import TimedEvent


def main(arguments: Sequence[str]) -> None:
    """Post events until all have their answer, or until Ctrl-C."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.api_key:
        parser.error("give --api-key or set OMS_API_KEY")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox oms",
        description="An order-management system that posts tracking events over HTTP.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    generate = commands.add_parser("generate", help="order lifecycles from a seed")
    generate.add_argument("--orders", type=int, help="how many; endless without it")
    generate.add_argument("--every", type=float, default=30.0, help="seconds between new orders")
    replayed = commands.add_parser("replay", help="an export of orders (CSV)")
    replayed.add_argument("export", type=Path)
    replayed.add_argument("--mapping", type=Path, default=LAST_MILE_ORDERS_INDIA)
    replayed.add_argument("--limit", type=int, help="only the first orders by time")
    replayed.add_argument("--report", type=Path, help="write the report as JSON to FILE")
    for command in (generate, replayed):
        _add_common(command)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--base-url", default="http://127.0.0.1:8000")
    parser.add_argument("--api-key", default=os.environ.get("OMS_API_KEY", ""))
    parser.add_argument("--partner", action="append", required=True, help="id; may be repeated")
    parser.add_argument("--seed", type=int, help="the same seed gives the same event ids")
    parser.add_argument("--speed", type=float, default=60.0, help="60 makes an hour a minute")
    parser.add_argument("--rate", type=float, help="events a second, instead of their own times")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--journal", type=Path, help="append one JSON line per 202 to FILE")


async def _run(options: argparse.Namespace) -> None:
    seed = options.seed if options.seed is not None else int(time.time())
    say(f"seed {seed}")
    events = _events(options, seed)
    client = OmsClient(
        options.base_url, options.api_key, options.concurrency, journal=options.journal
    )
    async with client:
        try:
            await client.play(events, rate=options.rate)
        finally:
            say(json.dumps(client.summary()))


def _events(options: argparse.Namespace, seed: int) -> Iterable[TimedEvent]:
    partners, speed = options.partner, options.speed
    if options.command == "generate":
        return lifecycles(seed, partners, options.orders, speed=speed, every_s=options.every)
    timed, report = replay(
        options.export, options.mapping, seed, partners, options.limit, speed=speed
    )
    for line in report.lines():
        say(line)
    if options.report:
        options.report.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
    return timed

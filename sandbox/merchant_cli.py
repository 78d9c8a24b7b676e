"""`python -m sandbox merchant`: one or several merchants in one process."""

import argparse
import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from sandbox import behaviour_text
from sandbox.behaviour import Behaviour
from sandbox.behaviour_text import parse_behaviour
from sandbox.command_line import explained, say, until_stopped
from sandbox.merchant import Merchant
from sandbox.tls import Certificate, LocalAuthority, self_signed


def main(arguments: Sequence[str]) -> None:
    """Run merchants until Ctrl-C or a TERM signal."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(_parser().parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox merchant",
        description="A merchant's webhook endpoint on 127.0.0.1 that fails to order.",
        epilog=behaviour_text.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--name", default="merchant", help="shown in the summary")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--secret", action="append", default=[], help="whsec_…; may be repeated")
    parser.add_argument(
        "--behaviour", type=explained(parse_behaviour), default="200", help="see below"
    )
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        type=explained(_also),
        metavar="NAME@PORT[=BEHAVIOUR]",
        help="one more merchant in this process, with the same secrets; may be repeated",
    )
    parser.add_argument("--journal", type=Path, help="append one JSON line per request to FILE")
    parser.add_argument("--tls", choices=["self_signed", "local_ca"], help="serve https")
    parser.add_argument(
        "--ca-file", type=Path, default=Path("sandbox-ca.pem"), help="where local_ca writes its CA"
    )
    return parser


def _also(text: str) -> tuple[str, int, Behaviour]:
    place, _, behaviour = text.partition("=")
    name, _, port = place.rpartition("@")
    if not name or not port.isdigit():
        raise ValueError(f"{text!r} is not NAME@PORT[=BEHAVIOUR]")
    return name, int(port), parse_behaviour(behaviour or "200")


async def _run(options: argparse.Namespace) -> None:
    merchants = [(options.name, options.port, options.behaviour), *options.also]
    certificate = _certificate(options.tls, options.ca_file)
    async with contextlib.AsyncExitStack() as running:
        for name, port, behaviour in merchants:
            merchant = Merchant(
                name=name,
                port=port,
                behaviour=behaviour,
                secret=options.secret,
                tls=certificate,
                journal=options.journal,
            )
            await running.enter_async_context(merchant)
            say(f"{name} takes webhooks at {merchant.url}")
        await until_stopped()


def _certificate(kind: str | None, ca_file: Path) -> Certificate | None:
    if kind is None:
        return None
    return LocalAuthority(ca_file).issue() if kind == "local_ca" else self_signed()

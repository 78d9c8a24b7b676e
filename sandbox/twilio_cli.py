"""`python -m sandbox twilio`: the sandbox Twilio by itself."""

import argparse
import asyncio
import contextlib
from collections.abc import Sequence

from sandbox import twilio_callbacks, twilio_steps
from sandbox.command_line import explained, say, until_stopped
from sandbox.twilio import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN, TwilioSandbox
from sandbox.twilio_callbacks import parse_callbacks
from sandbox.twilio_steps import parse_script


def main(arguments: Sequence[str]) -> None:
    """Run a sandbox Twilio until Ctrl-C or a TERM signal."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(_parser().parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox twilio",
        description="A Twilio on 127.0.0.1 that answers the Messages API.",
        epilog=f"{twilio_steps.__doc__}\n{twilio_callbacks.__doc__}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--account-sid", default=DEFAULT_ACCOUNT_SID)
    parser.add_argument("--auth-token", default=DEFAULT_AUTH_TOKEN)
    parser.add_argument(
        "--shared-secret", help="signs callbacks with sha256; without it the auth token does"
    )
    parser.add_argument(
        "--behaviour", type=explained(parse_script), default="accept", help="see below"
    )
    parser.add_argument(
        "--callbacks",
        type=explained(parse_callbacks),
        default="in_order,pause=500ms",
        help="off, or words such as shuffled,doubled,pause=500ms: see below",
    )
    return parser


async def _run(options: argparse.Namespace) -> None:
    sandbox = TwilioSandbox(
        account_sid=options.account_sid,
        auth_token=options.auth_token,
        shared_secret=options.shared_secret,
        behaviour=options.behaviour,
        callbacks=options.callbacks,
        port=options.port,
    )
    async with sandbox:
        say(f"Twilio takes messages at {sandbox.base_url}")
        await until_stopped()

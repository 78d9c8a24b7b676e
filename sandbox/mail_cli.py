"""`python -m sandbox mail`: the sandbox's mail server by itself, with a page of what it took."""

import argparse
import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from sandbox import mail_steps
from sandbox.command_line import explained, say, until_stopped
from sandbox.mail import MailSandbox
from sandbox.mail_page import mail_page
from sandbox.mail_steps import parse_mail_script
from sandbox.serving import LocalServer
from sandbox.tls import Certificate, LocalAuthority, self_signed


def main(arguments: Sequence[str]) -> None:
    """Run a mail server until Ctrl-C or a TERM signal."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(_parser().parse_args(arguments)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox mail",
        description="A mail server on 127.0.0.1 that keeps what it is given.",
        epilog=mail_steps.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0, help="of SMTP; 0 takes any free port")
    parser.add_argument("--page-port", type=int, default=0, help="of the page of what it took")
    parser.add_argument(
        "--behaviour", type=explained(parse_mail_script), default="accept", help="see below"
    )
    parser.add_argument("--user", type=explained(_user), help="NAME:PASSWORD to sign in with")
    parser.add_argument("--tls", choices=["self_signed", "local_ca"], help="offer STARTTLS")
    parser.add_argument("--implicit", action="store_true", help="TLS from the start instead")
    parser.add_argument(
        "--ca-file", type=Path, default=Path("sandbox-ca.pem"), help="where local_ca writes its CA"
    )
    parser.add_argument("--journal", type=Path, help="append one JSON line per e-mail to FILE")
    return parser


def _user(text: str) -> tuple[str, str]:
    name, colon, password = text.partition(":")
    if not name or not colon:
        raise ValueError("use NAME:PASSWORD")
    return name, password


async def _run(options: argparse.Namespace) -> None:
    sandbox = MailSandbox(
        certificate=_certificate(options.tls, options.ca_file),
        implicit=options.implicit,
        users=dict([options.user]) if options.user else None,
        behaviour=options.behaviour,
        journal=options.journal,
        port=options.port,
    )
    async with sandbox:
        page = LocalServer(mail_page(sandbox.received), port=options.page_port)
        await page.start()
        say(f"the mail server takes e-mail at {sandbox.host}:{sandbox.port}")
        say(f"what it took is shown at {page.url}")
        await until_stopped()
        await page.stop()


def _certificate(kind: str | None, ca_file: Path) -> Certificate | None:
    if kind is None:
        return None
    return LocalAuthority(ca_file).issue() if kind == "local_ca" else self_signed()

"""`python -m sandbox merchant …`, `… oms …`, `… twilio …`, `… mail …`: each of them by itself."""

import sys

from sandbox import mail_cli, merchant_cli, oms_cli, twilio_cli

PROGRAMS = {
    "merchant": merchant_cli.main,
    "oms": oms_cli.main,
    "twilio": twilio_cli.main,
    "mail": mail_cli.main,
}


def main(arguments: list[str]) -> None:
    """Run the program that the first argument names, with the others."""
    name, rest = arguments[0] if arguments else "", arguments[1:]
    if name not in PROGRAMS:
        sys.exit(f"usage: python -m sandbox {{{','.join(PROGRAMS)}}} …")
    PROGRAMS[name](rest)


if __name__ == "__main__":
    main(sys.argv[1:])

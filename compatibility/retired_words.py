"""Names that were ours alone and have given way to the field's; `make check` finds none of them.

The decisions keep them: they are history. What each is called now is in the glossary and in
decision 0034.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
READ = ("*.py", "*.html", "*.ftl", "*.js", "*.toml", "*.yml", "*.example", "*.md")

RETIRED: Mapping[str, str] = {
    r"\b(a|one|each|every|this|no|next|last|first) try\b|[A-Z]\w+Try\b|_try_id": "attempt",
    r"\b\w*[a-z]_tries\b(?<!that_tries)|\btries_|\b[A-Z]\w*Tries\b": "attempts",
    r"\bletter_(id|said|queue)|\bLetter(Line|Query|Queue)\b": "dead letter",
    r"\bdesk\b|\w+Desk\b": "page context",
    r"\bDeadLetterMove|\bmove_id\b|dead_letter_moves": "queue change",
    r"\btake_slot\b|\bwait_for_slot\b|\bhand_on\b|\blet_in\b": "concurrency limit",
    r"\bpaid_(until|after)\b": "rate limit",
    r"\bSmsStop|sms_stops?\b|\bStopScope|/sms/stops": "suspension",
    r"\bSignInGuard|sign_in_guards?\b": "login throttle",
    r"class _?(Told|Said|Asked|Wanted|Found|Seen|Tell)\b|\b[A-Z]\w+Asked\b": "…Request, …Result",
    r"\bDeliveryCarrier\b|\.carry\(": "delivery runner",
    r"\bdoorstep_try_|\bdoorstep_tries|-try\b(?!-)": "attempt",
    r"\b[Uu]pkeep\b|UPKEEP": "retention",
    r"\bTellOf|\bNotice[A-Z(:]|\bnotice_id\b|\bnotices?\b.*\b(sent|tells?)\b": "notification",
    r"\bWriteTurns\b|\bVersionBell\b|outbox bell": "outbox listener",
    r"\bway_in\b|\bby_hand\(": "sign-in link, manual retry",
}


def main() -> int:
    """Print where a retired name stands, and what to say instead; 1 where there is one."""
    found = list(_places())
    for place in found:
        sys.stderr.write(f"{place}\n")
    return 1 if found else 0


def _places() -> Iterator[str]:
    for name in _files():
        for number, line in enumerate((ROOT / name).read_text().splitlines(), start=1):
            for pattern, instead in RETIRED.items():
                if (match := re.search(pattern, line)) is not None:
                    yield f"{name}:{number}: {match[0]!r} is retired: say {instead}"


def _files() -> list[str]:
    """Every file of ours that git knows, but this one and the history of decisions."""
    listed = subprocess.run(  # noqa: S603 - our own words only
        ["git", "ls-files", *READ],  # noqa: S607 - whichever git the developer has
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    ours = Path(__file__).relative_to(ROOT).as_posix()
    names = listed.stdout.split()
    return [one for one in names if one != ours and not one.startswith("docs/decisions/")]


if __name__ == "__main__":
    sys.exit(main())

"""The documents say what the code says: links, names, commands, numbers, examples."""

import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from activities.webhook_sender import _CONNECT_TIME, _READ_LIMIT, REQUEST_TIME
from background.reconciler import EVERY, GRACE
from contracts.clock import utc_now
from contracts.delivery.retry import DEFAULT_DELAYS_S, RETRY_AFTER_CAP_S
from contracts.delivery.verdicts import Answer, Verdict, retry_after_seconds, verdict_of
from contracts.notifications.kinds import NotificationKind
from contracts.notifications.messages import NOTIFICATION_DELAYS_S
from contracts.notifications.texts import text_of_notification
from contracts.notifications.webhooks import WEBHOOK_TYPES, OperationalWebhook
from contracts.payload.event_age import MOST_AHEAD, OLDEST_NOTIFIED
from contracts.payload.groups import KNOWN_REASON_CODES
from contracts.payload.signature import new_secret, signature_headers
from contracts.sms.dlt import departure
from dispatch.dispatcher import LEASE
from store.endpoints.circuit_breaker import GONE_FOR_GOOD
from store.endpoints.secrets import ROTATION_OVERLAP
from tests.deployment import generated_docs
from tests.deployment.deployment_files import (
    DOCS,
    ROOT,
    faults_of_command,
    services,
)

DOCUMENTS = sorted(DOCS.rglob("*.md"))
_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_NAMED = re.compile(r"`([\w/]+\.py)`\s+`([A-Za-z_.]+)`")
_GUIDE = "webhooks-for-partners.md"
_ADDRESS_OF_A_REGISTRY = re.compile(r"py[p]i[.]|/simpl[e]\b|index[-]url", re.IGNORECASE)
"""In brackets, so that whoever looks for such an address does not find this line."""


def _text(name: str) -> str:
    return (DOCS / name).read_text()


def _one_line(name: str) -> str:
    """A document without its line breaks, to find sentences in."""
    return " ".join(_text(name).split())


def _faults_in_documents(faults_of: Callable[[Path], Iterable[str]]) -> dict[str, list[str]]:
    """What is wrong with each document with which something is."""
    found = {str(one.relative_to(DOCS)): list(faults_of(one)) for one in DOCUMENTS}
    return {name: faults for name, faults in found.items() if faults}


class TestEveryDocument:
    """All of them at once: each is read in less time than a test takes."""

    def test_its_links_lead_somewhere(self) -> None:
        assert _faults_in_documents(_dead_links) == {}

    def test_its_commands_are_commands(self) -> None:
        assert _faults_in_documents(_faults_of_commands) == {}

    def test_what_it_tells_compose_to_do_compose_can_do(self) -> None:
        assert _faults_in_documents(_faults_of_compose_commands) == {}

    def test_the_files_that_it_names_exist(self) -> None:
        assert _faults_in_documents(_missing_files) == {}

    def test_it_knows_nothing_of_one_machine_or_registry(self) -> None:
        assert _faults_in_documents(_of_one_machine) == {}

    def test_it_is_in_the_index(self) -> None:
        index = DOCS / "README.md"
        names = [str(one.relative_to(DOCS)) for one in DOCUMENTS if one != index]
        assert [name for name in names if f"]({name})" not in index.read_text()] == []


@pytest.mark.parametrize("document", ["README.md", "deploy/kubernetes/README.md"])
def test_the_links_of_the_readme_lead_somewhere(document: str) -> None:
    assert _dead_links(ROOT / document) == []


class TestTheGeneratedParts:
    @pytest.mark.parametrize("name", generated_docs.PARTS)
    def test_each_is_what_the_code_gives(self, name: str) -> None:
        _, make = generated_docs.PARTS[name]
        assert generated_docs.shown(name) == make(), (
            "run: python -m tests.deployment.generated_docs"
        )


class TestThePathOfAnEvent:
    def test_every_name_is_in_the_file_it_is_said_to_be_in(self) -> None:
        named = _NAMED.findall(_one_line("path-of-an-event.md"))
        assert len(named) > 30
        assert [(file, name) for file, name in named if name not in _definitions(ROOT / file)] == []

    def test_its_numbers_are_the_code_s(self) -> None:
        text = _one_line("path-of-an-event.md")
        assert f"`lease` takes events for {_seconds(LEASE)} s" in text
        assert f"in each worker, every {_seconds(EVERY)} s" in text
        assert timedelta(minutes=2) == GRACE
        assert "for two minutes although" in text


class TestNotices:
    def test_the_operational_webhook_is_what_is_sent(self) -> None:
        section = _text("runbook.md").split("### The operational webhook\n")[1].split("\n## ")[0]
        [shown] = re.findall(r"```json\n(.*?)```", section, flags=re.DOTALL)
        said = OperationalWebhook.model_validate_json(shown)
        assert json.loads(said.to_bytes()) == json.loads(shown)
        assert said.data["reason"] == GONE_FOR_GOOD
        assert [one for one in WEBHOOK_TYPES.values() if f"`{one}`" not in section] == []
        assert NOTIFICATION_DELAYS_S == (30, 120, 480, 1800, 7200)
        assert "30 s, 2 min, 8 min, 30 min and 2 h" in " ".join(section.split())
        assert f"Any 2xx within {REQUEST_TIME:g} seconds" in section

    @pytest.mark.parametrize("others", [0, 99])
    def test_the_texts_to_register_for_india_match_what_is_sent(self, others: int) -> None:
        registered = _text("texts.md").split("```\nDoorstep: ")[1:3]
        kinds = (NotificationKind.ENDPOINT_DISABLED, NotificationKind.ENDPOINT_DISABLED_SOON)
        for text, kind in zip(registered, kinds, strict=True):
            sent = text_of_notification(kind, "hooks.chai-point.example", 30, others=others)
            assert departure(f"Doorstep: {text.split(chr(10))[0]}", sent, 30) is None


class TestWebhooks:
    def test_its_numbers_are_the_code_s(self) -> None:
        text = _one_line(_GUIDE)
        assert (
            f"Answer within {REQUEST_TIME:g} seconds; connecting may take {_CONNECT_TIME:g}" in text
        )
        assert f"already when {REQUEST_TIME:g} s or less are left" in text
        assert f"at most {_READ_LIMIT // 1024} KiB of your answer" in text
        assert f"two signatures for {ROTATION_OVERLAP // timedelta(hours=1)} hours" in text
        assert f"up to {RETRY_AFTER_CAP_S / 3600:g} hour" in text
        assert DEFAULT_DELAYS_S == (30, 120, 480)
        assert "the first, and one each 30 s, 2 min and 8 min after" in text

    def test_its_table_of_answers_is_the_code_s(self) -> None:
        said = dict(re.findall(r"^\| ([^|]+) \| (\S+ \S+)", _text(_GUIDE), re.MULTILINE))
        meaning = {
            Verdict.DELIVERED: "The delivery",
            Verdict.GONE: "The endpoint",
            Verdict.RETRY: "Tries again.",
        }
        for status in range(200, 600):
            rows = [row for row in said if str(status) in row.split(", ")]
            row = rows[0] if rows else "any 2xx" if status < 300 else "any other status"
            assert said[row] == meaning[verdict_of(Answer(code="", status=status))], status

    def test_retry_after_counts_where_it_says(self) -> None:
        [row] = re.findall(r"^\| ([\d, ]+) \| Tries again\. A `Retry-After`", _text(_GUIDE), re.M)
        now = utc_now()
        for status in range(300, 600):
            asked = retry_after_seconds(Answer(code="", status=status, retry_after="7"), now)
            assert (asked == 7) is (str(status) in row.split(", ")), status

    def test_it_lists_the_known_reason_codes(self) -> None:
        listed = _one_line(_GUIDE).split("Known values are ")[1].split("###")[0]
        assert tuple(re.findall(r"`(\w+)`", listed)) == KNOWN_REASON_CODES

    def test_the_library_takes_either_secret_during_a_rotation(self) -> None:
        old, new, body = new_secret(), new_secret(), generated_docs.example_payload()
        headers = _signed(body, new, old)
        for secret in (old, new):
            assert Webhook(secret).verify(body, headers)["type"] == "out_for_delivery"


class TestTheApi:
    def test_its_numbers_are_the_code_s(self) -> None:
        ahead, old = MOST_AHEAD // timedelta(minutes=1), OLDEST_NOTIFIED // timedelta(days=1)
        assert f"{ahead} minutes ahead and {old} days old" in _one_line("api-reference.md")


def _signed(body: bytes, *secrets: str) -> dict[str, str]:
    return signature_headers(body, message_id="evt_1", sent_at=utc_now(), secrets=secrets)


def _seconds(duration: timedelta) -> str:
    return f"{duration.total_seconds():g}"


def _dead_links(document: Path) -> list[str]:
    """The links to files that are not there, or to headings that they do not have."""
    dead = []
    for link in _LINK.findall(document.read_text()):
        file, _, anchor = link.partition("#")
        target = document.parent / file if file else document
        if not link.startswith("https://") and (
            not target.exists() or (anchor and anchor not in _anchors(target))
        ):
            dead.append(link)
    return dead


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _faults_of_commands(document: Path) -> Iterator[str]:
    """What is wrong with the product's own commands in a document."""
    for command in _shell_commands(document.read_text()):
        words = command.split("#")[0].split()
        if words[:1] == ["doorstep"]:
            yield from (f"{command}: {fault}" for fault in faults_of_command(words[1:]))


def _faults_of_compose_commands(document: Path) -> Iterator[str]:
    """What is wrong with what a document tells compose to do."""
    for command in _shell_commands(document.read_text()):
        if command.startswith("docker compose"):
            faults = _faults_of_compose(command.split("#")[0].split())
            yield from (f"{command}: {fault}" for fault in faults)


def _missing_files(document: Path) -> list[str]:
    """The files that a document names and that are not there."""
    named = re.findall(r"`((?:[\w-]+/)+[\w.-]+\.[a-z]+)`", document.read_text())
    return [name for name in named if not (ROOT / name).is_file()]


def _of_one_machine(document: Path) -> list[str]:
    """Paths of one machine and addresses of registries in a document."""
    text = document.read_text()
    paths = re.finditer(r"(^|[\s`(])/(home|work|root|Users|tmp)/", text)
    return [one[0] for one in (*paths, *_ADDRESS_OF_A_REGISTRY.finditer(text))]


def _shell_commands(markdown: str) -> list[str]:
    """The lines of all `sh` blocks, also of those inside lists."""
    blocks = re.findall(r"```sh\n(.*?)```", markdown, flags=re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def _faults_of_compose(words: list[str]) -> list[str]:
    """What is wrong with `docker compose -f FILE COMMAND …`: the file, or a service's name."""
    file, command, rest = words[3], words[4], words[5:]
    faults = [] if words[2] == "-f" and (ROOT / file).is_file() else [file]
    for at, word in enumerate(rest):
        if word == "--scale":
            rest[at + 1] = rest[at + 1].partition("=")[0]
    names = [word for word in rest if not word.startswith("-")]
    if command == "run":
        name, *arguments = names[:1] + rest[rest.index(names[0]) + 1 :]
        return faults + faults_of_command(arguments) + ([] if name in services() else [name])
    return faults + [name for name in names if name not in services()]


def _definitions(file: Path) -> set[str]:
    """The functions and classes of a file, methods with their class's name."""
    found = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = (ast.FunctionDef, ast.AsyncFunctionDef)
            found |= {f"{node.name}.{one.name}" for one in node.body if isinstance(one, methods)}
        if isinstance(node, ast.Assign):
            found |= {one.id for one in node.targets if isinstance(one, ast.Name)}
    return found

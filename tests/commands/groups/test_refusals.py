"""One line on standard error, and 2, where the API is away or says no."""

from dataclasses import replace

import pytest

from commands.ports import free_ports
from contracts.access.callers import Scope
from tests.commands.groups.conftest import CommandLine
from tests.commands.running import doorstep
from tests.support.keys import make_key
from tests.support.stack import Stack

pytestmark = pytest.mark.extended


async def test_nobody_answers(line: CommandLine) -> None:
    away = replace(line, url=f"http://127.0.0.1:{free_ports(1)[0]}")
    ended = await away.run("events", "list")
    assert ended.code == 2
    assert ended.err.startswith(f"doorstep: the API does not answer at {away.url} (")
    assert ended.err.endswith("correct DOORSTEP_API_URL\n")
    assert ended.err.count("\n") == 1


async def test_nobody_answers_on_this_machine(line: CommandLine) -> None:
    ended = await doorstep(
        *("partners", "list"),
        folder=line.folder,
        DOORSTEP_API_PORT=str(free_ports(1)[0]),
        DOORSTEP_OPERATOR_KEY=line.key,
    )
    assert ended.code == 2
    assert ended.err.endswith("start it with `doorstep up`\n")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("events", "show", "evt_none"), "no event evt_none (404)"),
        (("deliveries", "show", "dlv_none"), "no delivery dlv_none (404)"),
        (("endpoints", "enable", "ep_none"), "no endpoint ep_none (404)"),
        (("partners", "show", "nobody"), "no partner nobody (404)"),
        (("deliveries", "list"), "(422): name a partner or an endpoint\n"),
        (("events", "list", "--since", "yesterday"), "since"),
    ],
)
async def test_the_api_says_no(line: CommandLine, asked: tuple[str, ...], said: str) -> None:
    ended = await line.run(*asked)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert ended.err.count("\n") == 1


async def test_a_wrong_key(line: CommandLine) -> None:
    ended = await replace(line, key="not-a-key-of-anybody").run("events", "list")
    assert ended.code == 2
    assert "the API refuses the key (401: " in ended.err
    assert ended.err.endswith("set DOORSTEP_API_KEY\n")
    assert "not-a-key" not in ended.err


async def test_a_partner_sees_its_own_and_calls_nothing_of_ops(
    line: CommandLine, stack: Stack
) -> None:
    await stack.add_partner("other")
    endpoint = await stack.add_endpoint("http://127.0.0.1:9009/hook", "other")
    _, key = await make_key(stack.database, Scope.PARTNER, "shop")
    theirs = replace(line, key=key)
    assert await theirs.json("endpoints", "list") == []
    ended = await theirs.run("endpoints", "show", endpoint["id"])
    assert (ended.code, ended.out) == (2, "")
    assert "(404)" in ended.err
    refused = await theirs.run("partners", "pause", "shop")
    assert refused.code == 2
    assert "(403)" in refused.err

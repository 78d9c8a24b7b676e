"""Whatever is wrong, a command says it in one line and gives exit code 2, never a traceback."""

from pathlib import Path

import pytest

from commands.ports import free_ports, listen
from tests.commands.running import doorstep

pytestmark = pytest.mark.extended

WRONG = [
    ({"DOORSTEP_TIME_SCALE": "7", "DOORSTEP_OPERATOR_KEY": "short"}, "DOORSTEP_OPERATOR_KEY"),
    ({"DOORSTEP_API_PROT": "8080"}, "did you mean DOORSTEP_API_PORT?"),
]


@pytest.mark.parametrize(("variables", "named"), WRONG)
async def test_a_wrong_setting_is_one_line_that_names_it(
    tmp_path: Path, variables: dict[str, str], named: str
) -> None:
    ended = await doorstep("doctor", folder=tmp_path, **variables)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("doorstep: ")
    assert named in ended.err
    assert ended.err.count("\n") == 1


async def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://someone:hunter2@127.0.0.1:{free_ports(1)[0]}/doorstep"
    ended = await doorstep("migrate", folder=tmp_path, DOORSTEP_DATABASE_URL=url)
    assert ended.code == 2
    assert ended.err.startswith("doorstep: ")
    assert ended.err.count("\n") == 1
    assert "hunter2" not in ended.err


async def test_the_api_without_an_operator_key_says_how_to_get_one(tmp_path: Path) -> None:
    ended = await doorstep("api", folder=tmp_path)
    assert ended.code == 2
    assert "DOORSTEP_OPERATOR_KEY is not set" in ended.err
    assert ended.err.count("\n") == 1


async def test_a_worker_without_temporal_says_where_it_looked(tmp_path: Path) -> None:
    ended = await doorstep("worker", folder=tmp_path, TEMPORAL_ADDRESS="127.0.0.1:1")
    assert ended.code == 2
    assert ended.err.splitlines()[-1] == (
        "doorstep: Temporal does not answer at 127.0.0.1:1: start it, or set TEMPORAL_ADDRESS"
    )


async def test_a_taken_port_is_one_line_that_names_the_setting(tmp_path: Path) -> None:
    names = ("DOORSTEP_TEMPORAL_PORT", "DOORSTEP_POSTGRES_PORT", "DOORSTEP_API_PORT")
    free = dict(zip(names, map(str, free_ports(3)), strict=True))  # one may run here already
    with listen("127.0.0.1", 0, "") as taken:
        port = taken.getsockname()[1]
        ended = await doorstep("up", folder=tmp_path, DOORSTEP_TEMPORAL_UI_PORT=str(port), **free)
    assert ended.code == 2
    assert ended.err.startswith(f"doorstep: DOORSTEP_TEMPORAL_UI_PORT: port {port} on 127.0.0.1 is")
    assert ended.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


async def test_wrong_usage_is_exit_code_2(tmp_path: Path) -> None:
    ended = await doorstep("partners", "create", folder=tmp_path)
    assert ended.code == 2
    assert "--name" in ended.err

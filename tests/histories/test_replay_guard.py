"""The replay guard: workflows that older versions left running go on under today's code.

A change that turns this red would leave running workflows stuck after a deploy. Mend the change
(or version it); the histories are never recorded anew.
"""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from tests.histories.record import PATIENT_SCENARIOS, SCENARIOS
from workflows import WORKFLOWS

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.json"))


def _scenario(path: Path) -> str:
    return path.stem.split("-", 1)[1]


def test_every_scenario_is_recorded() -> None:
    scenarios = {_scenario(path) for path in RECORDED}
    assert scenarios >= {one.__name__ for one in (*SCENARIOS, *PATIENT_SCENARIOS)}


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
async def test_a_recorded_history_replays(path: Path) -> None:
    history = WorkflowHistory.from_json(f"event/{path.stem}", path.read_text())
    replayer = Replayer(workflows=list(WORKFLOWS))
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    assert result.replay_failure is None

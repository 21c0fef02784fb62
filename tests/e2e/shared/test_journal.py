"""An operator's journal is enough to take its decisions again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.shared.stage import Stage

pytestmark = [pytest.mark.plane, pytest.mark.prometheus]


@pytest.mark.parametrize("forecasting", [True, False])
def test_a_journal_replayed_gives_the_same_bytes(stage: Stage, forecasting: bool) -> None:
    from autoscaler.engine.config import EngineConfig
    from autoscaler.engine.journal import replay

    operator = stage.foreseer if forecasting else stage.reactor
    operator.await_ticks(5)

    replayed = list(replay(operator.journalled(), config=EngineConfig(forecasting=forecasting)))

    assert len(replayed) >= 5
    assert [tick.at for tick in replayed if tick.recorded != tick.again] == []

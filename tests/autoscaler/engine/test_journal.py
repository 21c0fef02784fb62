import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from autoscaler.engine.journal import JournalLines, replay
from autoscaler.engine.step import step
from autoscaler.errors import SpecError
from tests.autoscaler.planner.journeys import JOURNEYS, Journey, travel


def journal(journey: Journey) -> Iterator[bytes]:
    lines = JournalLines()
    for passed in travel(journey, step):
        decision, _ = step(passed.observation, passed.before)
        yield from lines.of(before=passed.before, observation=passed.observation, decision=decision)


@settings(max_examples=25)
@given(JOURNEYS)
def test_a_journal_replays_to_the_same_bytes(journey: Journey) -> None:
    ticks = list(replay(journal(journey)))
    assert len(ticks) == len(journey.looks)
    for each in ticks:
        assert each.again == each.recorded


@settings(max_examples=10)
@given(JOURNEYS)
def test_a_forecast_is_written_once(journey: Journey) -> None:
    kinds = [json.loads(line)["kind"] for line in journal(journey)]
    assert kinds.count("forecast") == (journey.forecast is not None)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 1 is not JSON"),
        ("[]", "kind must be 'forecast' or 'tick'"),
        (
            '{"kind":"tick","before":{"pools":{},"forecast":"beef"},"observation":{}}',
            "forecast beef is not in this journal",
        ),
    ],
)
def test_a_line_that_cannot_be_read_is_refused(line: str, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        list(replay([line]))

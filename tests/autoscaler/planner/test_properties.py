"""The safety rules, over random journeys; and that each check can fail."""

import pytest
from hypothesis import Phase, find, given, settings

from autoscaler.engine.step import step
from tests.autoscaler.planner.broken import BROKEN
from tests.autoscaler.planner.journeys import JOURNEYS, Journey, travel
from tests.autoscaler.planner.properties import PROPERTIES, Property


@given(JOURNEYS)
def test_every_property_holds_on_every_journey(journey: Journey) -> None:
    passed = travel(journey, step)
    for holds in PROPERTIES:
        broken = holds(passed, step)
        assert broken is None, f"{holds.__name__}: {broken}"


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda holds: holds.__name__)
def test_a_planner_broken_on_purpose_fails(holds: Property) -> None:
    planner = BROKEN[holds]
    search = settings(
        max_examples=3000, phases=[Phase.generate], derandomize=True, database=None, deadline=None
    )

    def fails(journey: Journey) -> bool:
        return holds(travel(journey, planner), planner) is not None

    journey = find(JOURNEYS, fails, settings=search)
    sound = holds(travel(journey, step), step)
    assert sound is None, "the sound planner must pass where the broken one fails"

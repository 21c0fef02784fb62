"""The safety rules, over random journeys and plans; and that each check can fail.

One case is one journey (up to 15 looks at one pool), on which every rule is checked at every look.
`tests.effort` says how many there are.
"""

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.strategies import SearchStrategy

from autoscaler.engine.step import step
from tests.autoscaler.planner.broken import BROKEN, LATE
from tests.autoscaler.planner.journeys import JOURNEYS, Journey, Planner, travel
from tests.autoscaler.planner.properties import Property
from tests.autoscaler.planner.timely import PLANS, Plan, ordered_in_time
from tests.effort import must_hold

T = TypeVar("T")


@must_hold
@given(JOURNEYS)
def test_every_property_holds_on_every_journey(journey: Journey) -> None:
    passed = travel(journey, step)
    for holds in BROKEN:
        broken = holds(passed, step)
        assert broken is None, f"{holds.__name__}: {broken}"


@must_hold
@given(PLANS)
def test_nothing_is_ordered_after_the_latest_safe_start(plan: Plan) -> None:
    assert ordered_in_time(plan, step) is None


@pytest.mark.parametrize("holds", BROKEN, ids=lambda holds: holds.__name__)
def test_a_planner_broken_on_purpose_fails(holds: Property) -> None:
    planner = BROKEN[holds]
    journey = found(JOURNEYS, lambda journey: holds(travel(journey, planner), planner) is not None)
    sound = holds(travel(journey, step), step)
    assert sound is None, "the sound planner must pass where the broken one fails"


@pytest.mark.parametrize("planner", LATE.values(), ids=LATE)
def test_a_planner_that_orders_late_fails(planner: Planner) -> None:
    plan = found(PLANS, lambda plan: ordered_in_time(plan, planner) is not None)
    assert ordered_in_time(plan, step) is None


def found(cases: SearchStrategy[T], fails: Callable[[T], bool]) -> T:
    """Return a case that fails, the same at every run, not the smallest."""
    search = settings(
        max_examples=3000,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    return find(cases, fails, settings=search)

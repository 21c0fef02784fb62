import pytest

from simulations.policies.sre_max import sre_max
from tests.simulations.policies.views import START, at, facts, history, pool, seen

WEEK_OF_POINTS = 7 * 96


def size(demand: float, *, last_week: float, margin: float = 1.2) -> int:
    policy = sre_max(margin=margin)
    past = history(eu=[last_week, last_week, *[0.0] * (WEEK_OF_POINTS - 2)])
    policy.reset(facts(pool(), past=past))
    return policy.decide(at(START, seen(demand, ready=20))).pools[0].size


@pytest.mark.parametrize(
    ("demand", "last_week", "expected"),
    [
        pytest.param(2100.0, 0.0, 30, id="the HPA at 70 %"),
        pytest.param(700.0, 3000.0, 36, id="last week x 1.2"),
    ],
)
def test_takes_the_largest(demand: float, last_week: float, expected: int) -> None:
    assert size(demand, last_week=last_week) == expected


def test_the_dial_turns_all_in_proportion() -> None:
    """Twice the margin: twice last week, and the HPA aims at half of its 70 %."""
    assert size(700.0, last_week=1500.0, margin=2.4) == 36
    assert size(1050.0, last_week=0.0, margin=2.4) == 30

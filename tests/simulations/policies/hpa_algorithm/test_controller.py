"""One HPA over several syncs, and the cases of horizontal_test.go (kubernetes v1.36.2) on it."""

from collections.abc import Sequence

import pytest

from simulations.policies.hpa_algorithm.behavior import Behavior, Limit, Mark
from simulations.policies.hpa_algorithm.controller import SYNC_SECONDS, Memory, largest, sync

START = 1_000_000


def follow(
    proposals: Sequence[int | None], *, current: int, bounds: tuple[int, int] = (1, 10_000)
) -> list[int]:
    """The counts after each sync, under the default behavior."""
    memory = Memory()
    counts = []
    for index, proposal in enumerate(proposals):
        current, _, memory = sync(
            memory,
            now=START + index * SYNC_SECONDS,
            current=current,
            proposal=proposal,
            bounds=bounds,
            behavior=Behavior(),
        )
        counts.append(current)
    return counts


@pytest.mark.parametrize(
    ("current", "proposal", "bounds", "expected"),
    [
        pytest.param(3, 1, (2, 5), (3, Limit.NONE), id="TestScaleDownStabilizeInitialSize"),
        pytest.param(3, 20, (2, 5), (5, Limit.TOO_MANY), id="TestMaxReplicas"),
        pytest.param(2, None, (3, 5), (3, Limit.TOO_FEW), id="TestTooFewReplicas"),
        pytest.param(10, None, (3, 5), (5, Limit.TOO_MANY), id="TestTooManyReplicas"),
        pytest.param(0, None, (3, 5), (0, Limit.NONE), id="TestZeroReplicas"),
        pytest.param(4, None, (1, 5), (4, Limit.NONE), id="TestMissingReports"),
    ],
)
def test_first_sync(
    current: int, proposal: int | None, bounds: tuple[int, int], expected: tuple[int, Limit]
) -> None:
    count, limited, _ = sync(
        Memory(), now=START, current=current, proposal=proposal, bounds=bounds, behavior=Behavior()
    )

    assert expected == (count, limited)


@pytest.mark.parametrize(
    ("proposals", "current", "expected"),
    [
        pytest.param((4, None), 3, 4, id="TestScaleUpOneMetricInvalid"),
        pytest.param((None, None), 3, None, id="TestScaleUpBothMetricsEmpty"),
        pytest.param((3, None), 5, None, id="TestNoScaleDownOneMetricInvalid"),
        pytest.param((3, 4), 5, 4, id="the largest of two"),
    ],
)
def test_several_metrics(
    proposals: tuple[int | None, ...], current: int, expected: int | None
) -> None:
    assert expected == largest(proposals, current=current)


def test_a_recent_higher_recommendation_holds_the_count() -> None:
    """Source: TestStabilizeDownscale."""
    memory = Memory(recommendations=(Mark(START - 600, 10), Mark(START - 60, 4)))

    count, _, _ = sync(memory, now=START, current=4, proposal=2, bounds=(1, 5), behavior=Behavior())

    assert count == 4


def test_ten_times_takes_four_doublings_at_15_seconds_each() -> None:
    assert follow([100] * 5, current=10) == [20, 40, 80, 100, 100]


def test_a_small_workload_grows_by_four_pods_a_period() -> None:
    assert follow([20] * 4, current=1) == [5, 10, 20, 20]


def test_the_count_falls_300_seconds_after_the_last_higher_recommendation_and_then_at_once() -> (
    None
):
    """The rolling maximum forgets a recommendation when it is exactly 300 s old."""
    counts = follow([50] + [10] * 21, current=50)

    assert counts == [50] * 20 + [10, 10]


def test_a_metric_that_fails_freezes_the_count_and_leaves_no_recommendation() -> None:
    assert follow([50, None, None, 60], current=50) == [50, 50, 50, 60]


def test_memory_stays_small() -> None:
    memory = Memory()
    for index in range(1000):
        _, _, memory = sync(
            memory,
            now=START + index * SYNC_SECONDS,
            current=10,
            proposal=10 + index % 2,
            bounds=(1, 100),
            behavior=Behavior(),
        )

    assert len(memory.recommendations) == 300 // SYNC_SECONDS

"""The tables of pkg/controller/podautoscaler/horizontal_test.go, kubernetes v1.36.2 (Apache-2.0).

Ids are the source's case names.
"""

import csv
from pathlib import Path

import pytest

from simulations.policies.hpa_algorithm.behavior import (
    Behavior,
    Changes,
    Limit,
    Mark,
    PolicyType,
    RatePolicy,
    ScalingRules,
    SelectPolicy,
    limit,
    stabilize,
)

NOW = 1_000_000
MINUTE = 60
DEFAULT = Behavior()


def pods(value: int, *, per: int) -> RatePolicy:
    return RatePolicy(PolicyType.PODS, value, per)


def percent(value: int, *, per: int) -> RatePolicy:
    return RatePolicy(PolicyType.PERCENT, value, per)


def policies(cell: str) -> tuple[RatePolicy, ...]:
    """Read "20/60 1%/60": 20 pods or 1 percent, each in 60 s."""
    parsed = []
    for word in cell.split():
        value, period = word.split("/")
        kind = percent if value.endswith("%") else pods
        parsed.append(kind(int(value.rstrip("%")), per=int(period)))
    return tuple(parsed)


def spread(cell: str, *, over: int = 120) -> tuple[Mark, ...]:
    """Place events in the middle of equal parts of the last `over` seconds.

    Source: generateEventsUniformDistribution, which cuts its offsets to whole seconds.
    """
    counts = [int(word) for word in cell.split()]
    part = over / max(1, len(counts))
    return tuple(
        Mark(NOW - int(over - part * (index + 1) + part / 2), count)
        for index, count in enumerate(counts)
    )


def rows() -> list[dict[str, str]]:
    with (Path(__file__).parent / "scaling_with_rules.csv").open(newline="") as table:
        return list(csv.DictReader(table))


@pytest.mark.parametrize("row", [pytest.param(row, id=row["name"]) for row in rows()])
def test_rate_policies_and_bounds(row: dict[str, str]) -> None:
    """Source: TestScalingWithRules; an empty cell stands for the default, or for no events."""
    behavior = Behavior(
        up=ScalingRules(
            stabilization_seconds=0, policies=policies(row["up"]) or DEFAULT.up.policies
        ),
        down=ScalingRules(
            stabilization_seconds=300, policies=policies(row["down"]) or DEFAULT.down.policies
        ),
    )

    actual = limit(
        int(row["desired"]),
        current=int(row["current"]),
        bounds=(int(row["min"]), int(row["max"])),
        changes=Changes(added=spread(row["added"]), removed=spread(row["removed"])),
        behavior=behavior,
        now=NOW,
    )

    assert (int(row["expected"]), Limit(row["reason"])) == actual


@pytest.mark.parametrize(
    ("current", "desired", "expected"),
    [
        pytest.param(1, 10, 2, id="TestCalculateScaleUpLimitWithScalingRules"),
        pytest.param(5, 1, 3, id="TestCalculateScaleDownLimitWithBehaviors"),
    ],
)
def test_the_smallest_change_wins_where_the_policy_is_min(
    current: int, desired: int, expected: int
) -> None:
    rules = ScalingRules(
        stabilization_seconds=300,
        policies=(pods(2, per=60), percent(50, per=60)),
        select=SelectPolicy.MIN,
    )

    actual, _ = limit(
        desired,
        current=current,
        bounds=(1, 1000),
        changes=Changes(),
        behavior=Behavior(up=rules, down=rules),
        now=NOW,
    )

    assert expected == actual


@pytest.mark.parametrize("desired", [1, 10])
def test_a_disabled_direction_does_not_move(desired: int) -> None:
    disabled = ScalingRules(
        stabilization_seconds=0, policies=(pods(4, per=15),), select=SelectPolicy.DISABLED
    )

    actual, _ = limit(
        desired,
        current=5,
        bounds=(1, 1000),
        changes=Changes(),
        behavior=Behavior(up=disabled, down=disabled),
        now=NOW,
    )

    assert actual == 5


@pytest.mark.parametrize(
    ("recent", "current", "desired", "windows", "expected"),
    [
        pytest.param([], 100, 5, (0, 0), 5, id="empty recommendations for scaling down"),
        pytest.param([(4, 2), (5, 1)], 100, 3, (0, 180), 5, id="simple scale down stabilization"),
        pytest.param([(4, 2), (5, 1)], 1, 7, (300, 0), 4, id="simple scale up stabilization"),
        pytest.param([(1, 2), (2, 1)], 100, 3, (300, 0), 3, id="no scale down stabilization"),
        pytest.param([(4, 2), (5, 1)], 1, 3, (0, 300), 3, id="no scale up stabilization"),
        pytest.param(
            [(10, 10), (9, 9)],
            100,
            3,
            (0, 0),
            3,
            id="no scale down stabilization, reuse recommendation element",
        ),
        pytest.param(
            [(10, 10), (9, 9)],
            1,
            100,
            (0, 0),
            100,
            id="no scale up stabilization, reuse recommendation element",
        ),
        pytest.param(
            [(10, 10), (4, 1), (5, 2), (9, 9)],
            100,
            3,
            (0, 180),
            5,
            id="scale down stabilization, reuse one of obsolete recommendation element",
        ),
        pytest.param(
            [(10, 100), (6, 1), (5, 2), (9, 3)],
            1,
            100,
            (300, 0),
            5,
            id="scale up stabilization, reuse one of obsolete recommendation element",
        ),
        pytest.param(
            [(2, 100), (3, 3)],
            2,
            1,
            (300, 300),
            2,
            id="scale up and down stabilization, do not scale up when prenormalized rec goes down",
        ),
        pytest.param(
            [(2, 100), (1, 3)],
            2,
            3,
            (300, 300),
            2,
            id="scale up and down stabilization, do not scale down when prenormalized rec goes up",
        ),
    ],
)
def test_stabilization(
    recent: list[tuple[int, int]],
    current: int,
    desired: int,
    windows: tuple[int, int],
    expected: int,
) -> None:
    up, down = windows
    behavior = Behavior(
        up=ScalingRules(stabilization_seconds=up, policies=DEFAULT.up.policies),
        down=ScalingRules(stabilization_seconds=down, policies=DEFAULT.down.policies),
    )
    marks = [Mark(NOW - minutes * MINUTE, replicas) for replicas, minutes in recent]

    actual = stabilize(desired, current=current, recent=marks, behavior=behavior, now=NOW)

    assert expected == actual


def test_the_defaults_are_those_of_autoscaling_v2() -> None:
    assert DEFAULT.up.stabilization_seconds == 0
    assert DEFAULT.up.policies == (pods(4, per=15), percent(100, per=15))
    assert DEFAULT.down.stabilization_seconds == 300
    assert DEFAULT.down.policies == (percent(100, per=15),)
    assert DEFAULT.memory_seconds == 300

"""The tables of pkg/controller/podautoscaler/replica_calculator_test.go of kubernetes v1.36.2.

Ids name the source's test (Apache-2.0). Its pods have two like containers that request 1000m each
where nothing is said; one container's numbers stand here, since the ratio is the same.
"""

from typing import Any

import pytest

from simulations.policies.hpa_algorithm.replicas import (
    MAX_INT32,
    PodMetrics,
    Pods,
    Tolerance,
    average_value,
    pods_metric,
    utilization,
)

DEFAULT = Tolerance()
REQUEST = 1000


def group(count: int, *, requests: int | None = None) -> Pods:
    return Pods(count, count * REQUEST if requests is None else requests)


def measured(*levels: int, requests: int | None = None) -> dict[str, Any]:
    return {"usage": sum(levels), "measured": group(len(levels), requests=requests)}


@pytest.mark.parametrize(
    ("current", "target_percent", "metrics", "tolerance", "expected"),
    [
        pytest.param(3, 30, measured(300, 500, 700), DEFAULT, 5, id="ScaleUp"),
        pytest.param(
            3,
            30,
            measured(500, 700) | {"unready": group(1)},
            DEFAULT,
            4,
            id="ScaleUpUnreadyLessScale",
        ),
        pytest.param(
            3,
            30,
            measured(500, 700) | {"unready": group(1)},
            DEFAULT,
            4,
            id="ScaleUpHotCpuLessScale",
        ),
        pytest.param(
            3, 30, measured(400) | {"unready": group(2)}, DEFAULT, 3, id="ScaleUpUnreadyNoScale"
        ),
        pytest.param(
            3, 30, measured(400) | {"unready": group(2)}, DEFAULT, 3, id="ScaleHotCpuNoScale"
        ),
        pytest.param(2, 30, measured(500, 700), DEFAULT, 4, id="ScaleUpIgnoresFailedPods"),
        pytest.param(2, 30, measured(500, 700), DEFAULT, 4, id="ScaleUpIgnoresDeletionPods"),
        pytest.param(5, 50, measured(100, 300, 500, 250, 250), DEFAULT, 3, id="ScaleDown"),
        pytest.param(
            5,
            50,
            measured(100, 300, 500) | {"unready": group(2)},
            DEFAULT,
            2,
            id="ScaleDownExcludeUnreadyPods",
        ),
        pytest.param(
            5,
            50,
            measured(100) | {"unready": group(4)},
            DEFAULT,
            1,
            id="ScaleDownExcludeUnscheduledPods",
        ),
        pytest.param(3, 100, measured(1010, 1030, 1020, requests=3000), DEFAULT, 3, id="Tolerance"),
        pytest.param(
            3,
            100,
            measured(909, 1010, 1111),
            Tolerance(down=0.0, up=0.0),
            4,
            id="ConfigurableTolerance/Outside of a 0% tolerance",
        ),
        pytest.param(
            3,
            100,
            measured(1890, 1910, 1900),
            Tolerance(up=2.0),
            3,
            id="ConfigurableTolerance/Within a 200% scale-up tolerance",
        ),
        pytest.param(
            3,
            100,
            measured(1100, 1080, 1090),
            Tolerance(down=2.0, up=0.08),
            4,
            id="ConfigurableTolerance/Outside 8% scale-up tolerance",
        ),
        pytest.param(
            3,
            100,
            measured(660, 640, 650),
            Tolerance(down=0.36),
            3,
            id="ConfigurableTolerance/Within a 36% scale-down tolerance",
        ),
        pytest.param(
            3,
            100,
            measured(660, 640, 650),
            Tolerance(down=0.34),
            2,
            id="ConfigurableTolerance/Outside a 34% scale-down tolerance",
        ),
        pytest.param(
            4, 100, measured(4000, 9500, 3000, 7000), DEFAULT, 24, id="SuperfluousMetrics"
        ),
        pytest.param(
            4, 100, measured(400, 95) | {"missing": group(2)}, DEFAULT, 3, id="MissingMetrics"
        ),
        pytest.param(
            2,
            100,
            measured(1000) | {"missing": group(1)},
            DEFAULT,
            2,
            id="MissingMetricsNoChangeEq",
        ),
        pytest.param(
            2,
            100,
            measured(1900) | {"missing": group(1)},
            DEFAULT,
            2,
            id="MissingMetricsNoChangeGt",
        ),
        pytest.param(
            2, 100, measured(600) | {"missing": group(1)}, DEFAULT, 2, id="MissingMetricsNoChangeLt"
        ),
        pytest.param(
            3,
            50,
            measured(450) | {"unready": group(1), "missing": group(1)},
            DEFAULT,
            3,
            id="MissingMetricsUnreadyChange",
        ),
        pytest.param(
            3,
            50,
            measured(2000) | {"unready": group(1), "missing": group(1)},
            DEFAULT,
            4,
            id="MissingMetricsUnreadyScaleUp",
        ),
        pytest.param(
            4,
            50,
            measured(100, 100) | {"unready": group(1), "missing": group(1)},
            DEFAULT,
            3,
            id="MissingMetricsUnreadyScaleDown",
        ),
        pytest.param(
            4,
            300,
            measured(100, 100, requests=3000)
            | {"unready": group(1), "missing": group(1, requests=2000)},
            DEFAULT,
            2,
            id="MissingMetricsScaleDownTargetOver100",
        ),
        pytest.param(
            2,
            50,
            measured(100, 100) | {"missing": group(1)},
            DEFAULT,
            2,
            id="DuringRollingUpdateWithMaxSurge",
        ),
        pytest.param(
            10,
            56,
            measured(*[150] * 10, requests=3000),
            DEFAULT,
            9,
            id="ComputedToleranceAlg/scales",
        ),
        pytest.param(
            10,
            55,
            measured(*[150] * 10, requests=3000),
            DEFAULT,
            10,
            id="ComputedToleranceAlg/holds",
        ),
    ],
)
def test_cpu_utilization(
    current: int,
    target_percent: int,
    metrics: dict[str, Any],
    tolerance: Tolerance,
    expected: int,
) -> None:
    actual = utilization(
        PodMetrics(**metrics), current=current, target_percent=target_percent, tolerance=tolerance
    )

    assert expected == actual


@pytest.mark.parametrize(
    ("current", "target", "metrics", "tolerance", "expected"),
    [
        pytest.param(3, 15000, measured(20000, 10000, 30000), DEFAULT, 4, id="ScaleUpCM"),
        # A pod that is not ready yet counts in full where the metric is not CPU.
        pytest.param(
            3,
            15000,
            measured(50000, 10000, 30000),
            DEFAULT,
            6,
            id="ScaleUpCMUnreadyHotCpuNoLessScale",
        ),
        pytest.param(
            3,
            15000,
            measured(50000, 15000, 30000),
            DEFAULT,
            7,
            id="ScaleUpCMUnreadyHotCpuScaleWouldScaleDown",
        ),
        pytest.param(1, 4400, measured(8600), DEFAULT, 2, id="ScaleUpCMExternal"),
        pytest.param(5, 20000, measured(*[12000] * 5), DEFAULT, 3, id="ScaleDownCM"),
        pytest.param(3, 20000, measured(20000, 21000, 21000), DEFAULT, 3, id="ToleranceCM"),
        pytest.param(
            3,
            20000,
            measured(20000, 21000, 21000),
            Tolerance(up=0.01),
            4,
            id="ConfigurableToleranceCM",
        ),
        pytest.param(
            5,
            20000,
            measured(20000, 19000, 21000) | {"missing": group(2)},
            DEFAULT,
            5,
            id="PlainMetricReplicaCalcMissingMetricsNoChangeEq",
        ),
        pytest.param(
            2,
            17000,
            measured(10000, 10000) | {"missing": group(1)},
            DEFAULT,
            2,
            id="DuringRollingUpdateWithMaxSurgeCM",
        ),
    ],
)
def test_pods_metric(
    current: int, target: int, metrics: dict[str, Any], tolerance: Tolerance, expected: int
) -> None:
    actual = pods_metric(PodMetrics(**metrics), current=current, target=target, tolerance=tolerance)

    assert expected == actual


@pytest.mark.parametrize(
    ("current", "target", "usage", "tolerance", "expected"),
    [
        pytest.param(3, 5000, 20000, DEFAULT, 4, id="ScaleUpCMPerPodObject"),
        pytest.param(3, 2150, 8600, DEFAULT, 4, id="ScaleUpPerPodCMExternal"),
        pytest.param(5, 2000, 6000, DEFAULT, 3, id="ScaleDownPerPodCMObject"),
        pytest.param(5, 2867, 8600, DEFAULT, 3, id="ScaleDownPerPodCMExternal"),
        pytest.param(4, 5000, 20166, DEFAULT, 4, id="TolerancePerPodCMObject"),
        pytest.param(3, 2900, 8600, DEFAULT, 3, id="TolerancePerPodCMExternal"),
        pytest.param(
            4, 5000, 20208, Tolerance(up=0.01), 5, id="ConfigurableTolerancePerPodCMObject"
        ),
        pytest.param(
            3, 2800, 8600, Tolerance(up=0.01), 4, id="ConfigurableTolerancePerPodCMExternal"
        ),
        pytest.param(1, 1, 2**63 - 1, DEFAULT, MAX_INT32, id="ExternalPerPodMetricReplicaOverflow"),
        pytest.param(1, 2**63 - 1, 2**63 - 1, DEFAULT, 1, id="ExternalPerPodMetricUsageOverflow"),
    ],
)
def test_average_value(
    current: int, target: int, usage: int, tolerance: Tolerance, expected: int
) -> None:
    assert expected == average_value(usage, current=current, target=target, tolerance=tolerance)


def test_average_value_from_zero_replicas_ignores_the_tolerance() -> None:
    assert average_value(100, current=0, target=1000, tolerance=DEFAULT) == 1


def test_nothing_is_known_when_no_pod_reports() -> None:
    """Source: `did not receive metrics for targeted pods (pods might be unready)`."""
    silent = PodMetrics(usage=0, measured=Pods(), unready=group(2), missing=group(3))

    assert pods_metric(silent, current=5, target=1000, tolerance=DEFAULT) is None
    assert utilization(silent, current=5, target_percent=70, tolerance=DEFAULT) is None

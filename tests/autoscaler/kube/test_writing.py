"""Numbers written to real targets: each semantics, adoption, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.autoscaler.kube.cluster import (
    APPS,
    AUTOSCALING,
    EVENTS,
    hpa_target,
    scale_target,
)

if TYPE_CHECKING:
    from tests.autoscaler.kube.cluster import Cluster, Operator

pytestmark = pytest.mark.plane
Operate = Callable[..., "Operator"]
HPAS = "horizontalpodautoscalers"


def test_a_floor_is_written_to_an_hpa_and_the_hpa_follows(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)

    operator.tick()

    hpa = cluster.get(AUTOSCALING, HPAS, "sfu")
    assert hpa["spec"]["minReplicas"] == 10
    assert cluster.status()["target"]["adoptedValue"] == 2
    assert cluster.status()["capacity"]["written"] == 10
    assert cluster.condition("ScalingActive") == ("True", "Written")


def test_a_second_tick_writes_nothing(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)
    operator.tick()
    before = cluster.get(AUTOSCALING, HPAS, "sfu")["metadata"]["managedFields"]

    second = operator.pool()

    assert second.result is None
    assert cluster.get(AUTOSCALING, HPAS, "sfu")["metadata"]["managedFields"] == before

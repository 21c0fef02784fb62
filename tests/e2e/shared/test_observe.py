"""The base as it is shipped: it observes, and has no right to do anything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.servers.process import until

if TYPE_CHECKING:
    from tests.e2e.operator import Operator
    from tests.e2e.rig import Rig
    from tests.e2e.shared.stage import Stage
    from tests.servers.plane import ControlPlane

pytestmark = [pytest.mark.plane, pytest.mark.prometheus]

HPAS = "horizontalpodautoscalers"


@pytest.fixture(scope="module")
def team(
    stage: Stage, plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rig]:
    """A rig on the base, with one pool that observes and one that may not what it is told to."""
    from tests.e2e.installation import BASE
    from tests.e2e.rig import rig

    folder = tmp_path_factory.mktemp("observe")
    with rig(plane, folder, demand=stage.demand, name="base", manifests=BASE) as made:
        made.pools.on_hpa("observing", reads="steady", mode="Observe")
        made.pools.on_hpa("acting", reads="steady")
        yield made


@pytest.fixture(scope="module")
def operator(team: Rig) -> Operator:
    """The operator, ready."""
    return team.operator()


def test_a_pool_is_observed_and_its_target_left_alone(team: Rig, operator: Operator) -> None:
    from tests.autoscaler.kube.cluster import AUTOSCALING
    from tests.e2e.records import writes_of

    team.records.await_condition("observing", "Ready", "True")
    operator.await_ticks(2)
    pool = team.records.pool("observing")
    conditions = team.records.conditions("observing")

    assert conditions["MetricsAvailable"]["status"] == "True"
    assert conditions["ScalingActive"]["reason"] == "ModeObserve"
    assert pool["status"]["demand"]["participants"] == 990
    assert pool["status"]["capacity"]["need"] == 10
    assert all(one["observedGeneration"] == 1 for one in conditions.values())
    hpa = team.cluster.get(AUTOSCALING, HPAS, "observing")
    assert (hpa["spec"]["minReplicas"], writes_of(hpa)) == (2, [])


def test_a_pool_in_act_is_told_which_right_is_missing(team: Rig, operator: Operator) -> None:
    from tests.autoscaler.kube.cluster import AUTOSCALING
    from tests.e2e.records import writes_of

    scaling = team.records.await_condition("acting", "ScalingActive", "False", "WriteFailed")
    operator.await_ticks(2)

    assert 'cannot patch resource "horizontalpodautoscalers"' in scaling["message"]
    assert team.records.conditions("acting")["Ready"]["reason"] == "WriteFailed"
    hpa = team.cluster.get(AUTOSCALING, HPAS, "acting")
    assert (hpa["spec"]["minReplicas"], writes_of(hpa)) == (2, [])
    until(
        lambda: "WriteFailed" in {event["reason"] for event in team.records.events("acting")},
        what="an event that says so",
    )


def test_probes_and_metrics_answer(operator: Operator) -> None:
    metrics = operator.get("/metrics")

    assert "last heartbeat" in operator.get("/livez")
    assert operator.get("/readyz") == "ready, leads\n"
    assert "meetscale_" in metrics


def test_asked_to_end_it_ends_well(operator: Operator) -> None:
    assert operator.stop() == 0
    assert operator.logged("error") == []

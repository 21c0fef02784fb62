"""What people write that cannot work: each is told why, and costs nobody else anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.records import untouched
from tests.servers.process import until

if TYPE_CHECKING:
    from tests.e2e.rig import Rig
    from tests.e2e.shared.stage import Stage

pytestmark = [pytest.mark.plane, pytest.mark.prometheus]

HPAS = "horizontalpodautoscalers"
STEADY = 'livekit_participant_total{sfu_pool="steady"}'
QUERIES = {
    "invalid": (f"sum({STEADY}", "parse error"),
    "string": ('"a thousand"', "a bare number or string"),
    "number": ("1000", "a bare number or string"),
    "nan": (f"{STEADY} * NaN", "NaN, which is no number of participants"),
    "negative": (f"-{STEADY}", "-990, which is no number of participants"),
    "several": ('livekit_participant_total{sfu_pool=~"steady|ramp"}', "the query gives 2 series"),
    "nothing": ("no_such_metric", "the query gives no series"),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_that_tells_no_demand_is_blindness_with_its_reason(team: Rig, name: str) -> None:
    from tests.autoscaler.kube.cluster import AUTOSCALING

    query, because = QUERIES[name]
    pool = f"query-{name}"
    team.pools.on_hpa(pool, demand={"query": query})

    with untouched(lambda: team.cluster.get(AUTOSCALING, HPAS, pool)):
        metrics = team.records.await_condition(pool, "MetricsAvailable", "False", "Empty")
        blind = team.records.await_condition(pool, "Blind", "True", "Empty")
        scaling = team.records.await_condition(pool, "ScalingActive", "False", "BlindWithoutState")

    assert because in metrics["message"]
    assert because in blind["message"]
    assert "nothing is written" in scaling["message"]
    team.records.await_condition(pool, "Ready", "False")


def test_labels_that_nothing_has_are_named(team: Rig) -> None:
    team.pools.on_hpa("mislabelled", reads="no-such-pool")

    metrics = team.records.await_condition("mislabelled", "MetricsAvailable", "False", "Empty")

    assert 'no livekit_participant_total with sfu_pool="no-such-pool"' in metrics["message"]
    assert team.pools.floor("mislabelled") == 2


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"name": "elsewhere"}, "there is no horizontalpodautoscalers/elsewhere"),
        (
            {"group": "agones.dev", "version": "v1", "resource": "fleets"},
            "the cluster serves no fleets.agones.dev in version v1",
        ),
    ],
)
def test_a_target_that_is_not_there(team: Rig, changes: dict[str, Any], because: str) -> None:
    from tests.autoscaler.kube.cluster import hpa_target

    pool = f"lost-{changes.get('resource', 'hpa')}"
    target = hpa_target(**{"name": pool, **changes})
    if "group" in changes:
        target["fieldPath"] = "/spec/replicas"
    team.pools.pool(pool, reads="steady", target=target)

    scaling = team.records.await_condition(pool, "ScalingActive", "False", "TargetNotFound")

    assert because in scaling["message"]
    ready = team.records.await_condition(pool, "Ready", "False", "TargetNotFound")
    assert ready["message"] == scaling["message"]


def test_other_pools_go_on_beside_them(stage: Stage, team: Rig) -> None:
    team.pools.on_hpa("beside")
    team.pools.pool("beside-invalid", demand={"query": "sum("})
    team.pools.pool("beside-several", demand={"query": "up"})
    for pool in ("beside-invalid", "beside-several"):
        team.records.await_condition(pool, "Blind", "True")
    stage.demand.play("beside", 390.0)
    stage.demand.scrape()

    until(lambda: team.pools.floor("beside") == 4, what="a floor of 4")
    stage.demand.set("beside", 790.0)
    until(lambda: team.pools.floor("beside") == 8, what="a floor of 8")
    assert stage.foreseer.logged("error") == []

"""What the cluster is told: status, events, plans and state on a real API server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from autoscaler.errors import KubernetesError
from autoscaler.kube.reports import KubeReports
from autoscaler.kube.store import ConfigMapStore
from autoscaler.ports.reports import Notice, Subject
from tests.autoscaler.kube.cluster import APPS, AUTOSCALING, EVENTS, OURS, connect, hpa_target

if TYPE_CHECKING:
    from tests.autoscaler.kube.cluster import Cluster, Operator

pytestmark = pytest.mark.plane
Operate = Callable[..., "Operator"]
HPAS = "horizontalpodautoscalers"


def floor(cluster: Cluster) -> int:
    number: int = cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"]
    return number


def events(cluster: Cluster) -> dict[str, dict[str, Any]]:
    return {event["reason"]: event for event in cluster.items(EVENTS, "events")}


def test_every_condition_is_there_after_the_first_look(cluster: Cluster, operate: Operate) -> None:
    cluster.pool(mode="Observe", target=None)

    operate().tick()

    status = cluster.status()
    assert {one["type"]: one["status"] for one in status["conditions"]} == {
        "Ready": "False",
        "MetricsAvailable": "False",
        "ForecastReady": "False",
        "ScalingActive": "False",
        "ScalingLimited": "False",
        "Blind": "True",
        "Surge": "False",
        "Releasing": "False",
    }
    assert status["observedGeneration"] == 1
    assert status["demand"]["state"] == "Empty"


def test_a_write_is_an_event_on_the_pool(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()

    operate(eu=1000.0).tick()

    event = events(cluster)["TargetAdopted"]
    assert event["regarding"]["kind"] == "SFUPool"
    assert event["note"].startswith("horizontalpodautoscalers/sfu: 2 to 10: ReactiveNeed")
    assert event["reportingController"] == "meetscale.io/operator"


def test_the_same_event_again_is_counted_on_the_first(cluster: Cluster) -> None:
    pool = cluster.pool(mode="Observe", target=None)["metadata"]
    about = Subject(
        resource="sfupools",
        kind="SFUPool",
        namespace=cluster.namespace,
        name="eu",
        uid=pool["uid"],
        generation=1,
    )
    notice = Notice(subject=about, reason="WriteFailed", action="WriteTarget", note="503")
    reports, now = KubeReports(connect(cluster.plane), instance="test"), 1_795_392_000

    for later in (0, 30, 60, 90):
        reports.post(notice, now=now + later)

    (event,) = cluster.items(EVENTS, "events")
    assert event["series"]["count"] == 3
    reports.post(notice, now=now + 90 + 361)
    assert len(cluster.items(EVENTS, "events")) == 2


def test_a_status_without_news_is_left_alone_for_a_minute(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)
    operator.tick()
    operator.tick()
    before = cluster.get(OURS, "sfupools", "eu")["metadata"]["resourceVersion"]
    operator.sees(eu=990.0)
    operator.tick()
    within = cluster.get(OURS, "sfupools", "eu")["metadata"]["resourceVersion"]
    operator.clock.ahead += 60
    operator.tick()

    assert within == before
    assert cluster.status()["demand"]["participants"] == 990


def test_a_restart_repeats_no_event_and_keeps_the_times_of_conditions(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operate(eu=1000.0).tick()
    before, told = cluster.status()["conditions"], events(cluster).keys()
    restarted = operate(eu=1000.0)
    restarted.clock.ahead = 120

    restarted.tick()

    after = cluster.status()["conditions"]
    assert [c["lastTransitionTime"] for c in after] == [c["lastTransitionTime"] for c in before]
    assert events(cluster).keys() == told


def test_a_recommendation_is_done_when_a_person_approved_it(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool(mode="Recommend")
    operator = operate(eu=1000.0)
    operator.tick()
    unasked = floor(cluster)
    (plan,) = cluster.items(OURS, "capacityplans")
    approval = {
        "decision": "Approved",
        "user": "ann",
        "time": f"{datetime.now(tz=UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    name = plan["metadata"]["name"]
    cluster.merge(OURS, "capacityplans", name, {"spec": {"approval": approval}})

    operator.tick()

    assert unasked == 2
    assert floor(cluster) == 10
    assert cluster.status()["plan"] == name
    assert plan["metadata"]["ownerReferences"][0]["name"] == "eu"
    assert len(cluster.items(OURS, "capacityplans")) == 1


def test_a_plan_that_changes_inside_its_allowance_asks_nobody_again(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool(mode="Recommend")
    operator = operate(eu=1000.0)
    operator.tick()
    (plan,) = cluster.items(OURS, "capacityplans")
    approval = {
        "decision": "Approved",
        "user": "ann",
        "time": f"{datetime.now(tz=UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    name = plan["metadata"]["name"]
    cluster.merge(OURS, "capacityplans", name, {"spec": {"approval": approval}})
    operator.tick()

    operator.sees(eu=1100.0)
    operator.tick()

    assert plan["spec"]["allowance"]["upTo"] == 11
    assert floor(cluster) == 11
    assert len(cluster.items(OURS, "capacityplans")) == 1
    operator.sees(eu=1400.0)
    operator.tick()
    assert floor(cluster) == 11
    assert len(cluster.items(OURS, "capacityplans")) == 2


def test_a_plan_that_nobody_answered_is_deleted_a_day_after_it_expired(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool(mode="Recommend")
    operator = operate(eu=1000.0)
    operator.tick()
    (plan,) = cluster.items(OURS, "capacityplans")
    operator.sees(eu=100.0)

    operator.clock.ahead = 24 * 3600
    operator.tick()
    within = [one["metadata"]["name"] for one in cluster.items(OURS, "capacityplans")]
    operator.clock.ahead = 26 * 3600
    operator.tick()

    assert within == [plan["metadata"]["name"]]
    assert cluster.items(OURS, "capacityplans") == []


def test_act_asks_above_its_threshold_and_serves_what_is_observed_without(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool(approval={"aboveReplicas": 5})

    operate(eu=1000.0).tick()

    assert floor(cluster) == 10
    assert cluster.items(OURS, "capacityplans") == []


def test_a_pool_that_makes_no_sense_is_told_and_keeps_no_other(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    event = {
        "apiVersion": "meetscale.io/v1alpha1",
        "kind": "DemandEvent",
        "metadata": {"name": "nowhere"},
        "spec": {
            "multiplier": "2",
            "recurring": {
                "schedule": "0 9 * * 1",
                "timeZone": "Europe/Nowhere",
                "durationSeconds": 3600,
            },
        },
    }
    cluster.create(OURS, "demandevents", event)

    operate(eu=1000.0).tick()

    (ready,) = cluster.get(OURS, "demandevents", "nowhere")["status"]["conditions"]
    assert (ready["status"], ready["reason"]) == ("False", "InvalidSpec")
    assert "Europe/Nowhere" in ready["message"]
    assert floor(cluster) == 10


def test_the_trouble_of_one_target_keeps_no_other(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    cluster.pool("lost", target=hpa_target(name="none"))
    cluster.pool("blind", target=hpa_target(name="none-either"))

    operate(eu=1000.0, lost=1000.0).tick()

    assert floor(cluster) == 10
    assert cluster.condition("ScalingActive", "lost") == ("False", "TargetNotFound")
    assert cluster.condition("Blind", "blind") == ("True", "Empty")


def test_state_outlives_the_operator_and_a_torn_one_is_none(cluster: Cluster) -> None:
    store = ConfigMapStore(connect(cluster.plane), namespace=cluster.namespace)
    empty = store.load()
    large = "".join(f"{number * 7919 % 1_000_003}," for number in range(400_000))
    store.save("pools", '{"media/eu":{}}')
    store.save("forecast", large)

    assert empty == {}
    assert store.load() == {"pools": '{"media/eu":{}}', "forecast": large}
    cluster.delete("/api/v1", "configmaps", "meetscale-state-forecast-1")
    assert store.load() == {"pools": '{"media/eu":{}}'}


def test_a_document_that_fits_no_config_maps_is_refused(cluster: Cluster) -> None:
    import random

    store = ConfigMapStore(connect(cluster.plane), namespace=cluster.namespace)
    noise = random.Random(7).randbytes(2_000_000).hex()

    with pytest.raises(KubernetesError, match="more than 2 parts hold"):
        store.save("pools", noise)


def test_an_api_server_that_is_gone_is_one_of_our_errors(cluster: Cluster) -> None:
    from autoscaler.errors import UnavailableError

    client = connect(cluster.plane)
    with cluster.plane.api_killed(), pytest.raises(UnavailableError):
        client.get(f"{APPS}/deployments")

    assert client.get(f"{APPS}/deployments")["kind"] == "DeploymentList"

"""What one tick asks of the API server: few requests, whatever the number of pools."""

from collections import Counter
from typing import Any, cast

import pytest

from autoscaler.errors import KubernetesError, NotFoundError, UnavailableError
from autoscaler.kube.client import KubeClient
from autoscaler.kube.fleet import KubeFleet
from autoscaler.ports.fleet import FleetSnapshot, RefusalCode
from tests.autoscaler.controller.fakes import START

Json = dict[str, Any]
OURS = "/apis/meetscale.io/v1alpha1"
SERVED = {
    "/apis/autoscaling/v2": ["horizontalpodautoscalers"],
    "/apis/apps/v1": ["deployments"],
}
KINDS = {"horizontalpodautoscalers": "HorizontalPodAutoscaler", "deployments": "Deployment"}


FLOOR = {
    "group": "autoscaling",
    "version": "v2",
    "resource": "horizontalpodautoscalers",
    "semantics": "Floor",
    "fieldPath": "/spec/minReplicas",
}
SIZE = {
    "group": "apps",
    "version": "v1",
    "resource": "deployments",
    "name": "size",
    "semantics": "Size",
    "subresource": "scale",
}


class FakeApi:
    """Lists from memory, and counts what is asked."""

    def __init__(self, pools: int) -> None:
        self.asked: Counter[str] = Counter()
        self.failing: dict[str, KubernetesError] = {}
        names = [f"pool-{index}" for index in range(pools)]
        self.lists: dict[str, list[Json]] = {
            f"{OURS}/sfupools": [pool(name) for name in names],
            f"{OURS}/egresslinks": [],
            f"{OURS}/demandevents": [],
            f"{OURS}/capacityplans": [],
            "/apis/autoscaling/v2/horizontalpodautoscalers": [hpa(name) for name in names],
            "/apis/apps/v1/deployments": [deployment(name) for name in names],
        }

    def get(self, path: str) -> Json:
        self.asked[path] += 1
        if path in self.failing:
            raise self.failing[path]
        if path in SERVED:
            served = [{"name": n, "kind": KINDS[n], "namespaced": True} for n in SERVED[path]]
            return {"resources": served}
        if path not in self.lists:
            raise NotFoundError(f"GET {path}: 404")
        return {"items": self.lists[path]}


def meta(name: str) -> Json:
    return {
        "name": name,
        "namespace": "media",
        "uid": f"uid-{name}",
        "resourceVersion": "1",
        "generation": 1,
        "creationTimestamp": "2026-11-22T00:00:00Z",
    }


def pool(name: str, /, **target: Any) -> Json:
    return {
        "metadata": meta(name),
        "spec": {
            "mode": "Act",
            "demand": {"query": "participants"},
            "server": {"participants": 100},
            "target": target or {**FLOOR, "name": name},
            "minReplicas": 2,
            "maxReplicas": 100,
        },
    }


def hpa(name: str) -> Json:
    scaled = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    spec = {"minReplicas": 2, "maxReplicas": 50, "scaleTargetRef": scaled}
    return {"metadata": meta(name), "spec": spec}


def deployment(name: str) -> Json:
    status = {"replicas": 3, "readyReplicas": 2}
    return {"metadata": meta(name), "spec": {"replicas": 4}, "status": status}


def look(api: FakeApi, *moments: int) -> FleetSnapshot:
    fleet = KubeFleet(cast(KubeClient, api))
    try:
        snapshots = [fleet.observe(now=START + moment) for moment in moments or (0,)]
    finally:
        fleet.close()
    return snapshots[-1]


def test_a_pool_is_seen_with_its_target_and_its_servers() -> None:
    (seen,) = look(FakeApi(1)).pools

    assert seen.refusal is None
    assert seen.target is not None
    assert (seen.target.value, seen.target.maximum, seen.target.ours) == (2, 50, False)
    assert seen.counts is not None
    assert (seen.counts.desired, seen.counts.existing, seen.counts.ready) == (4, 3, 2)


@pytest.mark.parametrize("pools", [1, 300])
def test_a_quiet_tick_asks_as_much_for_one_pool_as_for_many(pools: int) -> None:
    api = FakeApi(pools)
    fleet = KubeFleet(cast(KubeClient, api))
    fleet.observe(now=START)
    api.asked.clear()

    fleet.observe(now=START + 5)
    fleet.close()

    assert api.asked == {
        f"{OURS}/sfupools": 1,
        "/apis/autoscaling/v2/horizontalpodautoscalers": 1,
        "/apis/apps/v1/deployments": 1,
    }


def test_links_events_and_plans_are_listed_every_half_minute() -> None:
    api = FakeApi(1)

    look(api, 0, 5, 25, 30, 35)

    assert api.asked[f"{OURS}/capacityplans"] == 2
    assert api.asked[f"{OURS}/sfupools"] == 5


def test_a_kind_that_cannot_be_listed_is_unknown_for_its_pools_only() -> None:
    api = FakeApi(1)
    api.lists[f"{OURS}/sfupools"].append(pool("size", **SIZE))
    api.lists["/apis/apps/v1/deployments"].append(deployment("size"))
    api.failing["/apis/autoscaling/v2/horizontalpodautoscalers"] = UnavailableError("503")

    unreadable, size = look(api).pools

    assert unreadable.refusal is not None
    assert unreadable.refusal.code is RefusalCode.UNREADABLE
    assert unreadable.counts is None
    assert size.counts is not None


def test_a_size_is_not_written_while_nobody_knows_whether_an_hpa_sizes_it() -> None:
    api = FakeApi(0)
    api.lists[f"{OURS}/sfupools"].append(pool("size", **SIZE))
    api.lists["/apis/apps/v1/deployments"].append(deployment("size"))
    before = look(api).pools[0].refusal
    api.failing["/apis/autoscaling/v2/horizontalpodautoscalers"] = KubernetesError("403")

    after = look(api).pools[0].refusal

    assert before is None
    assert after is not None
    assert after.code is RefusalCode.UNREADABLE


def test_without_our_own_list_there_is_no_snapshot() -> None:
    api = FakeApi(1)
    api.failing[f"{OURS}/sfupools"] = UnavailableError("no answer")

    with pytest.raises(KubernetesError, match="no answer"):
        look(api)


def test_a_pool_that_makes_no_sense_is_invalid_and_the_others_are_seen() -> None:
    api = FakeApi(2)
    api.lists[f"{OURS}/sfupools"][0]["spec"]["minReplicas"] = 200

    seen = look(api)

    (invalid,) = seen.invalid
    assert invalid.subject.key == "media/pool-0"
    assert "minReplicas must not exceed maxReplicas" in invalid.message
    assert [each.key for each in seen.pools] == ["media/pool-1"]


def test_a_resource_is_parsed_again_only_when_it_changed() -> None:
    api = FakeApi(2)
    fleet = KubeFleet(cast(KubeClient, api))
    first = fleet.observe(now=START).pools
    api.lists[f"{OURS}/sfupools"][1]["metadata"]["resourceVersion"] = "2"

    second = fleet.observe(now=START + 5).pools
    fleet.close()

    assert second[0].resource is first[0].resource
    assert second[1].resource is not first[1].resource

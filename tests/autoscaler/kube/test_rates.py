"""Links whose rate is a field of an object on the real API server, and plans approved for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from autoscaler.ports.demand import Usage
from tests.autoscaler.kube.cluster import EVENTS, OURS

if TYPE_CHECKING:
    from tests.autoscaler.kube.cluster import Cluster, Operator

pytestmark = [pytest.mark.plane, pytest.mark.usefixtures("transits")]
Operate = Callable[..., "Operator"]
NET = "/apis/net.example.com/v1"


def make(cluster: Cluster, *, rate: int | None = None, adopt: str = "Force", **spec: Any) -> None:
    """Create a transit, made by hand at `rate`, and a link that orders by it."""
    body: dict[str, Any] = {} if rate is None else {"rate": rate}
    transit = {"apiVersion": "net.example.com/v1", "kind": "Transit", "spec": body}
    cluster.create(NET, "transits", {**transit, "metadata": {"name": "euw1"}})
    provider = {
        "group": "net.example.com",
        "version": "v1",
        "resource": "transits",
        "name": "euw1",
        "fieldPath": "/spec/rate",
        "unit": "Gbps",
        "adopt": adopt,
    }
    link = {
        "mode": "Act",
        "portMbps": 20_000,
        "committedMbps": 4_000,
        "stepMbps": 1_000,
        "maxMbps": 20_000,
        "utilizationPercent": 100,
        "tiers": [{"upToMbps": 20_000, "leadTimeSeconds": 3600}],
        "usage": {"query": "transit"},
        "provider": {"type": "Object", "object": provider},
        **spec,
    }
    kind = {"apiVersion": "meetscale.io/v1alpha1", "kind": "EgressLink"}
    cluster.create(OURS, "egresslinks", {**kind, "metadata": {"name": "transit"}, "spec": link})


def rate(cluster: Cluster) -> Any:
    return cluster.get(NET, "transits", "euw1")["spec"].get("rate")


def told(cluster: Cluster, name: str = "ScalingActive") -> tuple[str, str]:
    status = cluster.get(OURS, "egresslinks", "transit")["status"]
    found = next(one for one in status["conditions"] if one["type"] == name)
    return found["status"], found["reason"]


@pytest.mark.parametrize("present", [4, None])
def test_what_is_needed_is_written_in_the_objects_unit_and_told(
    cluster: Cluster, operate: Operate, present: int | None
) -> None:
    make(cluster, rate=present)
    operator = operate()
    operator.demand.carried = Usage(5_400.0)

    operator.link()
    operator.link()

    assert rate(cluster) == 6
    assert told(cluster) == ("True", "Ordered")
    status = cluster.get(OURS, "egresslinks", "transit")["status"]
    assert status["orderedMbps"] == 6000
    assert status["provider"]["uid"] == cluster.get(NET, "transits", "euw1")["metadata"]["uid"]
    events = [one["reason"] for one in cluster.items(EVENTS, "events")]
    assert events.count("BandwidthOrdered") == 1


def test_a_field_that_somebody_owns_is_refused_without_leave_to_take_it(
    cluster: Cluster, operate: Operate
) -> None:
    make(cluster, rate=4, adopt="IfUnowned")
    operator = operate()
    operator.demand.carried = Usage(5_400.0)

    operator.link()

    assert rate(cluster) == 4
    assert told(cluster) == ("False", "OrderingForbidden")


def test_a_field_that_was_taken_back_is_not_fought_over_even_after_a_restart(
    cluster: Cluster, operate: Operate
) -> None:
    make(cluster, rate=4)
    first = operate()
    first.demand.carried = Usage(5_400.0)
    first.link()
    first.link()
    cluster.merge(NET, "transits", "euw1", {"spec": {"rate": 5}})

    for operator in (first, operate()):
        operator.demand.carried = Usage(7_400.0)
        operator.link()
        operator.link()

    assert rate(cluster) == 5
    assert told(cluster) == ("False", "OrderingForbidden")


def test_an_object_that_is_not_there_or_no_number_holds(cluster: Cluster, operate: Operate) -> None:
    make(cluster, rate=4)
    cluster.merge(NET, "transits", "euw1", {"spec": {"rate": "much"}})
    operator = operate()
    operator.demand.carried = Usage(5_400.0)
    operator.link()
    assert told(cluster) == ("False", "OrderingForbidden")
    cluster.delete(NET, "transits", "euw1")

    operator.link()

    assert told(cluster) == ("False", "ProviderUnreachable")
    assert not cluster.exists(NET, "transits", "euw1")


@pytest.mark.parametrize("what", ["link", "object"])
def test_what_changed_after_it_was_read_is_decided_anew(
    cluster: Cluster, operate: Operate, what: str
) -> None:
    from autoscaler.errors import OrderConflictError
    from autoscaler.kube.rates import ObjectBandwidth
    from autoscaler.ports.bandwidth import BandwidthOrder
    from tests.autoscaler.kube.cluster import connect

    make(cluster, rate=4)
    (link,) = operate().fleet.observe(now=0).links
    bandwidth = ObjectBandwidth(connect(cluster.plane))
    order = BandwidthOrder(
        link=link, supply=bandwidth.read(link), to_mbps=6000, because="P95 needs 5,400"
    )
    if what == "link":
        cluster.merge(OURS, "egresslinks", "transit", {"spec": {"mode": "Observe"}})
    else:
        cluster.merge(NET, "transits", "euw1", {"spec": {"rate": 5}})
    before = rate(cluster)

    with pytest.raises(OrderConflictError, match="changed since it was read"):
        bandwidth.order(order, may_order=lambda: True)

    assert rate(cluster) == before


def test_in_recommend_a_plan_is_proposed_and_ordered_once_it_is_approved(
    cluster: Cluster, operate: Operate
) -> None:
    make(cluster, rate=4, mode="Recommend")
    operator = operate()
    operator.demand.carried = Usage(5_400.0)
    operator.link()
    (plan,) = cluster.items(OURS, "capacityplans")
    asked = plan["spec"]
    assert rate(cluster) == 4
    assert (asked["unit"], asked["allowance"]["upTo"]) == ("Mbps", 6000)
    assert told(cluster, "ScalingLimited") == ("True", "ApprovalNeeded")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    approval = {"decision": "Approved", "user": "ann", "time": now}
    name = plan["metadata"]["name"]

    cluster.merge(OURS, "capacityplans", name, {"spec": {"approval": approval}})
    operator.link()
    operator.link()

    assert rate(cluster) == 6
    assert told(cluster, "ScalingLimited") == ("False", "WithinLimits")
    assert len(cluster.items(OURS, "capacityplans")) == 1

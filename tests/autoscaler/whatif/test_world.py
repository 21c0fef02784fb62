"""Resources, what is assumed beside them, and every refusal."""

import pytest

from autoscaler.errors import SpecError
from autoscaler.whatif.world import read_world
from tests.autoscaler.whatif.worlds import LINK, TEXT, world


def test_fields_of_every_resource_can_be_set() -> None:
    found = world(
        "pools.eu.spec.maxReplicas=900",
        "links.transit.spec.stepMbps=500",
        "pools.eu.inventory.ready=70",
        "pools.eu.mix.egressMbps=1.5",
    )
    (pool,), (link,) = found.pools, found.links
    assert (pool.spec.max_replicas, link.spec.step_mbps) == (900, 500)
    assert pool.inventory is not None
    assert (pool.inventory.ready, pool.inventory.pending) == (70, 0)
    assert pool.media_mix.egress_mbps == 1.5


@pytest.mark.parametrize(
    ("assignment", "sentence"),
    [
        ("spec.maxReplicas=900", "must begin with pools or links and a name, like pools.NAME."),
        ("events.x.spec=1", "must begin with pools or links and a name"),
        ("pools.us.spec.maxReplicas=9", "no entry 'us', must be one of eu"),
        ("pools.eu.spec.maxReplicas", "must be path=value"),
        ("pools.eu.spec.maxReplica=9", "spec.maxReplica is unknown: did you mean maxReplicas?"),
        (
            "pools.eu.spec.maxReplicas=1",
            "pool.yaml with --set: SFUPool media/eu: spec.minReplicas is 2:"
            " minReplicas must not exceed maxReplicas",
        ),
        ("pools.eu.spec.server.hourlyCost=2", "spec.server.hourlyCost is 2: must be text"),
        ("pools.eu.inventory.ready=-1", "inventory.ready is -1: must be greater than or equal"),
        ("pools.eu.inventory.redy=1", "inventory.redy is unknown: did you mean ready?"),
        ("pools.eu.mix.egressMbps=x", 'mix.egressMbps is "x": must be a valid number'),
    ],
)
def test_what_cannot_be_set_is_said(assignment: str, sentence: str) -> None:
    with pytest.raises(SpecError) as refused:
        world(assignment)
    assert sentence in str(refused.value)


def test_a_mistake_in_the_file_is_not_blamed_on_an_assignment() -> None:
    with pytest.raises(SpecError, match=r"^pool.yaml: SFUPool media/eu: spec.minReplicas is -2"):
        world("pools.eu.spec.maxReplicas=9", text=TEXT.replace("minReplicas: 2", "minReplicas: -2"))


def test_there_must_be_a_pool() -> None:
    with pytest.raises(SpecError, match=r"pool.yaml: holds no SFUPool: a plan is made for one"):
        read_world(str(LINK).replace("'", '"'), source="pool.yaml")

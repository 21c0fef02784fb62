"""Karpenter makes nodes for a CapacityBuffer, and the played kubelets turn them Ready."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.servers.delays import lognormal
from tests.servers.manifests import capacity_buffer, deployment, node_pool
from tests.servers.process import until

if TYPE_CHECKING:
    from tests.servers.karpenter import Karpenter
    from tests.servers.kubelet import Kubelet
    from tests.servers.plane import ControlPlane

pytestmark = [pytest.mark.plane, pytest.mark.live]


def test_a_capacity_buffer_of_three_becomes_three_ready_nodes(
    plane: ControlPlane, namespace: str, karpenter: Karpenter, kubelet: Kubelet
) -> None:
    kubelet.start(node_delay=lognormal(median=2, sigma=0.4), seed=7)
    plane.apply([*node_pool("sfu"), *capacity_buffer("sfu", namespace, replicas=3, pool="sfu")])

    until(lambda: len(karpenter.ready_nodes("sfu")) == 3, what="3 Ready nodes", timeout=60)
    lives = [kubelet.nodes[name] for name in karpenter.ready_nodes("sfu")]
    assert all(life.ready is not None and life.ready >= life.due for life in lives)
    assert len({life.due - life.created for life in lives}) == 3  # each its own delay

    plane.apply(capacity_buffer("sfu", namespace, replicas=5, pool="sfu"))
    until(lambda: len(karpenter.ready_nodes("sfu")) == 5, what="5 Ready nodes", timeout=60)


def test_one_per_node_chunks_make_a_floor_of_nodes(
    plane: ControlPlane, namespace: str, karpenter: Karpenter, kubelet: Kubelet
) -> None:
    kubelet.start()
    buffer = capacity_buffer("sfu", namespace, replicas=2, pool="sfu", one_per_node=True)
    plane.apply([*node_pool("sfu"), *buffer])
    until(lambda: len(karpenter.ready_nodes("sfu")) == 2, what="2 Ready nodes", timeout=60)

    plane.apply([deployment("sfu", namespace, replicas=3, cpu="12", pool="sfu")])
    until(lambda: len(kubelet.pods) == 3, what="3 servers placed", timeout=60)
    until(lambda: len(karpenter.ready_nodes("sfu")) == 3, what="3 Ready nodes", timeout=60)
    time.sleep(4)  # time in which headroom would be bought for the servers that took the nodes
    assert len(karpenter.nodes("sfu")) == 3

"""The stage and its play: three fleets before one ramp that history says is due."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.e2e.demand import daily_ramp, soon
from tests.e2e.karpenter.fleet import Fleet
from tests.e2e.records import Timeline
from tests.servers.delays import lognormal
from tests.servers.process import until

if TYPE_CHECKING:
    from tests.e2e.rig import Rig
    from tests.servers.karpenter import Karpenter
    from tests.servers.kubelet import Kubelet

DUE_SECONDS = 120.0
RISE_SECONDS = 15.0
LOW, HIGH = 150.0, 560.0
BEFORE, AFTER = 2, 6
"""Servers that these two need."""


class Stage:
    """`floor` and `headroom` are foreseen, one by each meaning of a buffer; `unforeseen` is not."""

    def __init__(
        self, karpenter: Karpenter, kubelet: Kubelet, *, foreseeing: Rig, reacting: Rig
    ) -> None:
        self.kubelet, self.demand = kubelet, foreseeing.demand
        kubelet.start(
            node_delay=lognormal(median=18, sigma=0.25),
            pod_delay=lognormal(median=8, sigma=0.25),
            seed=11,
        )
        self.floor = Fleet(
            foreseeing, karpenter, "floor", semantics="Floor", reads="ramp", servers=BEFORE
        )
        self.headroom = Fleet(
            foreseeing, karpenter, "headroom", semantics="Headroom", reads="ramp", servers=BEFORE
        )
        self.unforeseen = Fleet(
            reacting, karpenter, "floor", semantics="Floor", reads="ramp", servers=BEFORE
        )
        self.fleets = (self.floor, self.headroom, self.unforeseen)
        until(
            lambda: all(len(fleet.served) == BEFORE for fleet in self.fleets),
            what="the first servers",
            timeout=120,
        )
        self.ramp_at = soon(DUE_SECONDS)
        ramp = daily_ramp(
            self.ramp_at, low=LOW, high=HIGH, rise_seconds=RISE_SECONDS, high_seconds=3600
        )
        self.demand.play("ramp", ramp, remembered=True)
        self.demand.start()
        self.nodes = {fleet: Timeline(fleet.count_nodes) for fleet in self.fleets}
        self.orders = Timeline(lambda: self.floor.buffer)
        for fleet in self.fleets:
            fleet.start_servers(AFTER)
        self._foreseeing, self._reacting = foreseeing, reacting

    def play(self) -> None:
        """Let the operators loose, until the ramp is over and everybody has caught up with it."""
        self._foreseeing.operator()
        self._reacting.operator("--no-forecast")
        until(
            lambda: time.time() > self.ramp_at + RISE_SECONDS + 5,
            what="the ramp",
            timeout=DUE_SECONDS + 240,
            every=0.5,
        )
        for fleet in self.fleets:
            until(
                lambda: len(fleet.served) >= AFTER,  # noqa: B023
                what=f"{AFTER} servers of {fleet.node_pool}",
                timeout=120,
            )

    def stop(self) -> None:
        """Start no more servers."""
        for fleet in self.fleets:
            fleet.stop()

"""Two operators of one installation: one writes, and the other does soon when that one cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.servers.process import until

if TYPE_CHECKING:
    from tests.e2e.operator import Operator
    from tests.e2e.rig import Rig
    from tests.servers.binaries import PrometheusBinaries
    from tests.servers.plane import ControlPlane
    from tests.servers.wire import Wire

pytestmark = [pytest.mark.plane, pytest.mark.prometheus]

HPAS = "horizontalpodautoscalers"
POOL = "eu"
LEASE, EVENTS = "/apis/coordination.k8s.io/v1", "/apis/events.k8s.io/v1"


class Pair:
    """Two operators, the first of them on a wire that can be cut."""

    def __init__(self, team: Rig, wire: Wire, folder: Path) -> None:
        from tests.autoscaler.kube.cluster import Cluster

        self.team, self.wire = team, wire
        self._home = Cluster(team.cluster.plane, team.installation.namespace)
        config = yaml.safe_load(team.installation.kubeconfig.read_text(encoding="utf-8"))
        config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{wire.port}"
        kubeconfig = folder / "wired.yaml"
        kubeconfig.write_text(yaml.safe_dump(config), encoding="utf-8")
        kubeconfig.chmod(0o600)
        self.wired = team.operator("--no-forecast", start=False, kubeconfig=kubeconfig)
        self.other = team.operator("--no-forecast", start=False)
        self._participants = 400.0

    def led_by(self, leader: Operator) -> tuple[Operator, Operator]:
        """Let this one lead and the other stand by; return both in that order."""
        standby = self.other if leader is self.wired else self.wired
        if leader.role() != "leads":
            standby.stop()
            leader.stop()
            leader.start()
        if not standby.process.running:
            standby.start("stands by")
        return leader, standby

    def ask_for_more(self) -> None:
        """Let demand grow by half."""
        self._participants = round(1.5 * self._participants, -2)
        self.team.demand.set(POOL, self._participants)

    def hpa(self) -> dict[str, Any]:
        """Return the pool's target."""
        return self.team.cluster.get("/apis/autoscaling/v2", HPAS, POOL)

    def settled(self) -> bool:
        """Whether the target holds what is needed; more is not written without more demand."""
        return self.team.pools.floor(POOL) * 100 >= self._participants

    def lease(self) -> dict[str, Any]:
        """Return the spec of the lease."""
        spec: dict[str, Any] = self._home.get(LEASE, "leases", "meetscale-leader")["spec"]
        return spec

    def announced(self) -> int:
        """Return how many times somebody took over, as events on the lease say."""
        events = self._home.items(EVENTS, "events")
        return sum(
            event["reason"] == "LeaderElected" and event["regarding"]["kind"] == "Lease"
            for event in events
        )


@pytest.fixture(scope="module")
def pair(
    plane: ControlPlane,
    prometheus_binaries: PrometheusBinaries,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Pair]:
    """The two, on one pool."""
    from tests.e2e.demand import played
    from tests.e2e.rig import rig
    from tests.servers.wire import Wire

    folder = tmp_path_factory.mktemp("leader")
    wire = Wire(plane.port)
    try:
        with (
            played(prometheus_binaries, folder) as demand,
            rig(plane, folder, demand=demand, name="led") as team,
        ):
            demand.play(POOL, 400.0)
            demand.start()
            team.pools.on_hpa(POOL)
            yield Pair(team, wire, folder)
    finally:
        wire.close()


def leading(operator: Operator) -> bool:
    return "meetscale_leader 1.0" in operator.get("/metrics")


def writes(operator: Operator) -> float:
    """Return how many writes to targets a process counts."""
    lines = operator.get("/metrics").splitlines()
    counts = [line for line in lines if line.startswith("meetscale_target_writes_total{")]
    return sum(float(line.rpartition(" ")[2]) for line in counts)


def test_of_two_one_leads_and_the_other_looks_at_nothing(pair: Pair) -> None:
    leader, standby = pair.led_by(pair.wired)
    until(pair.settled, what="a floor")
    leader.await_ticks(2)

    assert leading(leader)
    assert not leading(standby)
    assert standby.get("/livez")
    assert "meetscale_floor_servers{" not in standby.get("/metrics")
    assert standby.journalled() == []


def test_who_cannot_reach_the_api_server_stops_before_the_other_begins(pair: Pair) -> None:
    leader, standby = pair.led_by(pair.wired)
    before = pair.lease()
    with pair.wire.cut():
        pair.ask_for_more()
        seen: list[tuple[bool, bool]] = []

        def over() -> bool:
            seen.append((leading(leader), leading(standby)))  # in this order: who begins is later
            return seen[-1][1]

        until(over, what="another leads", every=0.05)
        until(pair.settled, what="a floor")
    until(lambda: leader.role() == "stands by", what="the first sees that another leads")

    assert (True, True) not in seen
    assert (False, False) in seen
    assert pair.lease()["leaseTransitions"] == before["leaseTransitions"] + 1


def test_who_was_frozen_for_longer_than_the_lease_writes_nothing(pair: Pair) -> None:
    from tests.e2e.records import untouched

    leader, standby = pair.led_by(pair.other)
    until(pair.settled, what="a floor")
    leader.await_ticks(1)
    before = writes(leader)
    leader.process.pause()
    try:
        pair.ask_for_more()
        until(lambda: standby.role() == "leads", what="another leads")
        until(pair.settled, what="a floor")
        standby.await_ticks(1)
    finally:
        with untouched(pair.hpa):
            leader.process.resume()
            until(lambda: leader.role() == "stands by", what="it sees that another leads")
            standby.await_ticks(2)

    assert writes(leader) == before
    assert writes(standby) >= 1


def test_after_a_kill_another_goes_on_and_nothing_is_written_twice(pair: Pair) -> None:
    from tests.e2e.records import Timeline

    leader, standby = pair.led_by(pair.wired)
    until(pair.settled, what="a floor")
    leader.await_ticks(1)
    before = writes(standby)
    with Timeline(lambda: pair.team.pools.floor(POOL)) as floors:
        leader.kill()
        pair.ask_for_more()
        until(pair.settled, what="a floor")
        standby.await_ticks(3)

    assert floors.values == sorted(floors.values)
    assert writes(standby) - before == len(floors.values) - 1
    assert pair.team.records.conditions(POOL)["ScalingActive"]["status"] == "True"


def test_who_is_asked_to_stop_hands_over_at_once(pair: Pair) -> None:
    leader, standby = pair.led_by(pair.other)
    before = pair.announced()
    standby.process.pause()
    try:
        assert leader.stop() == 0
        assert pair.lease()["holderIdentity"] == ""
    finally:
        standby.process.resume()
    until(lambda: standby.role() == "leads", what="another leads")

    until(lambda: pair.announced() > before, what="an event says so")
    assert standby.logged("error") == []

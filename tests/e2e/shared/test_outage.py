"""Prometheus fails while demand falls: whoever cannot see gives nothing back, and says so.

Both pools may release and would, eyes open: what is empty after the failure is given back then.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.servers.process import until

if TYPE_CHECKING:
    from tests.e2e.rig import Rig
    from tests.e2e.shared.stage import Stage
    from tests.servers.binaries import PrometheusBinaries
    from tests.servers.plane import ControlPlane

pytestmark = [pytest.mark.plane, pytest.mark.prometheus]

SERVERS, BUSY, EMPTY = 20, 1960.0, 150.0
STABILIZATION = 4
POOLS = ("floor", "size")
RELEASE = {
    "policy": "WhenEmpty",
    "stabilizationSeconds": STABILIZATION,
    "maxPercentPerMinute": 100,
}


class Fleet:
    """Two pools that read the same demand; each of its servers is a scrape target.

    So many that the ramp after an outage lets go of one within half a minute.
    """

    def __init__(self, team: Rig) -> None:
        self.team, self.demand = team, team.demand
        self.servers = self.demand.play("eu", BUSY, targets=SERVERS, room_total=1)
        self.demand.start()
        quick = {"initialSeconds": 5, "reviewSeconds": 1}
        team.pools.on_hpa("floor", reads="eu", release=RELEASE, leadTime=quick)
        team.pools.on_scale("size", reads="eu", release=RELEASE, leadTime=quick)
        self.operator = team.operator()

    def written(self) -> tuple[int, int]:
        """Return what the targets hold: the HPA's floor and the Deployment's size."""
        return self.team.pools.floor("floor"), self.team.pools.size("size")

    def fill(self) -> None:
        """Let every server be busy; return when all that is needed is ordered."""
        self.demand.set("eu", BUSY)
        for server in self.servers:
            server.set("livekit_room_total", 1)
        until(lambda: min(self.written()) >= SERVERS, what=f"{SERVERS} servers ordered")
        self.await_blind("False")

    def empty(self) -> None:
        """Let all but two servers be empty."""
        self.demand.set("eu", EMPTY)
        for server in self.servers[2:]:
            server.set("livekit_room_total", 0)

    def await_blind(self, status: str, reason: str | None = None) -> None:
        """Wait until both pools say so."""
        for pool in POOLS:
            self.team.records.await_condition(pool, "Blind", status, reason)

    def await_release(self) -> None:
        """Wait until both targets were lowered."""
        until(lambda: max(self.written()) < SERVERS, what="a release", timeout=90)

    def hold(self) -> None:
        """Let pass what would be enough for a release, in ticks and in time."""
        enough = time.monotonic() + 2 * STABILIZATION
        self.operator.await_ticks(2)
        until(lambda: time.monotonic() > enough, what="time to pass")


@contextlib.contextmanager
def stopped(fleet: Fleet) -> Iterator[None]:
    fleet.demand.prometheus.stop()
    try:
        yield
    finally:
        fleet.demand.prometheus.start()


@contextlib.contextmanager
def paused(fleet: Fleet) -> Iterator[None]:
    fleet.demand.prometheus.pause()
    try:
        yield
    finally:
        fleet.demand.prometheus.resume()


@contextlib.contextmanager
def half_lost(fleet: Fleet) -> Iterator[None]:
    lost = fleet.servers[::2]
    for server in lost:
        server.drop()
    try:
        yield
    finally:
        for server in lost:
            server.restore()


@pytest.fixture(scope="module")
def started(
    stage: Stage,
    plane: ControlPlane,
    prometheus_binaries: PrometheusBinaries,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Fleet]:
    """The fleet, on the stage's nodes, with a Prometheus of its own to break."""
    from tests.e2e.demand import played
    from tests.e2e.rig import rig

    folder = tmp_path_factory.mktemp("outage")
    with (
        played(prometheus_binaries, folder) as demand,
        rig(plane, folder, demand=demand, name="outage") as team,
    ):
        yield Fleet(team)


@pytest.fixture
def fleet(started: Fleet) -> Fleet:
    """The fleet with every server busy."""
    started.fill()
    return started


@pytest.mark.parametrize(
    ("failure", "reason", "says"),
    [
        (stopped, "Empty", "cannot be reached"),
        (paused, "Empty", "did not answer within"),
        (half_lost, "Partial", "of 20 known targets report, minTargetsPercent is 90"),
    ],
)
def test_nothing_falls_in_a_failure_and_everything_goes_on_after_it(
    fleet: Fleet,
    failure: Callable[[Fleet], contextlib.AbstractContextManager[None]],
    reason: str,
    says: str,
) -> None:
    from tests.e2e.records import Timeline

    with Timeline(fleet.written) as written:
        with failure(fleet):
            fleet.await_blind("True", reason)
            fleet.empty()
            fleet.hold()
            assert written.values == [(SERVERS, SERVERS)]
            blind = fleet.team.records.conditions("floor")["Blind"]
        fleet.await_blind("False")
        fleet.await_release()

    assert says in blind["message"]
    assert "nothing is released until demand can be trusted again" in blind["message"]


@pytest.mark.parametrize("asked", [True, False])
def test_an_operator_restarted_in_an_outage_goes_on_from_what_it_kept(
    fleet: Fleet, asked: bool
) -> None:
    with stopped(fleet):
        fleet.await_blind("True", "Empty")
        fleet.empty()
        if asked:
            assert fleet.operator.stop() == 0
        else:
            fleet.operator.kill()
        fleet.operator.start()
        fleet.hold()

        assert fleet.written() == (SERVERS, SERVERS)
        for pool in POOLS:
            conditions = fleet.team.records.conditions(pool)
            assert conditions["Blind"]["status"] == "True"
            assert conditions["ScalingActive"]["status"] == "True"

    fleet.await_blind("False")
    fleet.await_release()


def test_an_operator_that_starts_blind_and_without_state_writes_nothing(fleet: Fleet) -> None:
    from tests.autoscaler.kube.cluster import APPS, AUTOSCALING
    from tests.e2e.records import untouched

    cluster = fleet.team.cluster
    with (
        untouched(lambda: cluster.get(AUTOSCALING, "horizontalpodautoscalers", "floor")),
        untouched(lambda: cluster.get(APPS, "deployments", "size")),
        stopped(fleet),
    ):
        assert fleet.operator.stop() == 0
        fleet.team.forget_state()
        fleet.empty()
        fleet.operator.start()
        for pool in POOLS:
            fleet.team.records.await_condition(pool, "ScalingActive", "False", "BlindWithoutState")
        fleet.hold()

    fleet.await_blind("False")
    for pool in POOLS:
        fleet.team.records.await_condition(pool, "ScalingActive", "True")
    assert fleet.operator.logged("error") == []

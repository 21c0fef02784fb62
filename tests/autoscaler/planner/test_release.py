"""How 10 servers in force become the 4 that are needed, where release is on."""

from dataclasses import replace

import pytest

from autoscaler.planner.case import Case
from autoscaler.planner.guards.release import stabilization_seconds
from autoscaler.planner.inventory import Controls, Freeze, Inventory
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.refusals import Refusals
from tests.autoscaler.planner.cases import case, guarded, state
from tests.autoscaler.planner.examples import MIDNIGHT, pool, releasing, servers


def falling(rate: float = 100.0, **changes: object) -> Case:
    """4 are needed for long, and nothing but `changes` is in the way."""
    return case(4, settings=pool(release=releasing(max_percent_per_minute=rate)), **changes)  # type: ignore[arg-type]


def refused(seconds: int, *, ago: int) -> Refusals:
    """Joins were refused for so many seconds, the last of them so long ago."""
    return Refusals(since=MIDNIGHT - ago - seconds, last=MIDNIGHT - ago)


@pytest.mark.parametrize(
    ("given", "floor", "codes"),
    [
        (falling(), 4, []),
        (case(4), 10, [ReasonCode.RELEASE_NEVER]),
        (falling(peaks=((MIDNIGHT - 600, 7),)), 7, [ReasonCode.STABILIZING]),
        (falling(peaks=((MIDNIGHT - 600, 50),)), 10, [ReasonCode.STABILIZING]),
        (falling(inventory=servers(10, occupied=6)), 6, [ReasonCode.OCCUPIED]),
        (falling(rate=20.0), 8, [ReasonCode.RELEASE_RATE]),
        # 5 % of 10 servers is half of one: one goes, once a minute has passed twice
        (falling(rate=5.0), 9, [ReasonCode.RELEASE_RATE]),
        (falling(rate=5.0, state=state(released_at=MIDNIGHT - 119)), 10, [ReasonCode.RELEASE_RATE]),
        (falling(rate=5.0, state=state(released_at=MIDNIGHT - 120)), 9, [ReasonCode.RELEASE_RATE]),
        # after blindness or a restart, only what was seen for the whole window counts
        (falling(state=state(sighted_at=MIDNIGHT - 600)), 10, [ReasonCode.RECOVERING]),
        # ... and for an hour after that no more than 10 % a minute, whatever the owner allows
        (falling(state=state(recovered_at=MIDNIGHT - 4000)), 9, [ReasonCode.RECOVERY_RAMP]),
        (falling(5.0, state=state(recovered_at=MIDNIGHT - 4000)), 9, [ReasonCode.RELEASE_RATE]),
        (falling(state=state(recovered_at=MIDNIGHT - 5600)), 4, []),
        # what the glide path granted already is not asked for again
        (
            falling(
                rate=5.0,
                state=state(released_at=MIDNIGHT),
                inventory=replace(servers(10, occupied=4), let_go=2),
            ),
            8,
            [ReasonCode.RELEASE_RATE],
        ),
        # meetings would end, whoever is chosen
        (
            falling(inventory=replace(servers(10), unsafe="pods are ended after 30 s")),
            10,
            [ReasonCode.RELEASE_UNSAFE],
        ),
        # some were refused: what is not needed by those who came in says nothing
        (falling(censored=True), 10, [ReasonCode.CENSORED_DEMAND]),
        # not one more or less, while demand should move: an exporter that hangs
        (falling(hangs=True), 10, [ReasonCode.STANDS_STILL]),
        # ... and for as long again, but an hour, they are on their way back
        (falling(state=state(refusals=refused(1200, ago=1199))), 10, [ReasonCode.RETURNING]),
        (falling(state=state(refusals=refused(1200, ago=1200))), 4, []),
        (falling(state=state(refusals=refused(7200, ago=3599))), 10, [ReasonCode.RETURNING]),
        (falling(state=state(refusals=refused(7200, ago=3600))), 4, []),
        # nobody can say what is there
        (falling(inventory=replace(servers(10), known=False)), 10, [ReasonCode.BLIND_HOLD]),
        (falling(inventory=servers(3, floor=10, occupied=5)), 10, [ReasonCode.BLIND_HOLD]),
        (
            falling(controls=Controls(freeze=Freeze.RELEASE, freeze_until=MIDNIGHT + 1)),
            10,
            [ReasonCode.FROZEN],
        ),
    ],
)
def test_each_rule_of_release(given: Case, floor: int, codes: list[ReasonCode]) -> None:
    assert guarded(given) == (floor, codes)


def test_more_occupied_than_in_force_raises_nothing() -> None:
    busy = Inventory(floor=10, ready=15, pending=0, draining=0, occupied=14)
    assert guarded(falling(inventory=busy))[0] == 10


def test_pools_do_not_all_fall_at_once() -> None:
    names = [f"media/pool-{i}" for i in range(50)]
    waits = {stabilization_seconds(pool(name, release=releasing())) for name in names}
    assert min(waits) >= 1800
    assert max(waits) <= 1980
    assert len(waits) > 25

"""The cases of jitsi-autoscaler's src/test/autoscaler.ts, and its production settings."""

import pytest

from simulations.policies.jitsi import Group, Jitsi
from simulations.policy import Policy, Removal
from tests.simulations.policies.views import START, at, facts, pool, seen


def group(periods: list[float], *, most: int = 2, least: int = 1, **changes: float) -> Group:
    settings: dict[str, float] = {"up": 0.8, "down": 0.3} | changes
    return Group(
        least=least,
        most=most,
        quantity=int(settings.get("quantity", 1)),
        up=settings["up"],
        down=settings["down"],
        periods=periods,
    )


@pytest.mark.parametrize(
    ("made", "count", "desired"),
    [
        pytest.param(group([1.0, 1.0]), 1, 2, id="scale up when the threshold is exceeded"),
        pytest.param(group([0.5, 0.5]), 1, 1, id="skip scaling up when it is not"),
        pytest.param(group([0.8, 0.8]), 1, 2, id="at the threshold is above it"),
        pytest.param(group([0.1] * 10, least=0), 1, 0, id="scale down when it is not met"),
        pytest.param(group([0.5] * 10, least=0), 1, 1, id="skip scaling down when it is"),
        pytest.param(group([1.0] * 3, quantity=5), 1, 2, id="to the maximum and not higher"),
        pytest.param(group([1.0] * 3, most=1), 1, 1, id="the maximum was reached"),
        pytest.param(group([1.0, 0.1]), 1, 1, id="all of the last two periods must exceed it"),
        pytest.param(group([0.1] * 9 + [0.5], least=0), 1, 1, id="all of the last ten"),
        pytest.param(group([float("nan")] * 10, least=0), 1, 1, id="no metrics, no change"),
    ],
)
def test_decides_as_the_source(made: Group, count: int, desired: int) -> None:
    assert made.step(count=count, pending=0, now=START) == desired


def test_waits_for_the_launcher() -> None:
    assert group([1.0, 1.0]).step(count=1, pending=1, now=START) == 1


def test_a_grace_period_follows_each_change() -> None:
    made = group([1.0, 1.0], most=9)
    times = (START, START + 30, START + 599, START + 600)

    assert [made.step(count=1, pending=0, now=now) for now in times] == [2, 1, 1, 2]


def test_grows_by_a_step_after_two_full_periods_of_stress() -> None:
    """Half full is stress 0.5, above 0.3; a fleet of 16 changes by 2."""
    policy: Policy = Jitsi()
    policy.reset(facts(pool(), size=16))
    sizes = [
        policy.decide(at(START + 30 * job, seen(800.0, ready=16))).pools[0].size for job in range(5)
    ]

    assert policy.removal is Removal.EMPTY
    assert sizes == [16, 16, 18, 16, 16]


def test_a_metrics_outage_removes_nothing() -> None:
    policy = Jitsi()
    policy.reset(facts(pool(), size=16))
    sizes = {
        policy.decide(at(START + 30 * job, seen(None, ready=16))).pools[0].size for job in range(60)
    }

    assert sizes == {16}

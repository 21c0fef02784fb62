"""What forbids a write, and what does not."""

from dataclasses import replace

import pytest

from autoscaler.controller.act import intend
from autoscaler.controller.times import moment
from autoscaler.engine.decision import Action, PoolDecision
from autoscaler.leadtime.values import LeadTime
from autoscaler.planner.inventory import Allowance, Controls, Freeze
from autoscaler.ports.fleet import PoolSnapshot, Refusal, RefusalCode
from tests.autoscaler.controller.fakes import START, sfupool, snapshot

ALLOWED = Allowance(up_to=10.0, max_hourly_cost=None, until=START + 60)
FROZEN = Controls(freeze=Freeze.ALL, freeze_until=START + 60)
REFUSED = Refusal(RefusalCode.TARGET_PAUSED, "paused")


def decision(floor: int, *, action: Action = Action.RAISE) -> PoolDecision:
    return PoolDecision(
        pool="media/eu",
        action=action,
        need=floor,
        floor=floor,
        previous=2,
        blind=False,
        surge=False,
        lead_time=LeadTime(p50_seconds=60.0, p95_seconds=90.0, samples=0),
        forecast_mode=None,
        demand_at_quantile=None,
        reasons=(),
    )


@pytest.mark.parametrize(
    ("mode", "controls", "refusal", "trusted", "held"),
    [
        ("Act", Controls(), None, True, None),
        ("Observe", Controls(), None, True, "ModeObserve"),
        ("Recommend", Controls(), None, True, "ModeRecommend"),
        ("Recommend", Controls(allowance=ALLOWED), None, True, None),
        (
            "Recommend",
            Controls(allowance=replace(ALLOWED, until=START)),
            None,
            True,
            "ModeRecommend",
        ),
        (
            "Recommend",
            Controls(allowance=replace(ALLOWED, up_to=9.0)),
            None,
            True,
            "ModeRecommend",
        ),
        ("Act", FROZEN, None, True, "Frozen"),
        ("Act", replace(FROZEN, freeze_until=START), None, True, None),
        ("Act", replace(FROZEN, freeze=Freeze.RELEASE), None, True, None),
        ("Act", Controls(), None, False, "BlindWithoutState"),
        ("Act", Controls(), REFUSED, True, "TargetPaused"),
    ],
)
def test_a_hold_has_its_reason_and_nothing_is_written(
    mode: str, controls: Controls, refusal: Refusal | None, trusted: bool, held: str | None
) -> None:
    pool = snapshot(sfupool(mode=mode), refusal=refusal)

    intent = intend(pool, decision(10), controls=controls, trusted=trusted, now=START)

    assert (None if intent.hold is None else intent.hold.reason) == held
    assert (intent.write is None) == (held is not None)


def test_an_approval_lowers_nothing() -> None:
    pool = snapshot(sfupool(mode="Recommend"), value=10)

    intent = intend(
        pool,
        decision(6, action=Action.RELEASE),
        controls=Controls(allowance=ALLOWED),
        trusted=True,
        now=START,
    )

    assert intent.hold is None
    assert intent.write is None


def test_a_pool_that_is_being_deleted_is_left_alone() -> None:
    pool = sfupool()
    leaving = pool.metadata.model_copy(update={"deletion_timestamp": moment(START)})
    seen = snapshot(pool.model_copy(update={"metadata": leaving}))

    intent = intend(seen, decision(10), controls=Controls(), trusted=True, now=START)

    assert intent.hold is not None
    assert intent.hold.reason == "Deleting"


def unowned(value: int) -> PoolSnapshot:
    pool = snapshot(sfupool(), value=value)
    assert pool.target is not None
    return replace(pool, target=replace(pool.target, ours=False))


def test_a_number_that_is_there_already_is_not_written_again() -> None:
    pool = snapshot(sfupool(), value=10)

    assert intend(pool, decision(10), controls=Controls(), trusted=True, now=START).write is None


def test_a_number_that_is_there_but_not_ours_is_written_once_to_own_it() -> None:
    intent = intend(unowned(10), decision(10), controls=Controls(), trusted=True, now=START)

    assert intent.write is not None
    assert (intent.write.number, intent.write.adopting) == (10, True)


def test_a_lower_floor_is_written_only_as_a_release() -> None:
    pool = snapshot(sfupool(), value=10)

    held = intend(pool, decision(6), controls=Controls(), trusted=True, now=START)
    released = intend(
        pool,
        decision(6, action=Action.RELEASE),
        controls=Controls(),
        trusted=True,
        now=START,
    )

    assert held.write is None
    assert released.write is not None
    assert released.write.number == 6

"""What would be ordered when, in a world that can be computed by hand."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest
import yaml

from autoscaler.controller.memory import Memory
from autoscaler.controller.observe import observe_pool
from autoscaler.engine.codec import canonical
from autoscaler.engine.decision import Step
from autoscaler.engine.step import step
from autoscaler.planner.settings import PoolSettings
from autoscaler.ports.demand import Reading
from autoscaler.whatif.answer import Answer, pool_steps
from autoscaler.whatif.changes import parse_changes
from autoscaler.whatif.decide import answer
from tests.autoscaler.controller.fakes import snapshot
from tests.autoscaler.whatif.worlds import EVENT, LINK, NOW, POOL, past, world

ZONES = "pools.eu.spec.reserve={zones: 3, zonesLost: 1}"


def ask(*assignments: str, what_ifs: tuple[str, ...] = (), text: str | None = None) -> Answer:
    imagined = world(*assignments) if text is None else world(*assignments, text=text)
    changes = parse_changes(what_ifs, pools=imagined.pools, now=NOW)
    return answer(imagined, past(), changes, now=NOW)


def codes(found: Step) -> list[str]:
    return [reason.code.value for reason in found.reasons]


def test_the_decision_is_the_engines_own_for_the_same_observation() -> None:
    found = ask("pools.eu.mix.egressMbps=2", what_ifs=("10x@20:00+8h",))
    again, _ = step(found.observation, found.before)
    assert canonical(again) == canonical(found.decision)


def test_a_pool_is_observed_as_the_operator_observes_it() -> None:
    found = ask("pools.eu.inventory.ready=12")
    (ours,), pool = found.observation.pools, world().pools[0]
    theirs = observe_pool(
        snapshot(pool, value=12, ready=12),
        Reading(demand=ours.demand),
        memory=Memory(),
        measured=None,
        plans=(),
        now=NOW,
    )
    assert isinstance(ours.settings, PoolSettings)
    assert (ours.settings, ours.demand, ours.controls) == (
        theirs.settings,
        theirs.demand,
        theirs.controls,
    )
    assert ours.inventory == theirs.inventory


def test_without_a_what_if_a_pool_stands_where_it_needs_to() -> None:
    (pool,) = ask().pools
    assert pool.decision.previous == pool.decision.floor == pool.decision.need
    assert pool.notes == (
        f"taken to stand at {pool.decision.need} servers, what it needs without any what-if",
    )


def test_an_event_is_ordered_as_fast_as_the_supplier_launches() -> None:
    (pool,) = ask(what_ifs=("10x@12:00+1h",)).pools
    steps = pool.steps
    assert steps[-1].to > 80
    for before, after in pairwise(steps):
        assert after.from_ == before.to
        assert after.at >= before.at
    rise = max(steps, key=lambda each: each.to - each.from_)
    batch = rise.to - rise.from_
    # ten launched a minute, P95 of the lead time, one look of a minute: the last serves by noon
    assert rise.ready_at == NOW + 3600
    lead = pool.decision.lead_time.p95_seconds
    assert rise.at == rise.ready_at - math.ceil(lead + 60 + 6 * batch)
    assert all(each.approve_by is None for each in steps)


def test_an_event_that_is_too_near_is_cut_by_the_launch_rate_now_and_goes_on() -> None:
    (pool,) = ask(what_ifs=("10x@11:00+1h",)).pools
    first = pool.steps[0]
    assert (first.at, first.to - first.from_) == (NOW, 20.0)  # the burst
    assert "LaunchRate" in codes(first)
    assert pool.steps[1].from_ == first.to


def test_what_blocks_a_later_step_is_named_and_what_must_be_approved_has_its_date() -> None:
    (pool,) = ask(
        "pools.eu.spec.maxReplicas=60",
        "pools.eu.spec.approval={aboveReplicas: 30}",
        what_ifs=("10x@14:00+2h",),
    ).pools
    last = pool.steps[-1]
    assert last.to == 60.0
    assert codes(last) == ["ForecastNeed", "MaxReplicas"]
    assert last.approve_by == last.at < NOW + 3 * 3600
    assert [limit.name for limit in pool.decision.limits] == ["maxReplicas"]


def test_an_announced_event_of_the_resources_counts_too() -> None:
    (plain,), (doubled,) = (
        ask(text=yaml.safe_dump_all(documents)).pools
        for documents in ([POOL, LINK], [POOL, LINK, EVENT])
    )
    assert max(each.to for each in doubled.steps) > 1.5 * plain.decision.floor


def test_a_lost_zone_takes_its_servers_and_leaves_demand() -> None:
    (pool,) = ask(ZONES, "pools.eu.inventory.ready=20", what_ifs=("loss:zone=b",)).pools
    assert pool.observed.inventory.ready == 13  # of 7 + 7 + 6 the fullest is gone
    assert pool.notes == ("zone b of 3 takes 7 servers; the 13 left hold 1,300 participants",)
    assert pool.observed.demand == ask().pools[0].observed.demand
    assert pool.steps[0].from_ == 13.0


def test_a_pool_of_one_zone_beside_others_says_that_it_loses_none() -> None:
    other = {**POOL, "metadata": {"name": "us", "namespace": "media"}}
    imagined = world(ZONES, text=yaml.safe_dump_all([POOL, other, LINK]))
    changes = parse_changes(["loss:zone=b"], pools=imagined.pools, now=NOW)
    _, us = answer(imagined, past(("media/eu", "media/us")), changes, now=NOW).pools
    assert us.notes[-1] == "has one zone only (spec.reserve.zones): nothing is taken from it"


def test_a_link_is_ordered_by_its_tiers_and_priced_by_its_bill() -> None:
    billed = "links.transit.spec.billing.model=Committed"
    (link,) = ask("pools.eu.mix.egressMbps=2", billed, what_ifs=("10x@14:00+8h",)).links
    assert link.quantile == 0.95
    assert link.observed.used_mbps is not None
    top = link.steps[0]
    assert top.to > 5000.0
    assert top.approve_by == NOW  # a day's lead time, and the event is today
    assert link.cost is not None
    assert link.cost.reactive_only > 0.0


def test_a_link_whose_traffic_nobody_knows_says_so() -> None:
    (link,) = ask().links
    assert link.observed.silence == "nobody knows what a participant of eu is sent"
    assert (link.observed.used_mbps, link.cost) == (None, None)


def test_what_is_planned_is_never_cheaper_than_following() -> None:
    (pool,) = ask(what_ifs=("10x@20:00+8h",)).pools
    assert pool.cost is not None
    assert pool.cost.planned >= pool.cost.reactive_only > 0.0


def test_demand_that_is_not_known_decides_nothing() -> None:
    imagined = world()
    blind = past()
    blind.values[:, -1] = math.nan
    blind = replace(blind, states=blind.states)
    blind.states[:, -1] = 2
    found = answer(imagined, blind, parse_changes((), pools=imagined.pools, now=NOW), now=NOW)
    (pool,) = found.pools
    assert pool.decision.blind
    assert pool.steps == ()


def test_rises_go_on_from_what_an_approval_due_now_would_give() -> None:
    decided = ask("pools.eu.spec.approval={aboveReplicas: 12}").pools[0].decision
    floor = float(decided.floor)

    def rise(from_: float, to: float, at: int) -> Step:
        return Step(
            at=at,
            ready_at=at + 900,
            target="media/eu",
            from_=from_,
            to=to,
            reasons=(),
            approve_by=at,
        )

    later = (rise(floor, floor + 5, NOW + 900), rise(floor + 5, floor + 20, NOW + 1800))
    asked = replace(decided, approval=rise(floor, floor + 8, NOW), steps=later)
    found = pool_steps(asked, now=NOW)
    assert [(each.from_ - floor, each.to - floor) for each in found] == [(0.0, 8.0), (8.0, 20.0)]
    assert [each.at for each in found] == [NOW, NOW + 1800]


@pytest.mark.parametrize("days", [3])
def test_a_short_history_is_shown_and_not_acted_on(days: int) -> None:
    imagined = world()
    changes = parse_changes((), pools=imagined.pools, now=NOW)
    (pool,) = answer(imagined, past(days=days + 3), changes, now=NOW).pools
    assert "ForecastNotTrusted" in [reason.code.value for reason in pool.decision.reasons]
    assert pool.steps == ()

"""Whole runs: same bytes for the same seed, and what must hold of any policy."""

import json
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import pytest

from autoscaler.errors import SpecError
from simulations.policies.clairvoyant import Clairvoyant
from simulations.policy import Orders, PolicyView, Removal, WorldFacts
from simulations.result import ScenarioResult
from simulations.run import run, run_policies
from simulations.scenario.schema import Scenario
from tests.simulations.small import link, pool, scenario, surge, through_link


@dataclass
class Following:
    """Asks for what demand showed last, and a margin."""

    margin: float = 1.3
    name: str = "following"
    period_seconds: int = 60
    removal: Removal = Removal.EMPTY
    views: list[PolicyView] = field(default_factory=list)

    def reset(self, facts: WorldFacts) -> None:
        self.views.clear()

    def decide(self, view: PolicyView) -> Orders:
        self.views.append(view)
        return Orders.of(
            seen.size
            if seen.demand.participants is None
            else int(seen.demand.participants * self.margin / 280) + 1
            for seen in view.pools
        )


def ticking() -> float:
    return 0.0


def replayed(plan: Scenario, *others: Following) -> ScenarioResult:
    return run_policies(plan, (*others, Clairvoyant()), clock=ticking)


GROWING = scenario(pools=[pool(demand=surge(5.0))])


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, other = replayed(GROWING, Following()), replayed(GROWING, Following())

    assert one.to_json() == other.to_json()
    for mine, theirs in zip(one.timelines["following"], other.timelines["following"], strict=True):
        assert mine.present.tobytes() == theirs.present.tobytes()


def test_another_seed_is_another_night() -> None:
    one = run_policies(GROWING, [Clairvoyant()], clock=ticking, seed=8)

    assert one.seed == 8
    assert one.to_json() != run_policies(GROWING, [Clairvoyant()], clock=ticking, seed=9).to_json()


def test_a_policy_does_not_change_latent_demand() -> None:
    result = replayed(GROWING, Following(), Following(margin=0.2, name="stingy"))

    stingy, generous = (result.timelines[name][0] for name in ("stingy", "following"))
    assert stingy.demand.tobytes() == generous.demand.tobytes()
    assert stingy.joins.tobytes() == generous.joins.tobytes()
    assert stingy.blocked.sum() > 0
    assert stingy.present.sum() < generous.present.sum()


def test_the_bound_has_the_least_shortage_and_nobody_is_as_good_for_less() -> None:
    result = replayed(GROWING, Following(), Following(margin=3.0, name="lavish"))
    bound = result.policies["clairvoyant"]

    for other in result.policies.values():
        assert other.shortage_node_minutes >= bound.shortage_node_minutes
        assert other.unavoidable_shortage_node_minutes == bound.shortage_node_minutes
        if other.shortage_node_minutes == bound.shortage_node_minutes:
            assert other.node_hours >= bound.node_hours
    assert bound.node_hours_vs_bound == 1.0


def test_the_metrics_show_what_was_admitted_not_what_was_wanted() -> None:
    stingy = Following(margin=0.2, name="stingy")
    result = replayed(GROWING, stingy)

    seen = stingy.views[-1].pools[0].demand.participants
    assert seen is not None
    assert seen < 0.5 * result.timelines["stingy"][0].demand[-1]
    assert stingy.views[-1].pools[0].demand.refused > 0


def test_history_comes_at_first_and_with_each_quarter_hour() -> None:
    policy = Following()
    replayed(GROWING, policy)

    with_history = [view for view in policy.views if view.history is not None]
    assert with_history[0] is policy.views[0]
    assert len(with_history) == 1 + 4 * 4 - 1
    for view in with_history[1:]:
        assert view.history is not None
        assert 0 <= view.now - view.history.end < 900


def test_a_period_shorter_than_a_tick_sees_every_moment() -> None:
    policy = Following(period_seconds=15)
    replayed(scenario(), policy)

    moments = [view.now for view in policy.views]
    assert moments == list(range(moments[0], moments[0] + 4 * 3600, 15))


def test_nothing_is_read_while_prometheus_is_silent() -> None:
    fault = {
        "name": "dark",
        "kind": "NoData",
        "start": "2026-03-02T13:00:00",
        "durationSeconds": 1200,
    }
    policy = Following()
    result = replayed(scenario(faults=[fault]), policy)

    dark = [view for view in policy.views if view.pools[0].demand.participants is None]
    assert len(dark) == 20
    assert all(view.pools[0].occupied == view.pools[0].ready for view in dark)
    assert result.timelines["following"][0].no_data.sum() == 20
    assert [mark.label for mark in result.marks] == ["dark"]


def test_releases_while_blind_are_counted_in_servers() -> None:
    @dataclass
    class Careless(Following):
        removal: Removal = Removal.REPLICA_SET
        name: str = "careless"

        def decide(self, view: PolicyView) -> Orders:
            return Orders.of(8 if seen.demand.participants is None else 20 for seen in view.pools)

    fault = {
        "name": "dark",
        "kind": "NoData",
        "start": "2026-03-02T13:00:00",
        "durationSeconds": 1200,
    }
    result = replayed(scenario(faults=[fault]), Careless())

    assert result.policies["careless"].releases_while_blind == 12


def test_a_short_grace_period_kills_meetings_that_then_rejoin() -> None:
    hasty = pool(demand=surge(1.0))
    hasty["resource"]["spec"]["server"]["terminationGracePeriodSeconds"] = 60

    @dataclass
    class Shrinking(Following):
        removal: Removal = Removal.REPLICA_SET
        name: str = "shrinking"
        sizes: "count[int]" = field(default_factory=lambda: count(40, -1))

        def decide(self, view: PolicyView) -> Orders:
            return Orders.of(max(next(self.sizes), 12) for _ in view.pools)

    result = replayed(scenario(pools=[hasty]), Shrinking())

    assert result.policies["shrinking"].meetings_killed > 10


def test_the_json_has_exactly_the_published_keys() -> None:
    document = json.loads(replayed(GROWING, Following()).to_json())

    assert set(document) == {
        "scenario",
        "seed",
        "simulated_seconds",
        "wall_seconds",
        "assertions",
        "policies",
    }
    assert set(document["policies"]["following"]) == {
        "blocked_joins_pct",
        "degraded_participant_minutes",
        "shortage_node_minutes",
        "unavoidable_shortage_node_minutes",
        "avoidable_shortage_node_minutes",
        "longest_shortage_minutes",
        "lead_margin_p5_seconds",
        "idle_node_hours",
        "node_hours",
        "node_hours_vs_bound",
        "peak_nodes",
        "releases_while_blind",
        "meetings_killed",
        "meetings_lost",
        "link_cost",
        "thinned_participant_minutes",
        "approvals",
        "approval_wait_hours",
        "cost",
        "elasticity",
    }


def test_cost_is_node_hours_at_the_price_of_a_server() -> None:
    dear = pool()
    dear["resource"]["spec"]["server"]["hourlyCost"] = "2.5"

    result = replayed(scenario(pools=[dear])).policies["clairvoyant"]

    assert result.cost == pytest.approx(2.5 * result.node_hours)


def test_shortage_is_what_is_required_and_not_ready() -> None:
    result = replayed(GROWING, Following(margin=0.5))
    timeline = result.timelines["following"][0]

    short = np.maximum(timeline.required - timeline.ready, 0).sum()
    assert result.policies["following"].shortage_node_minutes == short > 0


def test_an_unknown_policy_is_named() -> None:
    with pytest.raises(SpecError, match=r"'hpb' is unknown .*: must be one of meetscale, hpa,"):
        run(GROWING, clock=ticking, names=["hpb"])


def test_progress_is_told_from_beginning_to_end() -> None:
    told: list[tuple[str, float]] = []
    run_policies(
        scenario(), [Clairvoyant()], clock=ticking, progress=lambda *told_: told.append(told_)
    )

    assert told[0] == ("clairvoyant", 0.0)
    assert told[-1] == ("clairvoyant", 1.0)


def fault(kind: str, **fields: object) -> dict[str, object]:
    return {"name": "fault", "kind": kind, "start": "2026-03-02T13:00:00"} | fields


def test_a_lost_zone_ends_meetings_that_no_release_killed_and_people_rejoin() -> None:
    plan = scenario(faults=[fault("ZoneLoss", share=0.3)])

    result = replayed(plan, Following())

    ours = result.policies["following"]
    assert ours.meetings_lost > 10
    assert ours.meetings_killed == 0
    timeline = result.timelines["following"][0]
    assert timeline.ready[60] < timeline.ready[59]
    assert timeline.ready[75] >= timeline.ready[59], "what was lost is replaced"
    assert ours.shortage_node_minutes >= ours.unavoidable_shortage_node_minutes


def test_a_reclaimed_server_is_paid_for_until_its_notice_is_over() -> None:
    plan = scenario(faults=[fault("SpotReclaim", share=0.3, noticeSeconds=300)])

    timeline = replayed(plan, Following()).timelines["following"][0]

    assert timeline.draining[60:65].min() > 0
    assert timeline.draining[65] == 0


@pytest.mark.parametrize(
    "kind",
    [
        fault("StockOut", durationSeconds=1800),
        fault("SlowBoot", durationSeconds=3600, factor=5),
        fault("BootFailure", durationSeconds=3600, share=0.8),
    ],
    ids=lambda kind: str(kind["kind"]),
)
def test_a_supplier_that_fails_during_a_surge_makes_a_shortage(kind: dict[str, object]) -> None:
    calm = replayed(GROWING, Following()).policies["following"]

    plan = scenario(pools=[pool(demand=surge(5.0))], faults=[kind])
    troubled = replayed(plan, Following()).policies["following"]

    assert troubled.shortage_node_minutes > 2 * calm.shortage_node_minutes + 60
    assert troubled.shortage_node_minutes >= troubled.unavoidable_shortage_node_minutes


def test_a_quota_is_never_exceeded_and_nobody_can_help_it() -> None:
    supply = {"quota": [{"start": "2026-03-02T12:00:00", "servers": 20}], "initialServers": 15}
    plan = scenario(pools=[pool(demand=surge(5.0), supply=supply)])

    result = replayed(plan, Following())

    timeline = result.timelines["following"][0]
    assert timeline.ready.max() == 20
    assert result.policies["clairvoyant"].shortage_node_minutes > 0


def test_failing_logins_refuse_joins_and_block_none() -> None:
    plan = scenario(faults=[fault("JoinsFail", durationSeconds=1200)])

    result = replayed(plan, Following())

    # a fifth of all joins fails; blocked are the few whose room was too large when all came back
    assert result.policies["following"].blocked_joins_pct < 0.05
    present = result.timelines["following"][0].present
    assert present[79] < 0.9 * present[59]


SLOW = surge(3.0, ramp=3 * 3600)


def test_a_link_that_nobody_orders_thins_video_and_then_refuses_people() -> None:
    plan = scenario(pools=[through_link(demand=SLOW)], links=[link()])

    result = replayed(plan, Following())

    ours = result.policies["following"]
    assert ours.thinned_participant_minutes > 0
    assert ours.blocked_joins_pct > 0
    assert ours.approvals == 0
    (timeline,) = result.link_timelines["following"]
    assert timeline.carried.max() == 6000.0
    assert timeline.wanted.max() > 10_000.0
    assert result.policies["clairvoyant"].thinned_participant_minutes == 0


def test_meetscale_asks_for_the_link_and_people_approve() -> None:
    plan = scenario(pools=[through_link(demand=SLOW)], links=[link()])

    result = run(plan, names=["meetscale"], clock=ticking)

    ours = result.policies["meetscale"]
    assert ours.approvals > 0
    assert 0.05 < ours.approval_wait_hours / ours.approvals < 0.5
    (timeline,) = result.link_timelines["meetscale"]
    assert timeline.bought.max() > 10_000.0
    assert timeline.carried.max() > 9000.0
    nodes = ours.node_hours * 1.0
    assert ours.cost == pytest.approx(nodes + ours.link_cost)


def test_a_pool_asks_above_its_threshold_and_goes_on_once_somebody_answers() -> None:
    asking = pool(demand=surge(4.0, ramp=3600))
    asking["resource"]["spec"]["approval"] = {"aboveReplicas": 14}
    plan = scenario(pools=[asking], answers={"p50Seconds": 600, "p95Seconds": 900})

    result = run(plan, names=["meetscale"], clock=ticking)

    assert result.policies["meetscale"].approvals > 0
    assert result.timelines["meetscale"][0].floor.max() > 30


@pytest.mark.parametrize("period", [15, 60, 4200])
def test_people_look_after_links_however_often_a_policy_decides(period: int) -> None:
    by_hand = {"byHand": {"everySeconds": 1800, "marginPercent": 50}}
    plan = scenario(pools=[through_link(demand=SLOW)], links=[link() | by_hand])

    result = replayed(plan, Following(margin=3.0, period_seconds=period))

    (timeline,) = result.link_timelines["following"]
    assert timeline.bought[0] == 6000.0
    assert timeline.bought[-1] > 9000.0
    assert result.policies["following"].approvals > 1


def test_a_pool_that_only_observes_is_replayed_as_if_it_acted() -> None:
    observing = pool(demand=surge(4.0))
    observing["resource"]["spec"]["mode"] = "Observe"
    acting = scenario(pools=[pool(demand=surge(4.0))])

    told, known = (
        run(plan, names=["meetscale"], clock=ticking)
        for plan in (scenario(pools=[observing]), acting)
    )

    assert told.to_json() == known.to_json()
    told_why, known_why = (each.timelines["meetscale"][0].reasons for each in (told, known))
    assert told_why == known_why

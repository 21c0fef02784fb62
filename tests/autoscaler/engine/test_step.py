"""Whole ticks: what is decided, what is remembered, and why."""

from dataclasses import replace

import pytest

from autoscaler.engine.codec import decode_state, encode_state
from autoscaler.engine.config import EngineConfig
from autoscaler.engine.decision import Action, Decision, PoolDecision
from autoscaler.engine.observation import DemandState, Observation
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.planner.inventory import Controls, Inventory
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.settings import Mode, OnExceeded
from tests.autoscaler.planner.cases import allowance
from tests.autoscaler.planner.examples import (
    MIDNIGHT,
    QUARTER,
    forecast,
    limits,
    pool,
    releasing,
    seen,
    servers,
    tick,
)


def only(decision: Decision) -> PoolDecision:
    (decided,) = decision.pools
    return decided


def codes(decided: PoolDecision) -> list[ReasonCode]:
    return [reason.code for reason in decided.reasons]


def after(*observations: Observation, state: State | None = None) -> tuple[PoolDecision, State]:
    """Take ticks one after another; return the last decision."""
    state = state or State.empty()
    for observation in observations:
        decision, state = step(observation, state)
    return only(decision), state


def knowing(*path: float, spread: float = 0.0) -> State:
    return replace(State.empty(), forecast=forecast({"media/eu": path}, spread=spread))


class TestFirstSight:
    def test_what_is_there_is_the_floor_and_never_lowered(self) -> None:
        settings = pool(release=releasing(stabilization_seconds=0))
        decided, _ = after(tick(MIDNIGHT, seen(settings, servers(30), participants=100.0)))
        assert (decided.action, decided.floor) == (Action.HOLD, 30)

    def test_a_target_without_a_number_stands_for_what_exists(self) -> None:
        unwritten = Inventory(floor=None, ready=8, pending=3, draining=5, occupied=8)
        decided, _ = after(tick(MIDNIGHT, seen(pool(), unwritten, participants=100.0)))
        assert (decided.action, decided.floor) == (Action.HOLD, 11)

    @pytest.mark.parametrize("participants", [None, 0.0, 5000.0])
    def test_blind_without_memory_nothing_is_decided(self, participants: float | None) -> None:
        settings = pool(limits=limits(min_servers=50))
        blind = seen(settings, servers(8), participants=participants, state=DemandState.STALE)
        decided, state = after(tick(MIDNIGHT, blind), state=knowing(9000.0))
        assert (decided.action, decided.floor, decided.blind) == (Action.HOLD, 8, True)
        assert codes(decided) == [ReasonCode.BLIND_HOLD]
        assert not state.pools

    def test_an_inventory_that_is_not_known_releases_nothing(self) -> None:
        settings = pool(release=releasing(stabilization_seconds=0))
        unknown = replace(servers(8), known=False, ready=0, occupied=0)
        observation = tick(MIDNIGHT, seen(settings, unknown, participants=100.0))
        decided, _ = after(observation, tick(MIDNIGHT + 3600, *observation.pools))
        assert decided.floor == 8


class TestBlindness:
    def test_the_last_trusted_forecast_goes_on(self) -> None:
        settings = pool(release=releasing())
        trusted = tick(MIDNIGHT, seen(settings, servers(9), participants=900.0))
        blind = seen(settings, servers(9), participants=None, state=DemandState.EMPTY)
        later = tick(MIDNIGHT + QUARTER, blind)
        decided, state = after(trusted, later, state=knowing(900.0, 1500.0, 1500.0))
        assert decided.floor == 15
        assert codes(decided) == [ReasonCode.LAST_TRUSTED_FORECAST, ReasonCode.BLIND_HOLD]
        assert state.pools["media/eu"].blind_since == MIDNIGHT + QUARTER

    def test_after_it_nothing_falls_for_a_whole_window(self) -> None:
        settings = pool(release=releasing(stabilization_seconds=600))

        def look(seconds: int, participants: float | None) -> Observation:
            known = DemandState.OBSERVED if participants is not None else DemandState.EMPTY
            there = servers(9, occupied=0)
            observed = seen(settings, there, participants=participants, state=known)
            return tick(MIDNIGHT + seconds, observed)

        calm = [look(60 * minute, 100.0) for minute in range(30)]
        gone, back = look(1800, None), [look(1860 + 60 * minute, 100.0) for minute in range(12)]
        decided, state = after(*calm, gone, *back[:10])
        assert decided.action is Action.HOLD
        assert codes(decided)[-1] is ReasonCode.RECOVERING
        decided, _ = after(*back[10:], state=state)
        assert decided.action is Action.RELEASE

    def test_an_operator_that_was_away_did_not_see_either(self) -> None:
        settings = pool(release=releasing(stabilization_seconds=600))
        look = seen(settings, servers(9, occupied=0), participants=100.0)
        _, state = after(tick(MIDNIGHT, look))
        decided, _ = after(tick(MIDNIGHT + 7200, look), state=state)
        assert codes(decided)[-1] is ReasonCode.RECOVERING


class TestSurge:
    def test_it_is_entered_with_its_evidence_and_holds(self) -> None:
        settings = pool(release=releasing(stabilization_seconds=0))
        looks = [
            tick(MIDNIGHT + 60 * minute, seen(settings, servers(40, occupied=0), participants=each))
            for minute, each in enumerate([2000.0, 2000.0, 2000.0, 300.0])
        ]
        entered, state = after(*looks[:3], state=knowing(*[1000.0] * 9))
        assert entered.surge
        (news,) = [r for r in entered.reasons if r.code is ReasonCode.SURGE_ENTERED]
        assert news.inputs == {"participants": 2000.0, "looksAbove": 3, "explained": 1000.0}
        decided, _ = after(looks[3], state=state)
        assert (decided.floor, decided.surge) == (40, True)
        assert codes(decided)[-1] is ReasonCode.SURGE_HOLD

    def test_a_few_participants_too_many_are_no_surge(self) -> None:
        looks = [
            tick(MIDNIGHT + 60 * minute, seen(pool(), servers(2), participants=90.0))
            for minute in range(5)
        ]
        decided, _ = after(*looks, state=knowing(*[10.0] * 9))  # one server either way
        assert not decided.surge


class TestLeadTime:
    def test_measured_starts_replace_the_prior(self) -> None:
        # 40 more are needed, 30 may be launched at once; they serve after 600 s
        floor, state = 10, State.empty()
        for look, ready in enumerate((10, 10, 40)):
            observed = seen(pool(), servers(ready, floor=floor), participants=4000.0)
            decision, state = step(tick(MIDNIGHT + 300 * look, observed), state)
            decided = only(decision)
            floor = decided.floor
        assert decided.lead_time.samples == 30
        assert decided.lead_time.p50_seconds == 600.0

    def test_a_large_batch_is_ordered_as_early_as_it_takes(self) -> None:
        # 300 s, and 10 s for each server that is waited for: 30 more (600 s) are needed at 00:15
        settings, state = pool(limits=limits(max_servers=200)), State.empty()
        ready, now = 10, MIDNIGHT - 10 * 3600
        for batch in (2, 10, 20, 4, 30, 8, 16):
            for seconds, serving in ((0, ready), (300 + 10 * batch, ready + batch)):
                there = servers(serving, floor=ready + batch)
                observed = seen(settings, there, participants=100.0 * (ready + batch))
                _, state = step(tick(now + seconds, observed), state)
            ready, now = ready + batch, now + 3600
        state = replace(state, forecast=forecast({"media/eu": [10_000.0, 13_000.0]}))
        floors = []
        for before in (720, 660, 600):
            observed = seen(settings, servers(100), participants=10_000.0)
            decided, _ = after(tick(MIDNIGHT + QUARTER - before, observed), state=state)
            floors.append(decided.floor)
        assert floors == [100, 130, 130]  # one look of a minute earlier than 600 s

    def test_in_observe_somebody_elses_orders_are_measured(self) -> None:
        settings, state = pool(mode=Mode.OBSERVE), State.empty()
        for now, ready, pending in ((0, 10, 0), (60, 10, 5), (360, 15, 0)):
            there = Inventory(floor=4, ready=ready, pending=pending, draining=0, occupied=ready)
            _, state = step(tick(MIDNIGHT + now, seen(settings, there, participants=90.0)), state)
        assert state.pools["media/eu"].lead.samples == 5


class TestLaunchRate:
    def test_an_order_that_is_not_written_for_minutes_uses_up_no_launches(self) -> None:
        settings = pool(limits=limits(launch_per_minute=1.0, launch_burst=12))
        needs_twenty = seen(settings, servers(10), participants=2000.0)
        refused = [tick(MIDNIGHT + second, needs_twenty) for second in range(0, 300, 5)]
        decided, _ = after(*refused)
        assert decided.floor == 20
        assert ReasonCode.LAUNCH_RATE not in codes(decided)


class TestObserve:
    def test_the_floor_is_what_would_have_been(self) -> None:
        settings = pool(mode=Mode.OBSERVE, limits=limits(launch_burst=5, launch_per_minute=6.0))
        there = servers(4, floor=4)
        looks = [
            tick(MIDNIGHT + 60 * minute, seen(settings, there, participants=2000.0))
            for minute in range(3)
        ]
        floors = []
        state = State.empty()
        for look in looks:
            decision, state = step(look, state)
            floors.append(only(decision).floor)
        assert floors == [9, 14, 19]


class TestApproval:
    settings = pool(limits=limits(approval_above=10))

    def look(self, seconds: int, controls: Controls | None = None) -> Observation:
        there = servers(5)
        return tick(
            MIDNIGHT + seconds, seen(self.settings, there, participants=400.0, controls=controls)
        )

    def test_it_is_asked_for_with_its_date_and_its_reasons(self) -> None:
        # 4,000 at 01:00; people take half an hour, servers five
        # minutes and, as 35 of them, 35 s to be launched, and we look every minute
        decided, state = after(self.look(24 * 60), state=knowing(*[400.0] * 4, 4000.0, 4000.0))
        approval = decided.approval
        assert approval is not None
        assert (approval.from_, approval.to) == (5.0, 40.0)
        assert approval.approve_by == approval.at == MIDNIGHT + 54 * 60 - 35
        assert decided.floor == 5
        assert [step.approve_by for step in decided.steps] == [MIDNIGHT + 54 * 60 - 35]
        assert state.pools["media/eu"].approvals.asked_at == MIDNIGHT + 24 * 60

    def test_how_long_people_take_is_measured(self) -> None:
        start = [self.look(24 * 60), self.look(44 * 60, allowance(40.0))]
        _, state = after(*start, state=knowing(*[400.0] * 4, 4000.0, 4000.0))
        assert state.pools["media/eu"].approvals.waits == (1200.0,)


class TestPlan:
    path = (400.0, 400.0, 2000.0, 2000.0, 6000.0)

    def plan(self, **changes: object) -> list[tuple[float, float, bool]]:
        """Return the steps of a day that begins with 400 participants: from, to, to be approved."""
        observation = tick(
            MIDNIGHT, seen(pool(limits=limits(**changes)), servers(5), participants=400.0)
        )
        decided, _ = after(observation, state=knowing(*self.path))
        return [(each.from_, each.to, each.approve_by is not None) for each in decided.steps]

    def test_it_is_the_rises_to_come(self) -> None:
        assert self.plan() == [(5.0, 20.0, False), (20.0, 60.0, False)]

    def test_what_needs_an_approval_says_so(self) -> None:
        assert self.plan(approval_above=30) == [(5.0, 20.0, False), (20.0, 60.0, True)]
        assert self.plan(max_hourly_cost=30.0) == [(5.0, 20.0, False), (20.0, 60.0, True)]

    def test_it_goes_no_further_than_quota_and_money(self) -> None:
        assert self.plan(quota=40) == [(5.0, 20.0, False), (20.0, 40.0, False)]
        clamped = self.plan(max_hourly_cost=18.0, on_exceeded=OnExceeded.CLAMP)
        assert clamped == [(5.0, 18.0, False)]

    def reasons(self, **changes: object) -> list[list[tuple[str, float, float]]]:
        observation = tick(
            MIDNIGHT, seen(pool(limits=limits(**changes)), servers(5), participants=400.0)
        )
        decided, _ = after(observation, state=knowing(*self.path))
        return [
            [(reason.code.value, reason.before, reason.after) for reason in each.reasons]
            for each in decided.steps
        ]

    def test_a_step_that_is_cut_short_says_by_what(self) -> None:
        first = ("ForecastNeed", 5, 20)
        assert self.reasons(quota=40) == [
            [first],
            [("ForecastNeed", 20, 60), ("Quota", 60, 40)],
        ]
        assert self.reasons(max_hourly_cost=18.0, on_exceeded=OnExceeded.CLAMP) == [
            [first, ("CostCeiling", 20, 18)]
        ]
        assert self.reasons(max_servers=50) == [
            [first],
            [("ForecastNeed", 20, 60), ("MaxReplicas", 60, 50)],
        ]

    def test_a_rise_that_gets_nowhere_is_told_with_its_date(self) -> None:
        assert self.plan(quota=20) == [(5.0, 20.0, False), (20.0, 20.0, False)]
        assert self.reasons(quota=20)[1] == [("ForecastNeed", 20, 60), ("Quota", 60, 20)]

    def test_each_step_is_ordered_one_lead_time_one_pause_and_its_launches_before(self) -> None:
        observation = tick(MIDNIGHT, seen(pool(), servers(5), participants=400.0))
        decided, _ = after(observation, state=knowing(*self.path))
        first = decided.steps[0]
        assert (first.at, first.ready_at) == (MIDNIGHT + 30 * 60 - 360 - 15, MIDNIGHT + 30 * 60)


def test_without_a_forecast_demand_alone_decides() -> None:
    decided, _ = after(tick(MIDNIGHT, seen(pool(), servers(3), participants=250.0)))
    assert (decided.floor, decided.forecast_mode, decided.demand_at_quantile) == (3, None, None)


def test_pools_that_are_gone_are_forgotten() -> None:
    _, state = after(tick(MIDNIGHT, seen(pool(), servers(3), participants=250.0)))
    decision, state = step(tick(MIDNIGHT + 60), state)
    assert (decision.pools, dict(state.pools)) == ((), {})


def test_guards_come_from_the_configuration() -> None:
    observation = tick(MIDNIGHT, seen(pool(), servers(3), participants=250_000.0))
    decision, _ = step(observation, State.empty(), config=EngineConfig(guards=()))
    assert only(decision).floor == 2500


def test_decisions_are_in_the_observations_order() -> None:
    east, west = pool("media/east"), pool("media/west")
    looks = [seen(each, servers(1), participants=1.0) for each in (west, east)]
    decision, _ = step(tick(MIDNIGHT, *looks), State.empty())
    assert [decided.pool for decided in decision.pools] == ["media/west", "media/east"]


def test_the_months_money_is_counted_over_a_restart_and_bites_when_it_is_spent() -> None:
    settings = pool(limits=limits(max_monthly_cost=15.0))
    first = tick(MIDNIGHT, seen(settings, servers(10), participants=1000.0))
    hour_later = tick(MIDNIGHT + 3600, seen(settings, servers(10), participants=1000.0))
    _, state = after(first, hour_later)
    kept = decode_state(encode_state(state))

    knew = replace(kept, forecast=forecast({"media/eu": [2000.0] * 16}))
    again = tick(MIDNIGHT + 5400, seen(settings, servers(10), participants=1000.0))
    decided, state = after(again, state=knew)

    assert state.pools["media/eu"].spend.spent == 15.0
    assert (decided.need, decided.floor) == (20, 10)
    assert ReasonCode.COST_CEILING in codes(decided)
    assert decided.limits[-1].name == "maxMonthly"
    assert decided.limits[-1].date_p50 == MIDNIGHT + 5400


class TestStandingStill:
    """Exactly 1000 participants, minute after minute, on twenty servers where eleven would do."""

    @staticmethod
    def released(*path: float, minutes: int, last: float = 1000.0) -> int:
        settings = pool(release=releasing(stabilization_seconds=0))
        looks = [
            tick(
                MIDNIGHT + 60 * minute, seen(settings, servers(20, occupied=5), participants=1000.0)
            )
            for minute in range(minutes)
        ]
        looks.append(
            tick(
                MIDNIGHT + 60 * minutes, seen(settings, servers(20, occupied=5), participants=last)
            )
        )
        state = knowing(*path) if path else State.empty()
        decided, _ = after(*looks, state=state)
        assert not decided.blind
        return 20 - decided.floor

    def test_while_demand_should_move_nothing_is_released(self) -> None:
        assert self.released(1000.0, 1200.0, minutes=10) == 0
        assert self.released(1000.0, 1200.0, minutes=9) > 0

    def test_where_it_should_stand_still_it_may(self) -> None:
        assert self.released(1000.0, 1050.0, minutes=10) > 0

    def test_without_a_forecast_nobody_can_say(self) -> None:
        assert self.released(minutes=10) > 0

    def test_one_person_more_is_news(self) -> None:
        assert self.released(1000.0, 1200.0, minutes=10, last=1001.0) > 0

"""Planners broken on purpose, one for each property: a check that they pass checks nothing."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from autoscaler.engine import intake, pool, step
from autoscaler.engine.config import EngineConfig
from autoscaler.engine.decision import Decision
from autoscaler.engine.observation import Demand, Observation
from autoscaler.engine.state import State
from autoscaler.planner import outlook
from autoscaler.planner.case import Case, Draft
from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.guards import GUARDS, Guard
from autoscaler.planner.guards.approvals import approvals
from autoscaler.planner.guards.bounds import bounds
from autoscaler.planner.guards.ceilings import cost_ceiling
from autoscaler.planner.guards.launch_rate import launch_rate
from autoscaler.planner.guards.release import release
from autoscaler.planner.guards.sight import blind, surge
from autoscaler.planner.money import affordable_servers
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.require import Requirement, Sight
from autoscaler.planner.require import require as sound_require
from autoscaler.planner.settings import PoolSettings, ReleasePolicy
from tests.autoscaler.planner import poison, properties
from tests.autoscaler.planner.journeys import Planner
from tests.autoscaler.planner.properties import Property


def _guarded(*guards: Guard) -> Planner:
    config = EngineConfig(guards=guards)
    return lambda observation, state: step.step(observation, state, config=config)


def _without(guard: Guard) -> Planner:
    return _guarded(*(each for each in GUARDS if each is not guard))


def _instead_of(guard: Guard, other: Guard) -> Planner:
    return _guarded(*(other if each is guard else each for each in GUARDS))


def _patched(module: Any, name: str, broken: Any) -> Planner:
    def planner(observation: Observation, state: State) -> tuple[Decision, State]:
        with patch.object(module, name, broken):
            return step.step(observation, state)

    return planner


def _let_go(draft: Draft, case: Case) -> None:
    """Release whatever is not needed, whoever is on it."""
    if case.settings.release.policy is ReleasePolicy.NEVER:
        draft.become(max(draft.number, case.previous), ReasonCode.RELEASE_NEVER, {})


def _fall_off_a_cliff(draft: Draft, case: Case) -> None:
    """Keep the occupied servers and drop all others at once."""
    if draft.number < case.previous:
        occupied = min(case.inventory.occupied, case.previous)
        draft.become(max(draft.number, occupied), ReasonCode.OCCUPIED, {})


def _cap_everything(draft: Draft, case: Case) -> None:
    """Hold even observed demand to the price."""
    limits, price = case.settings.limits, case.settings.server.hourly_cost
    if limits.max_hourly_cost is not None:
        affordable = affordable_servers(limits.max_hourly_cost, price)
        draft.cap(max(affordable, case.previous), ReasonCode.COST_CEILING, {})


def _forget_the_last_release(draft: Draft, case: Case) -> None:
    """Let go of what a minute earns at every look, however short ago the last one was."""
    release(draft, case._replace(state=case.state._replace(released_at=0)))


def _pay_any_price(draft: Draft, case: Case) -> None:
    """Hold to the ceiling what is seen, and nothing that is forecast."""
    if case.requirement.forecast is None:
        cost_ceiling(draft, case)


def _risk_upside_down(pools: Sequence[PoolSettings], **kwargs: Any) -> Any:
    """Take the servers of an owner who wants to risk little for ten times as large."""
    return outlook.look_ahead([_enlarged(each) for each in pools], **kwargs)


def _enlarged(pool: PoolSettings) -> PoolSettings:
    if pool.quantile < 0.99:
        return pool
    larger = replace(pool.server, participants=10 * pool.server.participants)
    return replace(pool, server=larger)


def _insatiable() -> Planner:
    """Ask for one server more every other time."""
    moods = itertools.cycle((0, 1))

    def insatiable(draft: Draft, case: Case) -> None:
        mood = next(moods)
        draft.ask += mood if draft.ask else 0

    return _guarded(*GUARDS, insatiable)


def _order_when_due(*args: Any, **kwargs: Any) -> Requirement:
    """Order what is needed now, as if servers began to serve at once."""
    return sound_require(*args, **{**kwargs, "lead_seconds": 0.0})


def _all_at_once(need: FloatArray, ramp: FloatArray | float) -> FloatArray:
    """Believe that the supplier delivers any number at once."""
    return need


def _bottomless(settings: PoolSettings) -> float:
    """Believe that the supplier's bucket holds whatever its rate refills between two looks."""
    usable = (settings.reserve.zones - settings.reserve.zones_lost) / settings.reserve.zones
    return settings.limits.launch_per_minute * usable / 60.0


def _believe_the_forecast(*args: Any, **kwargs: Any) -> Requirement:
    """Prefer the forecast to what is seen, as a priority instead of a maximum."""
    found = sound_require(*args, **kwargs)
    if found.forecast is None or not math.isfinite(found.forecast):
        return found
    servers = max(0, int(found.forecast / 100.0))
    return found._replace(observed=servers, wanted=servers, ahead=servers)


def _zero_when_unknown(demand: Demand) -> float:
    """Read what is not known as nobody there."""
    number = demand.participants or 0.0
    return number if number > 0.0 else 0.0


def _remember_the_blind(*args: Any, **kwargs: Any) -> Any:
    """Begin with nobody there instead of waiting to see."""
    nobody = Sight(participants=0.0, censored=False, refused=0.0, relieved=False)
    kwargs["sight"] = kwargs["sight"] or nobody
    return intake.take_in(*args, **kwargs)


def _moody() -> Planner:
    """Add a server every other time."""
    moods = itertools.cycle((0, 1))

    def moody(draft: Draft, case: Case) -> None:
        draft.become(draft.number + next(moods), ReasonCode.GROWTH_HEADROOM, {})

    return _guarded(*GUARDS, moody)


def _creep(draft: Draft, case: Case) -> None:
    """Add a server to what is there at every look."""
    draft.become(max(draft.number, case.previous + 1), ReasonCode.GROWTH_HEADROOM, {})


def _panic_backwards(*args: Any, **kwargs: Any) -> Requirement:
    """Give up above a demand that looks implausible."""
    found = sound_require(*args, **kwargs)
    sight = kwargs["sight"]
    if sight is not None and sight.participants > 5000.0:
        return found._replace(observed=0, wanted=0, ahead=0)
    return found


BROKEN: dict[Property, Planner] = {
    properties.no_release_while_blind: _without(blind),
    properties.no_release_in_a_surge: _without(surge),
    properties.never_below_occupied: _instead_of(release, _let_go),
    properties.a_release_keeps_to_its_policy: _instead_of(release, _fall_off_a_cliff),
    properties.a_forecast_only_adds: _patched(pool, "require", _believe_the_forecast),
    properties.a_release_glides: _instead_of(release, _forget_the_last_release),
    properties.bounded_in_size: _without(bounds),
    properties.bounded_in_rate: _without(launch_rate),
    properties.bounded_in_cost: _without(cost_ceiling),
    properties.nothing_unapproved: _without(approvals),
    properties.observed_need_is_never_held_back: _instead_of(cost_ceiling, _cap_everything),
    properties.unknown_is_not_zero: _patched(step, "participants_seen", _zero_when_unknown),
    properties.nothing_is_written_before_sight: _patched(pool, "take_in", _remember_the_blind),
    properties.same_input_same_bytes: _moody(),
    properties.deciding_twice_changes_nothing: _guarded(*GUARDS, _creep),
    properties.asking_twice_asks_nothing_new: _insatiable(),
    poison.a_poisoned_forecast_costs_at_most_the_bound: _instead_of(cost_ceiling, _pay_any_price),
    poison.less_risk_never_means_less: _patched(step, "look_ahead", _risk_upside_down),
    properties.more_demand_never_means_less: _patched(pool, "require", _panic_backwards),
}

"""Each holds of the sound planner, and not of the one beside it."""

LATE: dict[str, Planner] = {
    "without the lead time": _patched(pool, "require", _order_when_due),
    "without the ramp": _patched(outlook, "ramp_feasible", _all_at_once),
    "without the bucket": _patched(outlook, "_ramp", _bottomless),
}
"""Planners that order later than it is safe."""

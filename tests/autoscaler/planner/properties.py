"""What must hold of every journey. Each returns None, or a sentence on where it was broken."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from autoscaler.capacity.servers import servers_for_one
from autoscaler.capacity.zones import with_zones_lost
from autoscaler.engine.codec import canonical, decode_state, encode_state
from autoscaler.engine.decision import Action
from autoscaler.engine.observation import DemandState, Observation
from autoscaler.planner.reasons import ReasonCode
from tests.autoscaler.planner.journeys import Passed, Planner

Property: TypeAlias = Callable[[Sequence[Passed], Planner], str | None]


def trusted(passed: Passed) -> float | None:
    """What was seen of demand, computed apart from the planner."""
    demand = passed.observation.pools[0].demand
    blind = {
        DemandState.EMPTY,
        DemandState.STALE,
        DemandState.PARTIAL,
        DemandState.CONTRADICTED,
    }
    if demand.state in blind or demand.participants is None:
        return None
    number = demand.participants
    return number if math.isfinite(number) and number >= 0.0 else None


def needed(passed: Passed, factor: float = 1.0) -> int:
    """Return the servers, reserve included, that `factor` times the observed demand needs."""
    reserve = passed.settings.reserve
    servers = servers_for_one((trusted(passed) or 0.0) * factor, 100.0)
    return with_zones_lost(servers, zones=reserve.zones, zones_lost=reserve.zones_lost)


def at(passed: Passed, what: str) -> str:
    decided = passed.decided
    return f"t={passed.observation.now}: {decided.previous} -> {decided.floor}: {what}"


def no_release_while_blind(journey: Sequence[Passed], planner: Planner) -> str | None:
    for passed in journey:
        if trusted(passed) is None and passed.decided.floor < passed.decided.previous:
            return at(passed, "released while blind")
    return None


def no_release_in_a_surge(journey: Sequence[Passed], planner: Planner) -> str | None:
    for passed in journey:
        if passed.decided.surge and passed.decided.floor < passed.decided.previous:
            return at(passed, "released in a surge")
    return None


def never_below_occupied(journey: Sequence[Passed], planner: Planner) -> str | None:
    for passed in journey:
        decided, occupied = passed.decided, passed.inventory.occupied
        if decided.floor < min(decided.previous, occupied):
            return at(passed, f"released some of {occupied} occupied servers")
    return None


def a_release_keeps_to_its_policy(journey: Sequence[Passed], planner: Planner) -> str | None:
    for passed in journey:
        fallen = passed.decided.previous - passed.decided.floor
        release = passed.settings.release
        most = max(1, int(passed.decided.previous * release.max_percent_per_minute / 100.0))
        if fallen > (0 if release.policy == "Never" else most):
            return at(passed, f"released {fallen}, may release {most} ({release.policy})")
    return None


def a_release_glides(journey: Sequence[Passed], planner: Planner) -> str | None:
    """After a release no more may go than the rate has earned since, however often one looks."""
    falls = [max(0, each.decided.previous - each.decided.floor) for each in journey]
    percent = journey[0].settings.release.max_percent_per_minute
    for first, fall in enumerate(falls):
        if not fall:
            continue
        highest = journey[first].decided.floor
        for last in range(first + 1, len(journey)):
            highest = max(highest, journey[last].decided.previous)
            seconds = journey[last].observation.now - journey[first].observation.now
            earned = highest * percent / 100.0 * seconds / 60.0
            if sum(falls[first + 1 : last + 1]) > earned + 1e-6:
                return at(journey[last], f"{falls[first + 1 : last + 1]} fell, {earned} earned")
    return None


def a_forecast_only_adds(journey: Sequence[Passed], planner: Planner) -> str | None:
    for passed in journey:
        without = replace(passed.before, forecast=None, outlooks=None)
        decision, _ = planner(passed.observation, without)
        if passed.decided.floor < decision.pools[0].floor:
            return at(passed, f"without a forecast it is {decision.pools[0].floor}")
    return None


def bounded_in_size(journey: Sequence[Passed], planner: Planner) -> str | None:
    for passed in journey:
        limits = passed.settings.limits
        most = limits.max_servers if limits.quota is None else min(limits.max_servers, limits.quota)
        if passed.decided.floor > max(most, passed.decided.previous):
            return at(passed, f"may be {most}")
    return None


def bounded_in_rate(journey: Sequence[Passed], planner: Planner) -> str | None:
    limits = journey[0].settings.limits
    launched = [
        max(0, each.decided.floor - max(each.decided.previous, _existing(each))) for each in journey
    ]
    for first in range(len(journey)):
        for last in range(first, len(journey)):
            seconds = journey[last].observation.now - journey[first].observation.now
            most = limits.launch_burst + limits.launch_per_minute * seconds / 60.0
            if sum(launched[first : last + 1]) > most + 1e-6:
                return at(journey[last], f"{launched[first : last + 1]} launched, {most} may be")
    return None


def _existing(passed: Passed) -> int:
    return passed.inventory.ready + passed.inventory.pending


def bounded_in_cost(journey: Sequence[Passed], planner: Planner) -> str | None:
    """However wrong the forecast: the ceiling, or what observed demand alone needed."""
    ceiling = journey[0].settings.limits.max_hourly_cost
    if ceiling is None:
        return None
    most = max(ceiling, journey[0].settings.limits.min_servers, journey[0].decided.previous)
    for passed in journey:
        most = max(most, needed(passed, factor=1.5))
        if passed.decided.floor > most:
            return at(passed, f"costs more than {most} an hour")
    return None


def nothing_unapproved(journey: Sequence[Passed], planner: Planner) -> str | None:
    """Above the threshold there is only what observed demand needed, and somebody is asked."""
    threshold = journey[0].settings.limits.approval_above
    if threshold is None:
        return None
    most = max(threshold, journey[0].decided.previous)
    for passed in journey:
        most = max(most, needed(passed, factor=1.5))
        if passed.decided.floor > most:
            return at(passed, f"nobody approved more than {most}")
    return None


def observed_need_is_never_held_back(journey: Sequence[Passed], planner: Planner) -> str | None:
    """By ceilings and approvals; bounds, launches and quota are facts."""
    for passed in journey:
        limits, memory = passed.settings.limits, passed.before.pools.get("media/eu")
        if memory is None:
            tokens = float(limits.launch_burst)
        else:
            seconds = passed.observation.now - memory.at
            refilled = memory.tokens + limits.launch_per_minute * seconds / 60.0
            tokens = min(float(limits.launch_burst), refilled)
        there = max(passed.decided.previous, _existing(passed))
        possible = min(limits.max_servers, there + int(tokens))
        if limits.quota is not None:
            possible = min(possible, max(limits.quota, passed.decided.previous))
        if passed.decided.floor < min(needed(passed), possible):
            return at(passed, f"demand needs {needed(passed)}, possible {possible}")
    return None


def unknown_is_not_zero(journey: Sequence[Passed], planner: Planner) -> str | None:
    """What an untrusted state happens to carry makes no difference, zero least of all."""
    for passed in journey:
        if trusted(passed) is not None:
            continue
        floors = set()
        for number in (None, 0.0, 5000.0):
            (observed,) = passed.observation.pools
            demand = replace(observed.demand, state=DemandState.STALE, participants=number)
            blind = replace(passed.observation, pools=(replace(observed, demand=demand),))
            floors.add(planner(blind, passed.before)[0].pools[0].floor)
        if floors != {passed.decided.floor} or passed.decided.floor < passed.decided.previous:
            return at(passed, f"unknown demand read as {floors}")
    return None


def nothing_is_written_before_sight(journey: Sequence[Passed], planner: Planner) -> str | None:
    for passed in journey:
        if trusted(passed) is not None:
            return None
        if passed.decided.action is not Action.HOLD:
            return at(passed, "written blind, without memory")
    return None


def same_input_same_bytes(journey: Sequence[Passed], planner: Planner) -> str | None:
    """Also after a restart, which leaves only what the codec keeps."""
    for passed in journey:
        first = canonical(planner(passed.observation, passed.before)[0])
        kept = json.loads(canonical(encode_state(passed.before)))
        if first != canonical(planner(passed.observation, decode_state(kept))[0]):
            return at(passed, "another decision from the same input")
    return None


def deciding_twice_changes_nothing(journey: Sequence[Passed], planner: Planner) -> str | None:
    for passed in journey:
        decision, after = planner(passed.observation, passed.before)
        again, _ = planner(_done(passed.observation, decision.pools[0].floor), after)
        if again.pools[0].floor != decision.pools[0].floor:
            return at(passed, f"decided again it is {again.pools[0].floor}")
    return None


def asking_twice_asks_nothing_new(journey: Sequence[Passed], planner: Planner) -> str | None:
    for passed in journey:
        decision, after = planner(passed.observation, passed.before)
        again, _ = planner(_done(passed.observation, decision.pools[0].floor), after)
        first, second = decision.pools[0].approval, again.pools[0].approval
        if second is not None and (first is None or second.to != first.to):
            return at(passed, f"asked for {first}, then for {second}")
    return None


def _done(observation: Observation, floor: int) -> Observation:
    """Return the same moment with the target as decided."""
    (observed,) = observation.pools
    ready = min(observed.inventory.ready, floor)
    inventory = replace(
        observed.inventory,
        floor=floor,
        ready=ready,
        pending=floor - ready,
        occupied=min(observed.inventory.occupied, ready),
    )
    return replace(observation, pools=(replace(observed, inventory=inventory),))


def more_demand_never_means_less(journey: Sequence[Passed], planner: Planner) -> str | None:
    for passed in journey:
        (observed,) = passed.observation.pools
        participants = trusted(passed)
        if participants is None or observed.demand.state is DemandState.CENSORED:
            continue
        if any(each.code is ReasonCode.STANDS_STILL for each in passed.decided.reasons):
            continue  # one person more is news, and what was held for want of it may go
        demand = replace(observed.demand, participants=participants * 1.3 + 50.0)
        more = replace(passed.observation, pools=(replace(observed, demand=demand),))
        decision, _ = planner(more, passed.before)
        if decision.pools[0].floor < passed.decided.floor:
            return at(passed, f"with more demand it is {decision.pools[0].floor}")
    return None

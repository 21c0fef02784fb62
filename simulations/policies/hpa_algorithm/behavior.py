"""How fast a workload may follow: `spec.behavior` in horizontal.go.

First stabilisation (the rolling extreme of recent recommendations), then the rate policies, then
the bounds.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class PolicyType(StrEnum):
    """What a rate policy counts in."""

    PODS = "Pods"
    PERCENT = "Percent"


class SelectPolicy(StrEnum):
    """Which of several rate policies holds."""

    MAX = "Max"
    MIN = "Min"
    DISABLED = "Disabled"


@dataclass(frozen=True, slots=True)
class RatePolicy:
    """At most so many pods, or so many percent of the pods, per period."""

    type: PolicyType
    value: int
    period_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingRules:
    """One direction's rules."""

    stabilization_seconds: int
    policies: tuple[RatePolicy, ...]
    select: SelectPolicy = SelectPolicy.MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Behavior:
    """Both directions; the defaults are those of pkg/apis/autoscaling/v2/defaults.go."""

    up: ScalingRules = ScalingRules(
        stabilization_seconds=0,
        policies=(RatePolicy(PolicyType.PODS, 4, 15), RatePolicy(PolicyType.PERCENT, 100, 15)),
    )
    down: ScalingRules = ScalingRules(
        stabilization_seconds=300, policies=(RatePolicy(PolicyType.PERCENT, 100, 15),)
    )

    memory_seconds: int = field(init=False, repr=False, compare=False)
    """How long the past matters to any rule."""

    def __post_init__(self) -> None:
        longest = max(
            max(rules.stabilization_seconds, *(policy.period_seconds for policy in rules.policies))
            for rules in (self.up, self.down)
        )
        object.__setattr__(self, "memory_seconds", longest)


class Mark(NamedTuple):
    """Replicas recommended, added or removed (never negative) at a time in epoch seconds."""

    at: int
    replicas: int


class Changes(NamedTuple):
    """What was added and removed lately."""

    added: tuple[Mark, ...] = ()
    removed: tuple[Mark, ...] = ()


class Limit(StrEnum):
    """Why the number is not the recommended one: reasons of the condition ScalingLimited."""

    NONE = "DesiredWithinRange"
    SCALE_UP = "ScaleUpLimit"
    SCALE_DOWN = "ScaleDownLimit"
    TOO_MANY = "TooManyReplicas"
    TOO_FEW = "TooFewReplicas"


def stabilize(
    desired: int, *, current: int, recent: Iterable[Mark], behavior: Behavior, now: int
) -> int:
    """Move `current` no further than every recommendation within both windows agrees on."""
    lowest = highest = desired
    up_since = now - behavior.up.stabilization_seconds
    down_since = now - behavior.down.stabilization_seconds
    for at, replicas in recent:
        if replicas < lowest and at > up_since:
            lowest = replicas
        elif replicas > highest and at > down_since:
            highest = replicas
    return min(max(current, lowest), highest)


def limit(
    desired: int,
    *,
    current: int,
    bounds: tuple[int, int],
    changes: Changes,
    behavior: Behavior,
    now: int,
) -> tuple[int, Limit]:
    """Hold `desired` to the rate policies and `bounds` (least and most); say what bound it."""
    least, most = bounds
    if desired > current:
        fastest = max(current, _rate_limit(current, behavior.up, changes, now=now, sign=1))
        allowed = min(most, fastest)
        if desired > allowed:
            return allowed, Limit.SCALE_UP if most > fastest else Limit.TOO_MANY
    elif desired < current:
        fastest = min(current, _rate_limit(current, behavior.down, changes, now=now, sign=-1))
        allowed = max(least, fastest)
        if desired < allowed:
            return allowed, Limit.SCALE_DOWN if least < fastest else Limit.TOO_FEW
    return desired, Limit.NONE


def _rate_limit(current: int, rules: ScalingRules, changes: Changes, *, now: int, sign: int) -> int:
    """Return the furthest count that the rules allow, up (`sign` 1) or down (-1)."""
    if rules.select is SelectPolicy.DISABLED:
        return current
    proposals = [
        _proposal(current, policy, changes, now=now, sign=sign) for policy in rules.policies
    ]
    furthest_first = sorted(proposals, reverse=sign > 0)
    return furthest_first[0 if rules.select is SelectPolicy.MAX else -1]


def _proposal(current: int, policy: RatePolicy, changes: Changes, *, now: int, sign: int) -> int:
    since = now - policy.period_seconds
    start = current - _sum_after(changes.added, since) + _sum_after(changes.removed, since)
    if policy.type is PolicyType.PODS:
        return start + sign * policy.value
    exact = start * (1 + sign * policy.value / 100)
    # Up is rounded up so that a small workload can grow at all; down is truncated towards zero.
    return math.ceil(exact) if sign > 0 else math.trunc(exact)


def _sum_after(marks: Iterable[Mark], since: int) -> int:
    return sum([mark.replicas for mark in marks if mark.at > since])

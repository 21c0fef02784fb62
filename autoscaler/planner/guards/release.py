"""How a floor falls, where it may fall at all: late, slowly, and never below occupied servers."""

import zlib
from functools import cache

from autoscaler.planner.case import Case, Draft
from autoscaler.planner.inventory import Freeze, Inventory
from autoscaler.planner.reasons import Inputs, ReasonCode
from autoscaler.planner.settings import Mode, PoolSettings, ReleasePolicy

_JITTER = 0.1
_RAMP_PERCENT, _RAMP_SECONDS = 10.0, 3600
"""After blindness no more than this goes a minute, as in Mimir, for an hour after the hold: what
piled up unseen goes at a pace at which people can still step in, whatever the owner allows."""


def release(draft: Draft, case: Case) -> None:
    """Let the floor fall only as far as every rule of release allows."""
    if draft.number >= case.previous:
        return
    held = _forbidden(case)
    if held is not None:
        draft.become(case.previous, *held)
        return
    if case.pinned is None:
        least = max((need for _, need in case.peaks), default=0)
        code, inputs = ReasonCode.STABILIZING, {"seconds": stabilization_seconds(case.settings)}
        draft.become(max(draft.number, min(least, case.previous)), code, inputs)
    occupied = case.inventory.occupied
    if occupied > draft.number:
        code = ReasonCode.OCCUPIED
        draft.become(min(occupied, case.previous), code, {"occupied": occupied})
    rate, recovering = _rate(case)
    slowest = case.previous - max(_glide(case, rate), case.inventory.let_go)
    if slowest > draft.number:
        if recovering is None:
            draft.become(slowest, ReasonCode.RELEASE_RATE, {"percentPerMinute": rate})
        else:
            ramp: Inputs = {"percentPerMinute": rate, "seenSeconds": case.now - recovering}
            draft.become(slowest, ReasonCode.RECOVERY_RAMP, ramp)


def _forbidden(case: Case) -> tuple[ReasonCode, Inputs] | None:
    """Return why nothing may be released, if so. A pin stands above the policy, not above sight."""
    policy, mode = case.settings.release.policy, case.settings.mode
    if case.pinned is None and policy is ReleasePolicy.NEVER:
        return ReasonCode.RELEASE_NEVER, {"policy": policy.value}
    if mode is Mode.RECOMMEND:
        return ReasonCode.RELEASE_NEVER, {"mode": mode.value}
    if case.controls.freeze is Freeze.RELEASE and case.now < case.controls.freeze_until:
        return ReasonCode.FROZEN, {"until": case.controls.freeze_until}
    if case.censored:
        return ReasonCode.CENSORED_DEMAND, {"state": case.demand_state}
    if case.hangs:
        stood: Inputs = {"participants": case.state.demand, "since": case.state.still.since}
        return ReasonCode.STANDS_STILL, stood
    refusals = case.state.refusals
    if case.now < refusals.until:
        spell: Inputs = {"refusedSeconds": refusals.seconds, "until": refusals.last}
        return ReasonCode.RETURNING, spell
    if not plausible(case.inventory):
        return ReasonCode.BLIND_HOLD, {"inventory": "unknown"}
    if case.inventory.unsafe:
        return ReasonCode.RELEASE_UNSAFE, {"because": case.inventory.unsafe}
    seen, wait = case.now - case.state.sighted_at, stabilization_seconds(case.settings)
    if seen < wait:
        return ReasonCode.RECOVERING, {"seenSeconds": seen, "seconds": wait}
    return None


def plausible(inventory: Inventory) -> bool:
    """Say whether the inventory can be what is there."""
    return inventory.known and 0 <= inventory.occupied <= inventory.ready and inventory.pending >= 0


def stabilization_seconds(settings: PoolSettings) -> int:
    """Return how long a need is remembered: longer for some pools, so that not all fall at once."""
    return int(settings.release.stabilization_seconds * (1.0 + _jitter(settings.name)))


@cache
def _jitter(name: str) -> float:
    return zlib.crc32(name.encode()) / 0xFFFFFFFF * _JITTER


def _rate(case: Case) -> tuple[float, int | None]:
    """Return the percent a minute that may go, and since when demand is seen where that limits."""
    rate, since = case.settings.release.max_percent_per_minute, case.state.recovered_at
    ramp = stabilization_seconds(case.settings) + _RAMP_SECONDS
    if since is None or rate <= _RAMP_PERCENT or case.now - since >= ramp:
        return rate, None
    return _RAMP_PERCENT, since


def _glide(case: Case, percent_per_minute: float) -> int:
    """Return how many servers may go now: what the rate has earned, and at least one at a time."""
    per_minute = case.previous * percent_per_minute / 100.0
    earned = per_minute * max(0, case.now - case.state.released_at) / 60.0
    return min(int(earned), max(1, int(per_minute)))

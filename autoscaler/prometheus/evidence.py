"""When an upward jump is doubted: only if an independent series contradicts it. Pure."""

from dataclasses import replace

from autoscaler.engine.observation import DemandState
from autoscaler.ports.demand import Reading
from autoscaler.prometheus.facts import Evidence, Facts

JUMP_FACTOR = 2.0
JUMP_PARTICIPANTS = 50.0
"""A rise within five minutes by this factor, and by this many participants, is a jump."""
FOLLOWED_FACTOR = 1.2
"""Egress and rooms that rose by this factor followed a jump."""
FOLLOWED_JOINS = 0.5
"""Joins that make up this share of a jump explain it: a new server's first ones go uncounted."""


def jumped(facts: Facts) -> bool:
    """Tell whether participants rose so much that other series must have followed."""
    if facts.participants is None or facts.before is None:
        return False
    rise = facts.participants - facts.before
    return rise >= JUMP_PARTICIPANTS and facts.participants >= JUMP_FACTOR * facts.before


def doubted(reading: Reading, facts: Facts, evidence: Evidence) -> Reading:
    """Return the reading, contradicted if joins or egress stood still and nothing else rose either.

    Rooms alone contradict nothing, because one meeting may grow by a thousand people.
    """
    if reading.demand.state is not DemandState.OBSERVED or not jumped(facts):
        return reading
    rise = (facts.participants or 0.0) - (facts.before or 0.0)
    joined = None if evidence.joined is None else evidence.joined >= FOLLOWED_JOINS * rise
    egress = _followed(evidence.egress, evidence.egress_before)
    rooms = _followed(evidence.rooms, evidence.rooms_before)
    if True in (joined, egress, rooms) or (joined is None and egress is None):
        return reading
    flat = [name for name, rose in (("joins", joined), ("egress", egress)) if rose is False]
    return replace(
        reading,
        demand=replace(reading.demand, state=DemandState.CONTRADICTED),
        reason=(
            f"participants rose from {facts.before:.0f} to {facts.participants:.0f} in five minutes"
            f" while {' and '.join(flat)} did not"
        ),
    )


def _followed(value: float | None, before: float | None) -> bool | None:
    if value is None or before is None:
        return None
    return value > before and value >= FOLLOWED_FACTOR * before

"""Pools that share one query: the same preset, asked by the same label keys."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from autoscaler.resources.demand import Preset
from autoscaler.resources.sfupool import SFUPool

LabelValues: TypeAlias = tuple[str, ...]
"""What tells the pools of a group apart: their values of the group's label keys, in that order."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """One preset's pools, told apart by the same label keys, going stale after the same time."""

    preset: Preset
    keys: tuple[str, ...]
    stale_after_seconds: int
    pools: tuple[SFUPool, ...]

    @property
    def matchers(self) -> str:
        """Label matchers that every pool of the group fulfils: as narrow as equality allows."""
        matchers = []
        for key in self.keys:
            values = {pool.spec.demand.match_labels[key] for pool in self.pools}
            if len(values) == 1:
                matchers.append(matcher(key, values.pop()))
            elif "" not in values:
                matchers.append(f'{key}!=""')
        return ",".join(matchers)

    def values_in(self, labels: Mapping[str, str]) -> LabelValues:
        """Return the values of the group's keys among a pool's or a row's labels."""
        return tuple(labels.get(key, "") for key in self.keys)

    def narrowed(self, pools: Iterable[SFUPool]) -> "Group":
        """Return the group with some of its pools."""
        return replace(self, pools=tuple(pools))


def grouped(pools: Iterable[SFUPool]) -> Sequence[Group]:
    """Put the pools whose demand names a preset into as few groups as can be asked."""
    members: dict[tuple[Preset, tuple[str, ...], int], list[SFUPool]] = defaultdict(list)
    for pool in pools:
        demand = pool.spec.demand
        if demand.preset is not None:
            keys = tuple(sorted(demand.match_labels))
            members[demand.preset, keys, demand.stale_after_seconds].append(pool)
    return [Group(*key, pools=tuple(pools)) for key, pools in members.items()]


def matcher(key: str, value: str) -> str:
    """Return a label matcher; PromQL escapes in strings as JSON does."""
    return f"{key}={json.dumps(value, ensure_ascii=False)}"

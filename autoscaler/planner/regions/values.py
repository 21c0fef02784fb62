"""Regions that may serve each other, what can be bought in each, and what is bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autoscaler.errors import SpecError
from autoscaler.planner.envelope import FloatArray, IntArray

BoolArray = npt.NDArray[np.bool_]

MOST_REGIONS = 12
"""Every group of regions is looked at: 4,095 of them."""
_NEARLY = 1e-6
"""Of a whole unit: so little above it is the solver's tolerance, and buys no other one."""


class Supply(NamedTuple):
    """What is bought in whole units: servers, or steps of a link's commit."""

    holds: float
    """Demand that one unit serves (participants)."""
    price: float
    """Money that one unit costs in a month."""
    most: int | None = None
    """Units that can be had at all: a quota, a port. None: nobody said."""

    def units(self, demand: float) -> int:
        """Return the whole units that hold a demand."""
        return int(np.ceil(demand / self.holds - _NEARLY))


class Region(NamedTuple):
    """A region that serves people where both its servers and its link hold them."""

    name: str
    servers: Supply
    link: Supply


@dataclass(frozen=True, slots=True)
class Demands:
    """What the regions' people ask for, and who may serve whom.

    `paths` are participants by the risk quantile, shape (ticks, regions); `latency_ms`, shape
    (regions, regions), is from where people are to where they are served. Raises SpecError.
    """

    regions: tuple[Region, ...]
    paths: FloatArray
    latency_ms: FloatArray
    bound_ms: float

    def __post_init__(self) -> None:
        count = len(self.regions)
        if not 1 <= count <= MOST_REGIONS:
            raise SpecError(f"{count} regions: must be 1 to {MOST_REGIONS}")
        names = sorted(region.name for region in self.regions)
        for one, other in pairwise(names):
            if one == other:
                raise SpecError(f"region {one} comes twice: give one of them a new name")
        if self.paths.ndim != 2 or self.paths.shape[1] != count or not len(self.paths):
            raise SpecError(f"demand has shape {self.paths.shape}, must be (ticks, {count})")
        if not (np.isfinite(self.paths).all() and (self.paths >= 0.0).all()):
            raise SpecError("demand must be known and at least 0 at every tick of every region")
        if self.latency_ms.shape != (count, count):
            raise SpecError(f"latency has shape {self.latency_ms.shape}, must be {(count, count)}")

    @property
    def reach(self) -> BoolArray:
        """Whether people of a region (row) may be served in another (column); at home always."""
        reach: BoolArray = self.latency_ms <= self.bound_ms
        return reach | np.eye(len(self.regions), dtype=np.bool_)

    @property
    def uncovered(self) -> tuple[int, ...]:
        """Regions that nobody may serve while they are lost."""
        return tuple(np.flatnonzero(self.reach.sum(axis=1) == 1).tolist())

    @property
    def unit_costs(self) -> FloatArray:
        """Money that serving one participant costs in a month, server and egress, by region."""
        return np.array(
            [
                each.servers.price / each.servers.holds + each.link.price / each.link.holds
                for each in self.regions
            ]
        )


@dataclass(frozen=True, slots=True)
class Provision:
    """Whole servers and whole steps of the link, by region, and what they cost a month."""

    servers: tuple[int, ...]
    steps: tuple[int, ...]
    cost: float

    def capacity(self, regions: Sequence[Region]) -> FloatArray:
        """Return the participants that each region holds: what its servers and its link do."""
        return np.array(
            [
                min(servers * region.servers.holds, steps * region.link.holds)
                for region, servers, steps in zip(regions, self.servers, self.steps, strict=True)
            ]
        )


@dataclass(frozen=True, slots=True)
class JointPlan:
    """A provision for all regions together, beside the least that fractions of units would cost.

    `cost_bound` is the linear programme's optimum: no plan of whole units is cheaper.
    """

    provision: Provision
    cost_bound: float
    uncovered: tuple[int, ...]


def bought(regions: Sequence[Region], servers: IntArray, steps: IntArray) -> Provision:
    """Return a provision with its cost."""
    cost = sum(
        region.servers.price * int(count) + region.link.price * int(step)
        for region, count, step in zip(regions, servers, steps, strict=True)
    )
    return Provision(tuple(servers.tolist()), tuple(steps.tolist()), float(cost))


def holding(regions: Sequence[Region], capacity: FloatArray) -> Provision:
    """Return the fewest whole units that hold `capacity` participants in each region."""
    pairs = list(zip(regions, capacity.tolist(), strict=True))
    return bought(
        regions,
        np.array([region.servers.units(each) for region, each in pairs], dtype=np.int64),
        np.array([region.link.units(each) for region, each in pairs], dtype=np.int64),
    )

"""What is answered about regions: the joint plan, what it saves, who serves whom, what counts."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from autoscaler.cli.regions_file import RegionsFile
from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.regions import (
    Demands,
    JointPlan,
    Provision,
    credited,
    plan_alone,
    plan_jointly,
    provision_for,
    route,
)

_LEAST_SHARE = 5e-4
"""A route of less is not shown."""


@dataclass(frozen=True, slots=True)
class Route:
    """Share of a home's people that a region serves, over all ticks; `lost` None: normal times."""

    lost: str | None
    home: str
    serving: str
    share: float
    credited: float
    """The share that may be counted on, as far as traffic was measured to follow."""


@dataclass(frozen=True, slots=True)
class RegionsAnswer:
    """The joint plan beside each region alone, and what traffic that follows needs today."""

    file: RegionsFile
    ticks: int
    bound_ms: float
    joint: JointPlan
    alone: Provision
    counted: Provision
    routes: tuple[Route, ...]

    @property
    def saving(self) -> float:
        """Share of the money that planning together saves, against each region alone."""
        alone = self.alone.cost
        return 1.0 - self.joint.provision.cost / alone if alone else 0.0

    @property
    def uncovered(self) -> tuple[str, ...]:
        """Regions that nobody may serve while they are lost."""
        return tuple(self.file.names[each] for each in self.joint.uncovered)

    def bought(self, provision: Provision) -> list[tuple[int, int]]:
        """Return (servers, Mbit/s) of each region."""
        steps = [region.link.step_mbps for region in self.file.regions]
        counts = zip(provision.servers, provision.steps, steps, strict=True)
        return [(servers, count * step) for servers, count, step in counts]

    def document(self) -> dict[str, Any]:
        """Return the answer as JSON has it."""
        plans = {"joint": self.joint.provision, "alone": self.alone, "credited": self.counted}
        bought = {name: self.bought(plan) for name, plan in plans.items()}
        return {
            "currency": self.file.currency,
            "max_latency_ms": self.bound_ms,
            "ticks": self.ticks,
            "monthly_cost": {name: round(plan.cost, 2) for name, plan in plans.items()}
            | {"bound": round(self.joint.cost_bound, 2)},
            "saving_percent": round(100.0 * self.saving, 2),
            "uncovered": list(self.uncovered),
            "regions": [
                {"name": region}
                | {
                    name: {"servers": each[index][0], "link_mbps": each[index][1]}
                    for name, each in bought.items()
                }
                for index, region in enumerate(self.file.names)
            ],
            "routes": [
                {
                    "lost": each.lost,
                    "home": each.home,
                    "serving": each.serving,
                    "share": round(each.share, 4),
                    "credited": round(each.credited, 4),
                }
                for each in self.routes
            ],
        }


def answer_of(file: RegionsFile, demands: Demands) -> RegionsAnswer:
    """Plan together, alone, and as far as traffic follows. Raises SpecError."""
    joint = plan_jointly(demands)
    routes: list[Route] = []
    counted = []
    for lost in (None, *range(len(file.names))):
        shares = route(demands, joint.provision, lost=lost)
        trusted = credited(shares, file.followed, lost=lost)
        routes += _routes(file.names, demands.paths, shares, trusted, lost=lost)
        counted.append(trusted)
    return RegionsAnswer(
        file=file,
        ticks=len(demands.paths),
        bound_ms=demands.bound_ms,
        joint=joint,
        alone=plan_alone(demands),
        counted=provision_for(demands, *counted),
        routes=tuple(routes),
    )


def _routes(
    names: tuple[str, ...],
    paths: FloatArray,
    shares: FloatArray,
    trusted: FloatArray,
    *,
    lost: int | None,
) -> list[Route]:
    """Return the routes in use; of a loss, those of the lost region's people alone."""
    people = np.maximum(paths.sum(axis=0), np.finfo(float).tiny)
    mean, mean_trusted = (
        np.einsum("th,ths->hs", paths, each) / people[:, None] for each in (shares, trusted)
    )
    homes = range(len(names)) if lost is None else (lost,)
    return [
        Route(
            lost=None if lost is None else names[lost],
            home=names[home],
            serving=names[serving],
            share=float(mean[home, serving]),
            credited=float(mean_trusted[home, serving]),
        )
        for home in homes
        for serving in range(len(names))
        if mean[home, serving] >= _LEAST_SHARE
    ]

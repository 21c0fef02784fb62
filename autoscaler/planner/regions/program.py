"""The least cost of servers and links for all regions together, as fractions and as whole units."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from autoscaler.errors import SpecError
from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.regions.cuts import Cut, cuts, holds
from autoscaler.planner.regions.values import Demands, JointPlan, Provision, bought, holding

_GAP = 1e-3
"""A plan this close to the best is as good: what is planned for is a forecast."""
_MOST_NODES = 2_000
"""Of the search for whole units: a count and not a time, so that the same question has the same
answer everywhere."""


class _Program(NamedTuple):
    """Columns: capacity in use, servers, link steps, by region; rows: `matrix @ x <= top`."""

    cost: FloatArray
    matrix: sparse.csr_array
    top: FloatArray
    most: FloatArray


def plan_jointly(demands: Demands) -> JointPlan:
    """Return whole servers and link steps that serve all demand with none or any one region lost.

    Costs are a month of what is provisioned. People of a lost region whom nobody else may serve
    within the latency bound are named `uncovered`, not planned for. Raises SpecError where what can
    be had is not enough.
    """
    wanted = cuts(demands)
    _check_supply(demands, wanted)
    program = _program(demands, wanted)
    relaxed = _solved(program, whole=False)
    assert relaxed is not None
    rounded = holding(demands.regions, relaxed[: len(demands.regions)])
    found = _whole(demands, program, wanted)
    best = rounded if found is None or rounded.cost <= found.cost else found
    return JointPlan(best, float(program.cost @ relaxed), demands.uncovered)


def _program(demands: Demands, wanted: Sequence[Cut]) -> _Program:
    regions, count = demands.regions, len(demands.regions)
    none = sparse.csr_array((count, count))
    per_server = sparse.diags_array([float(each.servers.holds) for each in regions])
    per_step = sparse.diags_array([float(each.link.holds) for each in regions])
    one = sparse.eye_array(count)
    serving = np.zeros((len(wanted), count))
    for row, cut in enumerate(wanted):
        serving[row, list(cut.serving)] = -1.0
    matrix = sparse.block_array(
        [
            [one, -per_server, none],
            [one, none, -per_step],
            [sparse.csr_array(serving), None, None],
        ],
        format="csr",
    )
    most = [np.inf if each is None else each for each in _most(demands)]
    return _Program(
        cost=np.array(
            [0.0] * count
            + [each.servers.price for each in regions]
            + [each.link.price for each in regions]
        ),
        matrix=matrix,
        top=np.array([0.0] * (2 * count) + [-cut.demand for cut in wanted]),
        most=np.array([np.inf] * count + most),
    )


def _most(demands: Demands) -> list[int | None]:
    return [each.servers.most for each in demands.regions] + [
        each.link.most for each in demands.regions
    ]


def _whole(demands: Demands, program: _Program, wanted: Sequence[Cut]) -> Provision | None:
    """Return the best whole units that the search found; None if it found none that hold."""
    found = _solved(program, whole=True)
    if found is None:
        return None
    count = len(demands.regions)
    units = np.rint(found[count:]).astype(np.int64)
    provision = bought(demands.regions, units[:count], units[count:])
    # the solver is content a millionth beside the whole unit and the demand
    return provision if holds(provision.capacity(demands.regions), wanted) else None


def _solved(program: _Program, *, whole: bool) -> FloatArray | None:
    """Return the columns by HiGHS: the optimum of fractions, or whole units as far as it looked."""
    count = program.cost.size // 3
    found = milp(
        program.cost,
        integrality=np.repeat([0, int(whole), int(whole)], count),
        bounds=Bounds(np.zeros_like(program.most), program.most),
        constraints=LinearConstraint(program.matrix, ub=program.top),
        options={"mip_rel_gap": _GAP, "node_limit": _MOST_NODES},
    )
    columns: FloatArray | None = found.x
    return columns


def _check_supply(demands: Demands, wanted: Sequence[Cut]) -> None:
    """Raise SpecError for a group that all that can be had does not hold."""
    most = np.array(
        [
            min(np.inf if each.most is None else each.most * each.holds for each in supplies)
            for _, *supplies in demands.regions
        ]
    )
    for cut in wanted:
        can_hold = most[list(cut.serving)].sum()
        if can_hold < cut.demand:
            names = [region.name for region in demands.regions]
            lost = "" if cut.lost is None else f" with {names[cut.lost]} lost"
            raise SpecError(
                f"{', '.join(names[each] for each in cut.homes)} need {cut.demand:,.0f} "
                f"participants served{lost}, and at most {can_hold:,.0f} can be had in "
                f"{', '.join(names[each] for each in cut.serving)}: raise most or maxMbps there"
            )

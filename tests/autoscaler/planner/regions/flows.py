"""Joint plans judged another way than they are made: person by person, tick by tick, as flows."""

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import maximum_flow

from autoscaler.planner.regions import Demands


def served(demands: Demands, capacity: np.ndarray, *, tick: int, lost: int | None) -> int:
    """Return how many people (whole ones) are served at most, by maximum flow."""
    count = len(demands.regions)
    source, sink = 2 * count, 2 * count + 1
    graph = np.zeros((2 * count + 2, 2 * count + 2), dtype=np.int32)
    for home in range(count):
        graph[source, home] = int(demands.paths[tick, home])
        for serving in range(count):
            if serving != lost and (
                home == serving or demands.latency_ms[home, serving] <= demands.bound_ms
            ):
                graph[home, count + serving] = np.iinfo(np.int32).max
    for serving in range(count):
        graph[count + serving, sink] = int(capacity[serving] + 1e-6)
    return int(maximum_flow(sparse.csr_array(graph), source, sink).flow_value)


def asked(demands: Demands, *, tick: int, lost: int | None) -> int:
    """Return how many people somebody may serve within the bound."""
    people = demands.paths[tick].astype(np.int64).sum()
    if lost is not None and lost in demands.uncovered:
        people -= int(demands.paths[tick, lost])
    return int(people)


def least_cost(demands: Demands) -> float:
    """Return the optimum of the programme with a variable for every flow at every tick."""
    regions, (ticks, count) = demands.regions, demands.paths.shape
    losses = [None, *range(count)]
    flows = [
        (tick, lost, home, serving)
        for tick in range(ticks)
        for lost in losses
        for home in range(count)
        for serving in range(count)
        if demands.reach[home, serving] and serving != lost
    ]
    columns = 2 * count + len(flows)
    cost = np.zeros(columns)
    cost[: 2 * count] = [
        *(region.servers.price for region in regions),
        *(region.link.price for region in regions),
    ]
    equal: dict[tuple[int, int | None, int], list[int]] = {}
    loads: dict[tuple[int, int | None, int], list[int]] = {}
    for column, (tick, lost, home, serving) in enumerate(flows, start=2 * count):
        equal.setdefault((tick, lost, home), []).append(column)
        loads.setdefault((tick, lost, serving), []).append(column)
    left, right = np.zeros((len(equal), columns)), np.zeros(len(equal))
    for row, ((tick, _, home), members) in enumerate(equal.items()):
        left[row, members], right[row] = 1.0, demands.paths[tick, home]
    upper = np.zeros((2 * len(loads), columns))
    for row, ((_, _, serving), members) in enumerate(loads.items()):
        upper[2 * row : 2 * row + 2, members] = 1.0
        upper[2 * row, serving] = -regions[serving].servers.holds
        upper[2 * row + 1, count + serving] = -regions[serving].link.holds
    found = linprog(cost, A_ub=upper, b_ub=np.zeros(len(upper)), A_eq=left, b_eq=right)
    assert found.fun is not None, found.message
    return float(found.fun)

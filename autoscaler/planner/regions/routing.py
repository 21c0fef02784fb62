"""Who serves whom: the weights a router needs, and how much of them may be counted on."""

import numpy as np
from scipy import sparse
from scipy.optimize import LinearConstraint, milp

from autoscaler.planner.envelope import FloatArray
from autoscaler.planner.regions.values import Demands, Provision, holding

_UNSERVED = 1e3
"""What leaving somebody unserved counts, in latency bounds."""


def route(demands: Demands, provision: Provision, *, lost: int | None = None) -> FloatArray:
    """Return the share of each region's people that each region serves, at every tick.

    Shape (ticks, homes, serving). People are served with the least latency altogether that the
    provision allows, nobody beyond the bound; a row that sums to less than 1 leaves that share of
    people unserved.
    """
    ticks, count = demands.paths.shape
    allowed = demands.reach.copy()
    if lost is not None:
        allowed[:, lost] = False
    homes, serving = np.nonzero(allowed)
    latency = np.where(homes == serving, 0.0, demands.latency_ms[homes, serving])
    nobody = _UNSERVED * (demands.bound_ms + 1.0)
    pairs = np.arange(homes.size)
    ones = np.ones(homes.size)
    by_home = sparse.hstack(
        [
            sparse.csr_array((ones, (homes, pairs)), shape=(count, homes.size)),
            sparse.eye_array(count),
        ]
    )
    by_serving = sparse.hstack(
        [
            sparse.csr_array((ones, (serving, pairs)), shape=(count, homes.size)),
            sparse.csr_array((count, count)),
        ]
    )
    each_tick = sparse.eye_array(ticks)
    capacity = np.tile(provision.capacity(demands.regions), ticks)
    everybody = demands.paths.ravel()
    found = milp(
        np.tile(np.concatenate([latency, np.full(count, nobody)]), ticks),
        constraints=(
            LinearConstraint(sparse.kron(each_tick, by_home, format="csr"), everybody, everybody),
            LinearConstraint(sparse.kron(each_tick, by_serving, format="csr"), ub=capacity),
        ),
    )
    assert found.x is not None, found.message
    people = np.zeros((ticks, count, count))
    people[:, homes, serving] = found.x.reshape(ticks, -1)[:, : homes.size]
    asked = demands.paths[:, :, None]
    at_home = np.broadcast_to(np.diag(np.diag(allowed).astype(np.float64)), people.shape)
    shares = np.divide(people, asked, out=at_home.copy(), where=asked > 0.0)
    return np.clip(shares, 0.0, 1.0)


def credited(shares: FloatArray, followed: FloatArray, *, lost: int | None = None) -> FloatArray:
    """Return the shares that capacity may be planned on: elsewhere only as far as traffic follows.

    `followed` (homes, serving) is the share of a home's people that was measured to be served there
    when the router was told so; 0 where nobody measured. The rest is served at home, or, of a lost
    region, by nobody.
    """
    elsewhere = np.minimum(shares, followed) * (1.0 - np.eye(shares.shape[-1]))
    at_home = 1.0 - elsewhere.sum(axis=-1)
    if lost is not None:
        at_home[..., lost] = 0.0
    result: FloatArray = elsewhere + at_home[..., None] * np.eye(shares.shape[-1])
    return result


def provision_for(demands: Demands, *shares: FloatArray) -> Provision:
    """Return what serves people as each of `shares` (ticks, homes, serving) has them served."""
    loads = [np.einsum("th,ths->ts", demands.paths, each).max(axis=0) for each in shares]
    return holding(demands.regions, np.max(loads, axis=0))

"""What the same would cost without planning together: every region for its own peak, and a backup.

Both serve people at home always and survive the loss of a region as well as the joint plan does.
They differ in who thought about the backup.
"""

import numpy as np
from scipy.optimize import linprog

from autoscaler.planner.regions.values import Demands, Provision, holding


def plan_alone(demands: Demands) -> Provision:
    """Return own peaks and backups promised by each neighbour for itself.

    A lost region's own peak is shared among those who may serve it, in proportion to their own
    peaks; each keeps the largest of its shares on top of its own peak, for all hours of the day:
    what `reserve.failover` says where owners agree on nothing but shares.
    """
    peaks = demands.paths.max(axis=0)
    neighbours = demands.reach & ~np.eye(len(peaks), dtype=np.bool_)
    weights = neighbours * np.maximum(peaks, np.finfo(float).tiny)
    total = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0.0)
    backup = (shares * peaks[:, None]).max(axis=0)
    return holding(demands.regions, peaks + backup)


def plan_at_home(demands: Demands) -> Provision:
    """Return own peaks and the cheapest backup for them: `locality first`, backed up together.

    Backup capacity is placed by a linear programme and is for whichever region is lost; that peaks
    come at different hours is not used.
    """
    peaks = demands.paths.max(axis=0)
    neighbours = demands.reach & ~np.eye(len(peaks), dtype=np.bool_)
    covered = neighbours.any(axis=1)
    backup = np.zeros_like(peaks)
    if covered.any():
        found = linprog(demands.unit_costs, A_ub=-1.0 * neighbours[covered], b_ub=-peaks[covered])
        assert found.status == 0, found.message
        backup = found.x
    return holding(demands.regions, peaks + backup)

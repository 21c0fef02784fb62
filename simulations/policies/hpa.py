"""An HPA on participants, set as well as one can be.

Two metrics, of which the larger proposal wins: participants per server (Pods), which treats missing
targets conservatively, and demand with refused joins (External), which goes on rising when every
server is full. Both aim at the same share of a server's rating.
"""

from simulations.policies.hpa_loop import HpaLoop
from simulations.policies.metrics.participants import InTotal, PerServer


def hpa(target_utilization: float = 0.7) -> HpaLoop:
    """Make the policy; `target_utilization` is the share of a server's rating to aim at."""
    return HpaLoop("hpa", (PerServer(target_utilization), InTotal(target_utilization)))

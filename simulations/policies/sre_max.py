"""What an SRE would write today: max(HPA on participants, last week x 1.2, cron).

One HPA with four metrics. The dial is the margin over last week; the HPA's target and the cron's
replicas turn along with it, in proportion (70 % at 1.2), or a wide margin would never show.
"""

from simulations.policies.hpa_loop import HpaLoop
from simulations.policies.metrics.cron import Cron
from simulations.policies.metrics.last_week import LastWeek
from simulations.policies.metrics.participants import InTotal, PerServer

MARGIN = 1.2
_TARGET_AT_MARGIN = 0.7


def sre_max(margin: float = MARGIN) -> HpaLoop:
    """Make the policy; `margin` multiplies last week's demand, which fills servers to 100 %."""
    utilization = _TARGET_AT_MARGIN * MARGIN / margin
    metrics = (
        PerServer(utilization),
        InTotal(utilization),
        LastWeek(utilization=1.0, margin=margin),
        Cron(utilization=1.0 / margin),
    )
    return HpaLoop("sre-max", metrics)

"""From a link's decision to the order that is placed, or to the reason why none is. Pure."""

from dataclasses import dataclass
from math import ceil

from autoscaler.controller.act import Hold
from autoscaler.controller.sentences import chain
from autoscaler.controller.suppliers import Supplied
from autoscaler.engine.decision import LinkDecision
from autoscaler.planner.settings import Mode
from autoscaler.ports.bandwidth import BandwidthOrder
from autoscaler.resources.egresslink import EgressLink

MANUAL = Hold("ManualProvider", "people order it, and raise spec.committedMbps once it is there")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderIntent:
    """What a link's decision comes to.

    `order` is None where all is ordered, or where `hold` forbids it; beside an order, `hold` is
    what became of the last one that is now tried again.
    """

    order: BandwidthOrder | None
    hold: Hold | None


def intend_order(
    link: EgressLink, decision: LinkDecision, supplied: Supplied | None
) -> OrderIntent:
    """Return what to order. `supplied` is None where people buy.

    What people must approve first is not in the decision's order until they did, in any mode.
    """
    if supplied is None:
        return OrderIntent(order=None, hold=MANUAL)
    hold, supply = _hold(link, supplied), supplied.supply
    if hold is not None or supply is None:
        return OrderIntent(order=None, hold=hold)
    # No order is ever larger than what can be bought, whatever is asked for.
    wanted = min(ceil(decision.order_mbps), link.spec.max_mbps)
    if wanted <= supply.ordered_mbps:
        return OrderIntent(order=None, hold=None)
    because = chain(decision.reasons)
    order = BandwidthOrder(link=link, supply=supply, to_mbps=wanted, because=because)
    later = supplied.busy or order.key == supplied.refused
    return OrderIntent(order=None if later else order, hold=supplied.trouble)


def _hold(link: EgressLink, supplied: Supplied) -> Hold | None:
    if link.metadata.deletion_timestamp is not None:
        return Hold("Deleting", "the link is being deleted: nothing is ordered any more")
    if link.spec.mode is Mode.OBSERVE:
        return Hold("ModeObserve", "mode is Observe: nothing is ordered")
    return supplied.blocked

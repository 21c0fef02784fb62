"""Who makes an order of egress real: what is ordered and delivered there, and how to order."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from autoscaler.resources.egresslink import EgressLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What a provider says of one link, Mbit/s, as it was asked.

    `ordered_mbps` counts what is bought and what is on its way, `delivered_mbps` what can be used.
    `revision` is opaque and changes with each change of what is ordered: an order carries it, so
    that it fails when anything changed since. `said` are the provider's own words. `refusal` says
    why nothing may be ordered there (empty: it may), `owned` which object's field is ours.
    """

    ordered_mbps: float
    delivered_mbps: float
    revision: str = ""
    said: str = ""
    refusal: str = ""
    owned: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BandwidthOrder:
    """A total to have ordered, Mbit/s, where `supply` was read before; `because` says why.

    A total, never a difference: an order that is placed twice buys nothing twice.
    """

    link: EgressLink
    supply: Supply
    to_mbps: int
    because: str

    @property
    def key(self) -> str:
        """The same for the same order, whoever places it and however often: link and digest."""
        supply = self.supply
        rests_on = (self.link.metadata.uid, supply.ordered_mbps, supply.revision, self.to_mbps)
        digest = hashlib.sha256(repr(rests_on).encode()).hexdigest()[:16]
        return f"{self.link.metadata.name}-{digest}"


class Bandwidth(Protocol):
    """One way of buying egress. Every method may take seconds, and raises OuterWorldError."""

    def read(self, link: EgressLink) -> Supply:
        """Return what is ordered and delivered."""
        ...

    def order(self, order: BandwidthOrder, *, may_order: Callable[[], bool]) -> str:
        """Order the total and return what the provider says to it.

        Link and supply are looked at again right before; `may_order` is asked last. Raises
        OrderConflictError when anything changed since it was read or leadership was lost, and
        OrderRefusedError when the provider says no.
        """
        ...

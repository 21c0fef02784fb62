"""Which resources there are."""

from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.sfupool import SFUPool

AnyResource = SFUPool | EgressLink | DemandEvent | CapacityPlan

KINDS: tuple[type[AnyResource], ...] = (SFUPool, EgressLink, DemandEvent, CapacityPlan)

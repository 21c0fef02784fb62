"""Which resources there are."""

from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.common import Resource
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.sfupool import SFUPool

KINDS: tuple[type[Resource], ...] = (SFUPool, EgressLink, DemandEvent, CapacityPlan)

"""Several regions together: servers and egress that serve all peaks, with any one region lost."""

from autoscaler.planner.regions.alone import plan_alone, plan_at_home
from autoscaler.planner.regions.program import plan_jointly
from autoscaler.planner.regions.routing import credited, provision_for, route
from autoscaler.planner.regions.values import Demands, JointPlan, Provision, Region, Supply

__all__ = [
    "Demands",
    "JointPlan",
    "Provision",
    "Region",
    "Supply",
    "credited",
    "plan_alone",
    "plan_at_home",
    "plan_jointly",
    "provision_for",
    "route",
]

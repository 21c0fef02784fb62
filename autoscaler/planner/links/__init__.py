"""Egress to order: in steps, behind approvals, days ahead, and paid for in somebody's own way."""

from autoscaler.planner.links.plan import plan_link
from autoscaler.planner.links.values import Expected, LinkOrder, LinkPlan, LinkState, Traffic

__all__ = ["Expected", "LinkOrder", "LinkPlan", "LinkState", "Traffic", "plan_link"]

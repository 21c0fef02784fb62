"""The `Reports` port: status, events and plans, each under the manager that owns it."""

from autoscaler.errors import NotFoundError, WriteConflictError
from autoscaler.kube.client import KubeClient
from autoscaler.kube.discovery import Kind
from autoscaler.kube.events import Recorder
from autoscaler.ports.reports import Notice, StatusReport, Subject
from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.common import API_VERSION, GROUP, VERSION

STATUS_MANAGER = "meetscale-status"
PLAN_MANAGER = "meetscale"
PLANS = Kind(GROUP, VERSION, CapacityPlan.names.plural)


class KubeReports:
    """Tells the cluster. Every method raises KubernetesError."""

    def __init__(self, client: KubeClient, *, instance: str) -> None:
        """`instance` is who reports: the pod's name."""
        self._client = client
        self._recorder = Recorder(client, instance=instance)

    def write_status(self, report: StatusReport) -> None:
        """Apply a whole status. Only this manager writes it, so whoever else did is overruled."""
        about = report.subject
        kind = Kind(GROUP, VERSION, about.resource)
        body = {
            "apiVersion": API_VERSION,
            "kind": about.kind,
            "metadata": {"name": about.name, "uid": about.uid},
            "status": report.status,
        }
        path = kind.path(about.namespace, about.name, subresource="status")
        self._client.apply(path, body, manager=STATUS_MANAGER, force=True)

    def post(self, notice: Notice, *, now: int) -> None:
        """Post an event, or count one more of the same."""
        self._recorder.post(notice, now=now)

    def propose(self, plan: CapacityPlan, *, owner: Subject) -> None:
        """Create the plan unless it exists; it goes when its owner goes."""
        body = plan.model_dump(
            mode="json", by_alias=True, exclude_none=True, exclude={"metadata", "status"}
        )
        reference = {
            "apiVersion": API_VERSION,
            "kind": owner.kind,
            "name": owner.name,
            "uid": owner.uid,
        }
        body["metadata"] = {"name": plan.metadata.name, "ownerReferences": [reference]}
        try:
            self._client.create(PLANS.path(owner.namespace), body)
        except WriteConflictError:
            return

    def discard(self, plan: CapacityPlan) -> None:
        """Delete the plan if it is still there, and still this one."""
        about = plan.metadata
        try:
            self._client.delete(PLANS.path(about.namespace, about.name), uid=about.uid)
        except (NotFoundError, WriteConflictError):
            return

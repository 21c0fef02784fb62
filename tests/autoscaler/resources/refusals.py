"""What must be refused, with field and message: judged by the models and by a real API server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.autoscaler.resources.samples import ABSENT

DEPLOYMENT = {
    "spec.target.group": "apps",
    "spec.target.version": "v1",
    "spec.target.resource": "deployments",
}
BUFFER = {
    "spec.target.group": "autoscaling.x-k8s.io",
    "spec.target.version": "v1beta1",
    "spec.target.resource": "capacitybuffers",
    "spec.target.fieldPath": "/spec/replicas",
}
SCALED_OBJECT = {
    "spec.target.group": "keda.sh",
    "spec.target.version": "v1alpha1",
    "spec.target.resource": "scaledobjects",
}
QUERY = {"spec.demand": {"query": "sum(participants)"}}
ONCE = {"startTime": "2026-12-01T10:00:00Z", "endTime": "2026-12-01T11:00:00+01:00"}


@dataclass(frozen=True)
class Refusal:
    """A change of a shipped sample after which it must be refused."""

    sample: str
    changes: Mapping[str, object]
    field: str
    message: str


def refusals(sample: str, *rows: tuple[Mapping[str, object], str, str]) -> tuple[Refusal, ...]:
    return tuple(Refusal(sample, *row) for row in rows)


POOL = refusals(
    "sfupool",
    (
        {"spec.minReplicas": 700},
        "spec.minReplicas",
        "minReplicas must not exceed maxReplicas",
    ),
    (
        {"spec.target": ABSENT},
        "spec.target",
        "modes Recommend and Act need a target",
    ),
    (
        {"spec.target": ABSENT, "spec.mode": "Recommend"},
        "spec.target",
        "modes Recommend and Act need a target",
    ),
    (
        {**DEPLOYMENT, "spec.target.semantics": "Size", "spec.target.subresource": "scale"},
        "spec.target.fieldPath",
        "exactly one of fieldPath and subresource must be set",
    ),
    (
        {**DEPLOYMENT, "spec.target.fieldPath": ABSENT},
        "spec.target.fieldPath",
        "exactly one of fieldPath and subresource must be set",
    ),
    (
        {**DEPLOYMENT, "spec.target.fieldPath": ABSENT, "spec.target.subresource": "scale"},
        "spec.target.semantics",
        "a scale subresource is a size: semantics must be Size",
    ),
    (
        {**DEPLOYMENT, "spec.target.fieldPath": "/spec/groups/0/size"},
        "spec.target.fieldPath",
        "fieldPath must not index a list",
    ),
    (
        {**DEPLOYMENT, "spec.target.fieldPath": "/spec/groups/-"},
        "spec.target.fieldPath",
        "fieldPath must not index a list",
    ),
    (
        {**DEPLOYMENT, "spec.target.fieldPath": "/status/replicas"},
        "spec.target.fieldPath",
        "must be a JSON pointer below /spec or /metadata/annotations",
    ),
    (
        {"spec.target.semantics": "Size"},
        "spec.target.semantics",
        "a HorizontalPodAutoscaler takes Floor at /spec/minReplicas",
    ),
    (
        {"spec.target.fieldPath": "/spec/maxReplicas"},
        "spec.target.semantics",
        "a HorizontalPodAutoscaler takes Floor at /spec/minReplicas",
    ),
    (
        {**SCALED_OBJECT, "spec.target.fieldPath": "/spec/maxReplicaCount"},
        "spec.target.semantics",
        "a ScaledObject takes Floor at /spec/minReplicaCount",
    ),
    (
        {
            **SCALED_OBJECT,
            "spec.target.fieldPath": "/spec/minReplicaCount",
            "spec.target.semantics": "Size",
        },
        "spec.target.semantics",
        "a ScaledObject takes Floor at /spec/minReplicaCount",
    ),
    (
        {**BUFFER, "spec.target.semantics": "Size"},
        "spec.target.semantics",
        "a CapacityBuffer takes Floor (one-per-node chunk) or Headroom (server-shaped chunk)"
        " at /spec/replicas",
    ),
    (
        {**BUFFER, "spec.target.fieldPath": "/spec/percentage"},
        "spec.target.semantics",
        "a CapacityBuffer takes Floor (one-per-node chunk) or Headroom (server-shaped chunk)"
        " at /spec/replicas",
    ),
    (
        {**BUFFER, "spec.target.semantics": "Headroom", "spec.server.workload": ABSENT},
        "spec.server.workload",
        "Headroom is the floor minus the servers that exist:"
        " server.workload must say what counts them",
    ),
    (
        {"spec.target.resource": "HorizontalPodAutoscaler"},
        "spec.target.resource",
        "must be the plural resource name, like deployments, not the kind",
    ),
    (
        {"spec.risk.quantile": "0.95"},
        "spec.risk.quantile",
        "set either quantile or both shortageCost and idleCost",
    ),
    (
        {"spec.risk.idleCost": ABSENT},
        "spec.risk.quantile",
        "set either quantile or both shortageCost and idleCost",
    ),
    (
        {"spec.risk": {}},
        "spec.risk.quantile",
        "set either quantile or both shortageCost and idleCost",
    ),
    (
        {"spec.risk": {"quantile": "0.4"}},
        "spec.risk.quantile",
        "must be a decimal number in quotes, from 0.5 to 0.999",
    ),
    (
        {"spec.risk": {"quantile": "P95"}},
        "spec.risk.quantile",
        "must be a decimal number in quotes, from 0.5 to 0.999",
    ),
    (
        {"spec.demand.query": "sum(participants)", "spec.demand.matchLabels": ABSENT},
        "spec.demand.preset",
        "exactly one of preset and query must be set",
    ),
    (
        {"spec.demand": {"staleAfterSeconds": 60}},
        "spec.demand.preset",
        "exactly one of preset and query must be set",
    ),
    (
        {"spec.demand": {"preset": "LiveKit"}},
        "spec.demand.matchLabels",
        "preset needs matchLabels, or every pool would read the same demand",
    ),
    (
        {"spec.demand": {"preset": "LiveKit", "matchLabels": {}}},
        "spec.demand.matchLabels",
        "preset needs matchLabels, or every pool would read the same demand",
    ),
    (
        {**QUERY, "spec.demand.matchLabels": {"pool": "eu"}},
        "spec.demand.matchLabels",
        "matchLabels goes with preset: a query selects its series itself",
    ),
    (
        {"spec.override.pinnedReplicas": 200},
        "spec.override.pinUntil",
        "pinnedReplicas needs pinUntil: a pin that never ends is forgotten",
    ),
    (
        {"spec.override.freeze": "All"},
        "spec.override.freezeUntil",
        "freeze and freezeUntil go together: a freeze that never ends is forgotten",
    ),
    (
        {"spec.release.guard": "DenyUnlessReleased", "spec.server.selector": ABSENT},
        "spec.server.selector",
        "the guard needs server.selector: nobody could be released otherwise",
    ),
    (
        {"spec.reserve.zonesLost": 3},
        "spec.reserve.zonesLost",
        "zonesLost must be smaller than zones",
    ),
    (
        {"spec.server.hourlyCost": ABSENT},
        "spec.server.hourlyCost",
        "cost.maxHourly and cost.maxMonthly need server.hourlyCost:"
        " without it nothing can be counted",
    ),
    (
        {"spec.server.hourlyCost": ABSENT, "spec.cost.maxHourly": ABSENT},
        "spec.server.hourlyCost",
        "cost.maxHourly and cost.maxMonthly need server.hourlyCost:"
        " without it nothing can be counted",
    ),
    (
        {"spec.supply.limits": [{"name": "stock", "servers": 5}]},
        "spec.supply.limits",
        "stock, maxReplicas, maxHourly and maxMonthly name other limits",
    ),
    (
        {"spec.cost.currency": "eur"},
        "spec.cost.currency",
        "must be an ISO 4217 code such as EUR",
    ),
    (
        {"metadata.name": "a" * 53},
        "metadata.name",
        "name must be at most 52 characters: plans are named after it",
    ),
)

LINK = refusals(
    "egresslink",
    (
        {
            "spec.tiers": [
                {"upToMbps": 2000000, "leadTimeSeconds": 60},
                {"upToMbps": 500000, "leadTimeSeconds": 3600},
            ]
        },
        "spec.tiers",
        "a larger tier must not have a shorter lead time",
    ),
    (
        {"spec.tiers": [{"upToMbps": 1999999, "leadTimeSeconds": 60}]},
        "spec.tiers",
        "the tiers must reach maxMbps",
    ),
    (
        {"spec.mode": "Act"},
        "spec.mode",
        "a Manual provider is confirmed by people: use mode Recommend",
    ),
    (
        {"spec.portMbps": 1000000},
        "spec.maxMbps",
        "maxMbps must not exceed portMbps",
    ),
    (
        {"spec.committedMbps": 2000001},
        "spec.committedMbps",
        "committedMbps must not exceed maxMbps",
    ),
    (
        {"spec.billing.model": "PerGigabyte"},
        "spec.billing.model",
        "set pricePerGigabyte with model PerGigabyte, and pricePerMbps with every other",
    ),
    (
        {"spec.billing.pricePerGigabyte": "0.02"},
        "spec.billing.model",
        "set pricePerGigabyte with model PerGigabyte, and pricePerMbps with every other",
    ),
    (
        {"spec.provider.type": "HTTP"},
        "spec.provider.http",
        "http goes with type HTTP",
    ),
    (
        {"spec.provider.type": "Object"},
        "spec.provider.object",
        "object goes with type Object",
    ),
    (
        {
            "spec.stepMbps": 500,
            "spec.provider": {
                "type": "Object",
                "object": {
                    "version": "v1",
                    "resource": "transits",
                    "name": "euw1",
                    "fieldPath": "/spec/rate",
                    "unit": "Gbps",
                },
            },
        },
        "spec.provider.object.unit",
        "unit Gbps needs committedMbps, stepMbps and maxMbps in multiples of 1000",
    ),
    (
        {"metadata.name": "a" * 53},
        "metadata.name",
        "name must be at most 52 characters: plans are named after it",
    ),
)

EVENT = refusals(
    "demandevent",
    (
        {"spec.recurring": ABSENT},
        "spec.once",
        "exactly one of once, recurring and holiday must be set",
    ),
    (
        {"spec.holiday": {"country": "DE", "timeZone": "Europe/Berlin"}},
        "spec.once",
        "exactly one of once, recurring and holiday must be set",
    ),
    (
        {"spec.recurring": ABSENT, "spec.once": ONCE},
        "spec.once.startTime",
        "startTime must be before endTime",
    ),
    (
        {"spec.participantsPerPool": 5000},
        "spec.multiplier",
        "at most one of multiplier and participantsPerPool must be set",
    ),
    (
        {"spec.multiplier": ABSENT, "spec.tag": ABSENT},
        "spec.multiplier",
        "one of multiplier and participantsPerPool must be set, or a tag to learn from",
    ),
    (
        {"spec.multiplier": "0.05"},
        "spec.multiplier",
        "must be a decimal number in quotes, from 0.1 to 100",
    ),
    (
        {"spec.multiplier": "100.5"},
        "spec.multiplier",
        "must be a decimal number in quotes, from 0.1 to 100",
    ),
    (
        {"spec.recurring.schedule": "every thursday"},
        "spec.recurring.schedule",
        'must be five cron fields, minute hour day month weekday, like "55 15 * * 4"',
    ),
    (
        {"spec.recurring.timeZone": "+01:00"},
        "spec.recurring.timeZone",
        "must be an IANA time zone, like Europe/Berlin",
    ),
)

PLAN = refusals(
    "capacityplan",
    (
        {"metadata.name": "eu-west-1-00000000"},
        "metadata.name",
        "a plan is named after its subject and digest",
    ),
    (
        {"spec.expireTime": "2026-11-22T17:00:00Z"},
        "spec.expireTime",
        "issueTime must be before expireTime",
    ),
    (
        {"spec.digest": "3F9A1C07"},
        "spec.digest",
        "must be eight hexadecimal digits",
    ),
)

REFUSALS = (*POOL, *LINK, *EVENT, *PLAN)

ACCEPTED: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("sfupool", {}),
    ("sfupool", {"spec.target": ABSENT, "spec.mode": "Observe"}),
    ("sfupool", {**QUERY}),
    ("sfupool", {"spec.risk": {"quantile": "0.999"}}),
    ("sfupool", {**BUFFER}),
    ("sfupool", {**BUFFER, "spec.target.semantics": "Headroom"}),
    ("sfupool", {**SCALED_OBJECT, "spec.target.fieldPath": "/spec/minReplicaCount"}),
    (
        "sfupool",
        {
            **DEPLOYMENT,
            "spec.target.fieldPath": ABSENT,
            "spec.target.subresource": "scale",
            "spec.target.semantics": "Size",
        },
    ),
    (
        "sfupool",
        {
            "spec.target.group": "cluster.x-k8s.io",
            "spec.target.version": "v1beta2",
            "spec.target.resource": "machinedeployments",
            "spec.target.fieldPath": "/metadata/annotations/"
            "cluster.x-k8s.io~1cluster-api-autoscaler-node-group-min-size",
        },
    ),
    (
        "sfupool",
        {
            "spec.override": {
                "freeze": "Release",
                "freezeUntil": "2027-05-29T23:00:00Z",
                "pinnedReplicas": 200,
                "pinUntil": "2027-05-29T22:00:00+02:00",
                "reason": "cup final",
            }
        },
    ),
    ("sfupool", {"metadata.name": "a" * 52}),
    ("egresslink", {}),
    (
        "egresslink",
        {
            "spec.mode": "Act",
            "spec.provider": {"type": "HTTP", "http": {"name": "dc-1", "linkId": "4711"}},
        },
    ),
    (
        "egresslink",
        {
            "spec.mode": "Act",
            "spec.provider": {
                "type": "Object",
                "object": {
                    "group": "net.example.com",
                    "version": "v1",
                    "resource": "transits",
                    "name": "euw1",
                    "fieldPath": "/spec/rate",
                    "unit": "Gbps",
                },
            },
        },
    ),
    (
        "egresslink",
        {
            "spec.billing.model": "PerGigabyte",
            "spec.billing.pricePerMbps": ABSENT,
            "spec.billing.pricePerGigabyte": "0.02",
        },
    ),
    ("demandevent", {}),
    (
        "demandevent",
        {
            "spec.recurring": ABSENT,
            "spec.once": {**ONCE, "endTime": "2026-12-01T11:00:01Z"},
            "spec.multiplier": ABSENT,
            "spec.participantsPerPool": 5000,
        },
    ),
    (
        "demandevent",
        {
            "spec.recurring": ABSENT,
            "spec.holiday": {"country": "NO", "timeZone": "Europe/Oslo"},
            "spec.multiplier": "0.1",
        },
    ),
    ("capacityplan", {}),
    ("capacityplan", {"spec.cost": ABSENT, "spec.unit": "Mbps"}),
)

"""Which policies there are, and what each of them can be turned by."""

from collections.abc import Callable, Iterable, Mapping

from autoscaler.errors import SpecError
from autoscaler.resources.near import meant
from simulations.policies import clairvoyant
from simulations.policies.aws_predictive import AwsPredictive
from simulations.policies.cluster_autoscaler import ClusterAutoscaler
from simulations.policies.crane import crane
from simulations.policies.dial import Dial, Labelled, PolicyEntry
from simulations.policies.hpa import hpa
from simulations.policies.hpa_cpu import hpa_cpu
from simulations.policies.jitsi import Jitsi
from simulations.policies.keda import keda
from simulations.policies.meetscale import Meetscale
from simulations.policies.phpa import phpa
from simulations.policies.promql_offset import promql_offset
from simulations.policies.seasonal_naive import SeasonalNaive
from simulations.policies.sre_max import sre_max
from simulations.policies.static_peak import StaticPeak
from simulations.policy import Policy

_UTILIZATIONS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
_TARGET = Dial("target_utilization", 0.7, _UTILIZATIONS)
_MIMIR_TARGET = Dial("target_utilization", 0.75, (0.4, 0.5, 0.6, 0.75, 0.85, 0.95))
_MARGIN = Dial("margin", 1.2, (0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 2.0))
_THRESHOLD = Dial("scale_up_threshold", 0.3, (0.2, 0.3, 0.4, 0.5, 0.65, 0.8))
_QUANTILE = Dial("risk_quantile", None, (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999))


def _turned(make: Callable[..., Policy], dial: Dial, source: str) -> PolicyEntry:
    """Make an entry of what takes the dial as its first argument, or its own default."""
    return PolicyEntry(
        lambda value: make() if value is None else make(value), dial=dial, source=source
    )


POLICIES: Mapping[str, PolicyEntry] = {
    "meetscale": _turned(Meetscale, _QUANTILE, "the operator's own engine.step"),
    "hpa": _turned(hpa, _TARGET, "Kubernetes 1.36.2, pkg/controller/podautoscaler"),
    "hpa-cpu": _turned(hpa_cpu, _TARGET, "Kubernetes 1.36.2, pkg/controller/podautoscaler"),
    "keda": _turned(keda, _TARGET, "KEDA 2.20, pkg/fallback and cron_scaler.go"),
    "promql-offset": _turned(promql_offset, _MIMIR_TARGET, "grafana/mimir#7775"),
    "phpa": _turned(phpa, _TARGET, "predictive-horizontal-pod-autoscaler 0.13.2"),
    "crane-dsp": _turned(crane, _TARGET, "gocrane/crane 2b0ddae, pkg/prediction/dsp"),
    "aws-predictive": _turned(AwsPredictive, _TARGET, "Amazon EC2 Auto Scaling user guide"),
    "jitsi-autoscaler": _turned(Jitsi, _THRESHOLD, "jitsi-autoscaler c302ef1"),
    "cluster-autoscaler": _turned(ClusterAutoscaler, _TARGET, "Cluster Autoscaler FAQ, 2026-08"),
    "sre-max": _turned(sre_max, _MARGIN, "what an SRE writes today"),
    "seasonal-naive": _turned(SeasonalNaive, _MARGIN, "last week again"),
    "static-peak": _turned(StaticPeak, _MARGIN, "the highest demand in history"),
    clairvoyant.NAME: PolicyEntry(
        lambda _: clairvoyant.Clairvoyant(), dial=None, source="full knowledge"
    ),
}
"""By the name users call them, in the order in which tables list them."""

USUAL = ("meetscale", "hpa", "hpa-cpu", "static-peak", clairvoyant.NAME)
"""What runs where nobody names policies."""


def policies(names: Iterable[str]) -> tuple[Policy, ...]:
    """Make policies by name, in the registry's order, the bound always among them.

    `hpa@0.6` is a policy with its dial at that value, and is called so. Raises SpecError for what
    is unknown.
    """
    order = list(POLICIES)
    chosen = {each: named(each) for each in dict.fromkeys((*names, clairvoyant.NAME))}
    ranked = sorted(chosen.items(), key=lambda item: (order.index(item[1][0]), item[1][1] or 0.0))
    return tuple(
        make(name) if dial is None else Labelled(make(name, dial), name=label)
        for label, (name, dial) in ranked
    )


def named(label: str) -> tuple[str, float | None]:
    """Return the policy and the dial's value of `hpa@0.6`, None without one. Raises SpecError."""
    name, separator, text = label.partition("@")
    entry(name)
    try:
        return name, float(text) if separator else None
    except ValueError as error:
        raise SpecError(f"policy {label!r}: {text!r} is no number for its dial") from error


def entry(name: str) -> PolicyEntry:
    """Return a policy's entry. Raises SpecError for an unknown name."""
    if name not in POLICIES:
        raise SpecError(
            f"policy {name!r} is unknown{meant(name, POLICIES)}:"
            f" must be one of {', '.join(POLICIES)}"
        )
    return POLICIES[name]


def make(name: str, dial: float | None = None) -> Policy:
    """Make one policy with its dial at a value, None for its default.

    Raises SpecError for an unknown name, a policy without a dial, and a value outside its grid.
    """
    chosen = entry(name)
    if dial is not None:
        if chosen.dial is None:
            raise SpecError(f"policy {name!r} has no dial: {dial:g} cannot be set")
        least, most = chosen.dial.values[0], chosen.dial.values[-1]
        if not least <= dial <= most:
            raise SpecError(
                f"policy {name!r}: {chosen.dial.name} is {dial:g}, "
                f"must be from {least:g} to {most:g}"
            )
    return chosen.make(dial)

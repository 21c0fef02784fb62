"""Which policies there are."""

from collections.abc import Callable, Iterable, Mapping

from autoscaler.errors import SpecError
from simulations.policies import clairvoyant
from simulations.policies.hpa import hpa
from simulations.policies.hpa_cpu import hpa_cpu
from simulations.policies.meetscale import Meetscale
from simulations.policies.static_peak import StaticPeak
from simulations.policy import Policy

POLICIES: Mapping[str, Callable[[], Policy]] = {
    "meetscale": Meetscale,
    "hpa": hpa,
    "hpa-cpu": hpa_cpu,
    "static-peak": StaticPeak,
    clairvoyant.NAME: clairvoyant.Clairvoyant,
}
"""By the name users call them, in the order in which tables list them."""


def policies(names: Iterable[str]) -> tuple[Policy, ...]:
    """Make policies by name, in the registry's order, the bound always among them.

    Raises SpecError for an unknown name.
    """
    wanted = {*names, clairvoyant.NAME}
    for name in sorted(wanted - POLICIES.keys()):
        raise SpecError(f"policy {name!r} is unknown: must be one of {', '.join(POLICIES)}")
    return tuple(make() for name, make in POLICIES.items() if name in wanted)

import pytest

from autoscaler.errors import SpecError
from simulations.policies.registry import POLICIES, policies


def test_every_policy_is_called_what_the_registry_calls_it() -> None:
    for name, make in POLICIES.items():
        assert make().name == name


def test_the_bound_always_runs_and_comes_last() -> None:
    assert [policy.name for policy in policies(["hpa", "meetscale"])] == [
        "meetscale",
        "hpa",
        "clairvoyant",
    ]
    assert [policy.name for policy in policies([])] == ["clairvoyant"]


def test_an_unknown_policy_lists_those_there_are() -> None:
    with pytest.raises(
        SpecError, match="'kapa' is unknown: must be one of meetscale, hpa, hpa-cpu"
    ):
        policies(["hpa", "kapa"])

import pytest

from autoscaler.errors import SpecError
from simulations.policies.clairvoyant import Clairvoyant
from simulations.policies.registry import POLICIES, USUAL, entry, make, policies
from simulations.policies.static_peak import StaticPeak


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_is_called_what_the_registry_calls_it(name: str) -> None:
    assert make(name).name == name


@pytest.mark.parametrize("name", [name for name, each in POLICIES.items() if each.dial])
def test_the_default_is_in_the_grid_and_is_what_the_policy_does_unturned(name: str) -> None:
    dial = entry(name).dial

    assert dial is not None
    assert list(dial.values) == sorted(set(dial.values))
    if dial.default is not None:
        assert dial.default in dial.values
        assert repr(make(name, dial.default)) == repr(make(name))
    assert repr(make(name, dial.values[0])) != repr(make(name, dial.values[-1]))


def test_a_dial_is_set() -> None:
    policy = make("static-peak", 1.5)

    assert isinstance(policy, StaticPeak)
    assert policy.margin == 1.5


def test_a_dial_outside_its_grid_says_what_would_be_right() -> None:
    with pytest.raises(SpecError, match=r"'hpa': target_utilization is 1.5, must be from 0.4 to"):
        make("hpa", 1.5)


def test_the_bound_has_no_dial() -> None:
    assert make("clairvoyant") == Clairvoyant()
    with pytest.raises(SpecError, match="'clairvoyant' has no dial"):
        make("clairvoyant", 1.0)


def test_the_bound_always_runs_and_comes_last() -> None:
    assert [policy.name for policy in policies(["hpa", "meetscale"])] == [
        "meetscale",
        "hpa",
        "clairvoyant",
    ]
    assert [policy.name for policy in policies([])] == ["clairvoyant"]


def test_the_usual_ones_are_known() -> None:
    assert [policy.name for policy in policies(USUAL)] == list(USUAL)


def test_an_unknown_policy_lists_those_there_are() -> None:
    with pytest.raises(
        SpecError, match=r"'kapa' is unknown.*: must be one of meetscale, hpa, hpa-cpu"
    ):
        policies(["hpa", "kapa"])


def test_settings_of_a_dial_run_side_by_side_under_their_names() -> None:
    chosen = policies(["static-peak@1.5", "hpa", "static-peak@0.9", "static-peak"])
    assert [policy.name for policy in chosen] == [
        "hpa",
        "static-peak",
        "static-peak@0.9",
        "static-peak@1.5",
        "clairvoyant",
    ]


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("hpa@much", "policy 'hpa@much': 'much' is no number for its dial"),
        ("kapa@1", "policy 'kapa' is unknown"),
        ("hpa@9", "'hpa': target_utilization is 9, must be from"),
    ],
)
def test_what_is_no_setting_of_a_dial_is_said(label: str, sentence: str) -> None:
    with pytest.raises(SpecError) as refused:
        policies([label])
    assert sentence in str(refused.value)

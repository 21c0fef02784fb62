from collections import Counter

import pytest

from simulations.scenario import source
from simulations.scenario.catalog import describe
from simulations.scenario.load import load
from simulations.scenario.schema import Category, Scenario


@pytest.fixture(scope="module")
def shipped() -> dict[str, Scenario]:
    return {name: load(name) for name in source.shipped()}


def test_every_shipped_scenario_says_where_it_is_from_and_what_is_derived(
    shipped: dict[str, Scenario],
) -> None:
    for name, scenario in shipped.items():
        assert scenario.provenance, name
        assert scenario.derived, name
        assert scenario.assertions, name
        assert scenario.description, name


def test_shipped_scenarios_are_called_like_their_files(shipped: dict[str, Scenario]) -> None:
    assert all(scenario.name == name for name, scenario in shipped.items())


def test_the_library_has_stories_of_every_kind(shipped: dict[str, Scenario]) -> None:
    kinds = Counter(describe(scenario).category for scenario in shipped.values())

    assert kinds.total() >= 35
    assert all(kinds[each] >= 3 for each in Category)

from collections import Counter

from simulations.scenario.catalog import catalog
from simulations.scenario.load import load
from simulations.scenario.schema import Category


def test_every_shipped_scenario_says_where_it_is_from_and_what_is_derived() -> None:
    for entry in catalog():
        assert entry.provenance, entry.name
        assert entry.derived, entry.name
        assert load(entry.name).assertions, entry.name


def test_shipped_scenarios_are_called_like_their_files() -> None:
    assert all(load(entry.name).name == entry.name for entry in catalog())


def test_the_library_has_stories_of_every_kind() -> None:
    kinds = Counter(entry.category for entry in catalog())

    assert kinds.total() >= 35
    assert all(kinds[each] >= 3 for each in Category)

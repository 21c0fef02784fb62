"""What is varied, as it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.errors import SpecError
from simulations.sweep.axes import Range, Values, drawn, grid, parse_axis


def test_an_axis_is_values_or_a_range() -> None:
    assert parse_axis("seed=1,2, 3") == Values("seed", ("1", "2", "3"))
    assert parse_axis("a.b=1..9") == Range("a.b", 1.0, 9.0, whole=True)
    assert parse_axis("a.b=0.5..2") == Range("a.b", 0.5, 2.0, whole=False)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("seed", "--vary 'seed': must be PATH=V1,V2,... or PATH=LOW..HIGH"),
        ("=1,2", "--vary '=1,2': must be PATH=V1,V2,... or PATH=LOW..HIGH"),
        ("seed=a..b", "--vary 'seed=a..b': the ends of a range must be numbers"),
        ("seed=3..1", "--vary 'seed=3..1': a range must rise"),
    ],
)
def test_what_is_no_axis_is_said(text: str, sentence: str) -> None:
    with pytest.raises(SpecError) as refused:
        parse_axis(text)
    assert str(refused.value) == sentence


def test_a_grid_is_every_combination() -> None:
    axes = [Values("a", ("1", "2")), Values("b", ("x", "y"))]
    assert list(grid(axes)) == [
        (("a", "1"), ("b", "x")),
        (("a", "1"), ("b", "y")),
        (("a", "2"), ("b", "x")),
        (("a", "2"), ("b", "y")),
    ]
    assert list(grid([])) == [()]


def test_a_range_is_no_grid() -> None:
    with pytest.raises(SpecError, match="--samples must say how often"):
        list(grid([Range("a", 0.0, 1.0, whole=False)]))


@given(samples=st.integers(2, 30), seed=st.integers(0, 100))
def test_samples_fill_every_axis_evenly(samples: int, seed: int) -> None:
    axes = [Range("a", 0.0, 1.0, whole=False), Range("b", 1.0, 4.0, whole=True)]
    found = list(drawn(axes, samples=samples, seed=seed))
    ranked = sorted(float(dict(each)["a"]) for each in found)
    assert all(k / samples <= x + 1e-6 <= (k + 1) / samples + 2e-6 for k, x in enumerate(ranked))
    assert {int(dict(each)["b"]) for each in found} <= {1, 2, 3, 4}
    assert found == list(drawn(axes, samples=samples, seed=seed))

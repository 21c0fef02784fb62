import pytest

from simulations.report.rates import rate_text


@pytest.mark.parametrize(
    ("mbps", "expected"),
    [
        (0.0, "0 Mbit/s"),
        (0.5, "0.5 Mbit/s"),
        (800.0, "800 Mbit/s"),
        (1500.0, "1.5 Gbit/s"),
        (400_000.0, "400 Gbit/s"),
        (2_400_000.0, "2.4 Tbit/s"),
    ],
)
def test_a_rate_is_written_in_the_unit_that_suits_it(mbps: float, expected: str) -> None:
    assert rate_text(mbps) == expected

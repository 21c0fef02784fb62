from datetime import date

import pytest

from forecast.errors import HistoryError
from forecast.holidays_of import holiday_dates, place_of

CORPUS_CHRISTI = date(2026, 6, 4)  # a holiday of Bavaria, not of all Germany


def test_a_subdivision_has_holidays_of_its_own() -> None:
    country, bavaria = (
        place_of("Europe/Berlin", region=region, years=[2026]) for region in ("DE", "DE-BY")
    )
    assert date(2026, 10, 3) in country.holidays
    assert CORPUS_CHRISTI not in country.holidays
    assert bavaria.holidays == country.holidays | {
        date(2026, 1, 6),
        CORPUS_CHRISTI,
        date(2026, 11, 1),
    }


def test_only_the_years_asked_for_are_there() -> None:
    assert {day.year for day in holiday_dates("FR", years=range(2025, 2028))} == {2025, 2026, 2027}


def test_a_place_without_a_region_has_no_holidays() -> None:
    assert place_of("Asia/Tokyo", region=None, years=[2026]).holidays == frozenset()


@pytest.mark.parametrize(
    ("zone", "region", "message"),
    [
        ("Europe/Berlin", "de-BY", "country 'de' are unknown, must be .* such as DE"),
        ("Europe/Berlin", "D3", "country 'D3' .* such as "),
        ("Europe/Berlin", "??", "such as DE$"),
        ("Europe/Berlin", "DE-BYE", "subdivision 'BYE' of DE .* such as BY or BE"),
        ("Europe/Berlin", "DE-999", "such as BB$"),
        ("Asia/Tokyo", "JP-13", "subdivision '13' of JP are unknown, must be left out"),
        ("Berlin", "DE", "time zone 'Berlin' is unknown"),
    ],
)
def test_an_unknown_code_is_refused_with_the_nearest_one(
    zone: str, region: str, message: str
) -> None:
    with pytest.raises(HistoryError, match=message):
        place_of(zone, region=region, years=[2026])

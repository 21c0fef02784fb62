"""Public holidays by country and subdivision, as the package `holidays` knows them."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

import holidays

from forecast.calendar import Place
from forecast.errors import HistoryError


def place_of(zone: str, *, region: str | None, years: Iterable[int]) -> Place:
    """Return a place with its holidays in those years.

    `region` is a country (ISO 3166, `DE`), or one of its subdivisions (`DE-BY`); None: no holidays.
    Raises HistoryError for an unknown zone, country or subdivision, naming the nearest code.
    """
    if region is None:
        return Place(zone)
    country, _, subdivision = region.partition("-")
    return Place(zone, holiday_dates(country, subdivision or None, years=years))


def holiday_dates(
    country: str, subdivision: str | None = None, *, years: Iterable[int]
) -> frozenset[date]:
    """Return the local dates of public holidays; raises HistoryError for codes that are none."""
    known = _countries()
    if country not in known:
        raise HistoryError(
            f"holidays of country {country!r} are unknown, must be an ISO 3166 code such as "
            + _nearest(country, list(known), otherwise="DE")
        )
    if subdivision is not None and subdivision not in known[country]:
        codes = known[country]
        raise HistoryError(
            f"holidays of subdivision {subdivision!r} of {country} are unknown, must be "
            + (
                f"one such as {_nearest(subdivision, codes, otherwise=codes[0])}"
                if codes
                else "left out"
            )
        )
    return frozenset(
        holidays.country_holidays(country, subdiv=subdivision, years=sorted(set(years)))
    )


@lru_cache(maxsize=1)
def _countries() -> dict[str, list[str]]:
    """Return the subdivisions with holidays of their own, by the country's code of two letters."""
    supported = holidays.list_supported_countries(include_aliases=True)
    return {code: list(parts) for code, parts in supported.items() if len(code) == 2}


def _nearest(code: str, known: list[str], *, otherwise: str) -> str:
    return " or ".join(get_close_matches(code.upper(), known, n=3, cutoff=0.5)) or otherwise

"""Prometheus' HTTP API: one request, one bounded wait, one kind of error."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias

import requests
from prometheus_api_client import PrometheusApiClientException, PrometheusConnect
from urllib3.util.retry import Retry

from autoscaler.errors import PrometheusError

Row: TypeAlias = Mapping[str, Any]
"""One series of an answer: `metric`, its labels, and `value` or `values`."""

CONNECT_SECONDS = 3.0
TOO_MUCH = (422, 503)
"""Too many samples, or too slow: how Prometheus answers when it might answer less."""
RESOLUTION = "exceeded maximum resolution"
"""So begins the same refusal of more than 11,000 points, with status 400."""
NOBODY_THERE = (502, 503, 504)
"""What others answer in its place, and Prometheus itself while it starts."""


class PrometheusDownError(PrometheusError):
    """Prometheus cannot be reached, so nothing else that is asked now would be answered either."""


class PrometheusSlowError(PrometheusError):
    """Prometheus did not answer in time."""


class QueryRefusedError(PrometheusError):
    """Prometheus answered, but not with series; `too_much` says that less of it might do."""

    def __init__(self, message: str, *, too_much: bool = False) -> None:
        super().__init__(message)
        self.too_much = too_much


class PrometheusClient:
    """PromQL in, rows out; raises the three errors above and no other."""

    def __init__(
        self,
        url: str,
        *,
        instant_seconds: float,
        range_seconds: float,
        session: requests.Session | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._instant_seconds = instant_seconds
        self._range_seconds = range_seconds
        self._session = requests.Session() if session is None else session
        self._session.hooks["response"].append(_refuse_errors)
        # By itself the library tries four times, each with the timeout, which is none.
        self._connect = PrometheusConnect(
            url=self._url, session=self._session, retry=Retry(0, read=False)
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def instant(self, promql: str, **params: str) -> Sequence[Row]:
        """Evaluate at the server's own present: clocks that differ make no sample stale."""
        seconds = self._instant_seconds
        with self._translated(seconds):
            rows = self._connect.custom_query(
                promql, params={**_params(seconds), **params}, timeout=_timeout(seconds)
            )
            return _series(rows)

    def range(self, promql: str, *, start: int, end: int, step_seconds: int) -> Sequence[Row]:
        """Evaluate from `start` to `end`, both included and in epoch seconds."""
        seconds = self._range_seconds
        with self._translated(seconds):
            rows = self._connect.custom_query_range(
                promql,
                start_time=datetime.fromtimestamp(start, UTC),
                end_time=datetime.fromtimestamp(end, UTC),
                step=str(step_seconds),
                params=_params(seconds),
                timeout=_timeout(seconds),
            )
            return _series(rows)

    @contextmanager
    def _translated(self, seconds: float) -> Iterator[None]:
        try:
            yield
        except (requests.JSONDecodeError, PrometheusApiClientException, LookupError, TypeError):
            raise QueryRefusedError(f"{self._url} does not answer as Prometheus does") from None
        except requests.ReadTimeout:
            raise PrometheusSlowError(
                f"Prometheus at {self._url} did not answer within {seconds:g} s"
            ) from None
        except requests.RequestException as error:
            raise PrometheusDownError(
                f"Prometheus at {self._url} cannot be reached: {_cause(error)}"
            ) from None


def _timeout(seconds: float) -> tuple[float, float]:
    """Return how long to wait for a connection, and for an answer."""
    return min(CONNECT_SECONDS, seconds), seconds


def _params(seconds: float) -> dict[str, str]:
    return {
        # Prometheus gives up before we do, and says so.
        "timeout": f"{0.9 * seconds:.3f}",
        # Thanos would otherwise answer with what it could reach: less, and looking complete.
        "partial_response": "false",
    }


def _series(rows: object) -> Sequence[Row]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise QueryRefusedError(
            "the query gives a bare number or string, it must give a series of participants"
        )
    return rows


def _refuse_errors(response: requests.Response, **_: object) -> None:
    """Turn an error into our own while its status and text are still at hand."""
    if response.status_code < 400:
        return
    try:
        text = response.json()["error"]
    except (requests.JSONDecodeError, LookupError, TypeError):
        text = f"status {response.status_code} {response.reason}"
        if response.status_code in NOBODY_THERE:
            raise PrometheusDownError(f"Prometheus cannot be reached: {text}") from None
    raise QueryRefusedError(
        f"Prometheus refused the query: {text}",
        too_much=response.status_code in TOO_MUCH or RESOLUTION in str(text),
    )


def _cause(error: BaseException) -> str:
    """Return the innermost message: the outer ones only repeat address and path."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return str(error) or type(error).__name__

"""What a term of leading is made of: new memory around connections that stay."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from autoscaler.bandwidth.config import HTTPEndpoint
from autoscaler.bandwidth.provider import HTTPBandwidth
from autoscaler.controller.background import Background
from autoscaler.controller.calibrations import Calibrations
from autoscaler.controller.elector import Elector
from autoscaler.controller.forecasts import Forecasts
from autoscaler.controller.loop import Loop
from autoscaler.controller.notices import leading_notice
from autoscaler.controller.outbox import Outbox
from autoscaler.controller.releasing import Releasing
from autoscaler.controller.reporter import Reporter
from autoscaler.controller.statekeeper import StateKeeper
from autoscaler.controller.suppliers import Suppliers
from autoscaler.controller.term import Term
from autoscaler.engine.config import EngineConfig
from autoscaler.kube.client import KubeClient
from autoscaler.kube.fleet import KubeFleet
from autoscaler.kube.lease import KubeLease
from autoscaler.kube.pods import KubeServers
from autoscaler.kube.rates import ObjectBandwidth, unchanged
from autoscaler.kube.reports import KubeReports
from autoscaler.kube.store import ConfigMapStore
from autoscaler.ports.clock import Clock
from autoscaler.ports.journal import Journal
from autoscaler.prometheus.loads import PrometheusLoads
from autoscaler.prometheus.occupancy import PrometheusOccupancy
from autoscaler.prometheus.source import PrometheusDemand
from autoscaler.resources.egresslink import ProviderType


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The outer world as adapters that know nothing of pools; `identity` is who we are there."""

    prometheus_url: str
    client: KubeClient
    fleet: KubeFleet
    servers: KubeServers
    occupancy: PrometheusOccupancy
    endpoints: Mapping[str, HTTPEndpoint]
    reports: KubeReports
    store: ConfigMapStore
    lease: KubeLease
    journal: Journal
    identity: str


class Terms:
    """Makes terms, each with a gate of its own that is asked right before every write."""

    def __init__(
        self,
        reach: Reach,
        elector: Elector,
        *,
        clock: Clock,
        config: EngineConfig,
        stop: threading.Event,
    ) -> None:
        self._reach = reach
        self._elector = elector
        self._clock = clock
        self._config = config
        self._stop = stop

    def begin(self, number: int) -> Term:
        """Make the term of this number, with the state that the cluster kept."""
        reach = self._reach
        outbox = Outbox(may_send=partial(self._elector.holds, number))
        keeper = StateKeeper(reach.store, outbox)
        loop = self._loop(number)
        loop.state = keeper.load()
        reporter = Reporter(reach.reports, outbox, loop.plans)
        if (record := self._elector.record) is not None:
            notice = leading_notice(reach.lease.subject(record), reach.identity)
            reporter.announce(notice, now=self._clock.now())
        return Term(number=number, loop=loop, reporter=reporter, keeper=keeper, outbox=outbox)

    def _loop(self, number: int) -> Loop:
        reach, url = self._reach, self._reach.prometheus_url

        def is_leader() -> bool:
            # What is not written yet when asked to stop stays as it is.
            return self._elector.holds(number) and not self._stop.is_set()

        forecasts = Forecasts(PrometheusDemand(url), Background(), config=self._config)
        return Loop(
            fleet=reach.fleet,
            demand=PrometheusDemand(url),
            forecasts=forecasts if self._config.forecasting else None,
            calibrations=Calibrations(PrometheusLoads(url), Background()),
            journal=reach.journal,
            clock=self._clock,
            config=self._config,
            suppliers=self._suppliers(),
            is_leader=is_leader,
            releasing=Releasing(reach.servers, reach.occupancy, is_leader=is_leader),
        )

    def _suppliers(self) -> Suppliers:
        client = self._reach.client
        http = HTTPBandwidth(self._reach.endpoints, unchanged=partial(unchanged, client))
        return Suppliers(
            {ProviderType.HTTP: http, ProviderType.OBJECT: ObjectBandwidth(client)}, Background()
        )

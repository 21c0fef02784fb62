"""A journal of the loop replays to the same bytes."""

from pathlib import Path

from autoscaler.controller.journal import FileJournal
from autoscaler.controller.loop import Loop
from autoscaler.engine.config import EngineConfig
from autoscaler.engine.journal import replay
from tests.autoscaler.controller.fakes import FakeDemand, FakeFleet, ManualClock, sfupool, snapshot

CONFIG = EngineConfig(forecasting=False)


def run(path: Path, demands: list[float | None]) -> None:
    demand, clock, journal = FakeDemand(), ManualClock(), FileJournal(path)
    loop = Loop(
        fleet=FakeFleet(snapshot(sfupool())),
        demand=demand,
        forecasts=None,
        journal=journal,
        clock=clock,
        config=CONFIG,
        is_leader=lambda: True,
    )
    for participants in demands:
        demand.participants = {} if participants is None else {"media/eu": participants}
        clock.time += 5
        loop.tick()
    journal.close()


def test_a_journal_replays_to_the_same_bytes_through_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    run(path, [1000.0, 1200.0, None, 900.0])
    run(path, [None, 800.0])

    ticks = list(replay(path.read_bytes().splitlines(), config=CONFIG))

    assert len(ticks) == 6
    assert [tick.recorded for tick in ticks] == [tick.again for tick in ticks]


def test_a_disk_that_is_full_stops_no_tick() -> None:
    run(Path("/dev/full"), [1000.0, 1200.0])

"""Files of demand, as people have them."""

from pathlib import Path

import numpy as np
import pandas as pd

from tests.forecast.histories import MONDAY, office_weeks


def demand_table(*, days: int = 15, step: int = 3600, **scales: float) -> pd.DataFrame:
    """Return weeks that end on Monday 2026-03-02, a series for each scale."""
    values = office_weeks(days, step=step)
    times = pd.to_datetime(MONDAY - step * np.arange(values.size, 0, -1), unit="s")
    parts = [
        pd.DataFrame({"series_id": name, "timestamp": times, "value": scale * values})
        for name, scale in (scales or {"eu": 1.0}).items()
    ]
    return pd.concat(parts, ignore_index=True)


def write(table: pd.DataFrame, path: Path) -> str:
    """Write a table by its file's name, and return that."""
    if path.suffix == ".parquet":
        table.to_parquet(path, index=False)
    else:
        table.to_csv(path, index=False)
    return str(path)

"""Tables that people hand to commands."""

from pathlib import Path

import pandas as pd

from forecast.errors import HistoryError


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV file with a header; raises HistoryError for what is none."""
    try:
        return pd.read_csv(path, dtype={"series_id": str})
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise HistoryError(f"{path}: is not a CSV file with a header ({error})") from error

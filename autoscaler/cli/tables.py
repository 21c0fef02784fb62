"""Tables that people hand to commands, and get from them: CSV, or Parquet by the file's name."""

from pathlib import Path
from tempfile import TemporaryFile

import pandas as pd

from autoscaler.errors import SpecError
from forecast.errors import HistoryError

PARQUET = (".parquet", ".pq")


def read_table(path: Path) -> pd.DataFrame:
    """Read a file with named columns; raises HistoryError for what is none."""
    if is_parquet(path):
        with path.open("rb") as file:
            try:
                return pd.read_parquet(file, engine="pyarrow")
            except (ValueError, OSError) as error:  # which all errors of Arrow are
                raise HistoryError(f"{path}: is not a Parquet file ({error})") from error
    try:
        return pd.read_csv(path, dtype={"series_id": str})
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise HistoryError(f"{path}: is not a CSV file with a header ({error})") from error


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Put a table in the place of a file, all at once: whoever looks sees the old or the new."""
    beside = path.with_name(f".{path.name}.new")
    try:
        if is_parquet(path):
            table.to_parquet(beside, engine="pyarrow", index=False)
        else:
            table.to_csv(beside, index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def is_parquet(path: Path) -> bool:
    """Whether the file's name says Parquet."""
    return path.suffix.lower() in PARQUET


def check_place(path: Path, *, option: str, formats: tuple[str, ...] = (".csv", *PARQUET)) -> None:
    """Raise SpecError unless the name says one of the formats, and a file can be written there."""
    if path.suffix.lower() not in formats:
        shown = " or ".join(each for each in formats if each != ".pq")
        raise SpecError(f"{option} is {path}, must end in {shown}")
    if not path.parent.is_dir():
        raise SpecError(f"{option} is {path}, there is no folder {path.parent}")
    if path.is_dir():
        raise SpecError(f"{option} is {path}, which is a folder")
    try:
        TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise SpecError(f"{option} {path} cannot be written: {error.strerror}") from error

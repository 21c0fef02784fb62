"""Models that turn a history into quantile paths, vectorised over series."""

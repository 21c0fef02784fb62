"""Forecasting for capacity: history in, quantile paths out.

Pure: numpy, pandas and statsmodels only. Nothing here knows Kubernetes, HTTP, files or the time of
day.
"""

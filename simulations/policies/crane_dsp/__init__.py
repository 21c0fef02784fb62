"""Crane's DSP prediction (gocrane/crane at 2b0ddae, December 2024): pkg/prediction/dsp. Pure.

`preprocessing` and `period` and `estimators` mirror the files of these names or contents (signal,
peak and auto_correlation are in `period`), `accuracy` is pkg/prediction/accuracy. The power
threshold comes from random permutations; the generator is passed in.
"""

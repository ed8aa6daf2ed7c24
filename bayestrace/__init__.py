"""Weigh the evidence of a few cases: Bayesian process tracing with several coders."""

__version__ = "0.1.0"

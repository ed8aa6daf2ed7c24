"""Read a study folder: text with marks, then a checked `Study`, with all faults of all files at once."""

from bayestrace.reading.candidates import read_candidates
from bayestrace.reading.folder import read_study
from bayestrace.reading.further import read_further

__all__ = ["read_candidates", "read_further", "read_study"]

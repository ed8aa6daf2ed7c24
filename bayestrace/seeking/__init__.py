"""What to look for next: what each search that might be made is expected to tell, before it is made."""

from bayestrace.seeking.analysis import analyse
from bayestrace.seeking.rows import as_data

__all__ = ["analyse", "as_data"]

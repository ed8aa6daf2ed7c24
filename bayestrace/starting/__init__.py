"""Begin a study: a small complete one that teaches by its comments, and schemas by which editors complete keys."""

from bayestrace.starting.schema import KINDS, schema
from bayestrace.starting.teaching import schema_files, taught, teaching_files

__all__ = ["KINDS", "schema", "schema_files", "taught", "teaching_files"]

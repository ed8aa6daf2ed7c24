"""Write a `Study` as the files of a folder, or as one workbook, so that reading them gives the same study again."""

from bayestrace.writing.book import workbook
from bayestrace.writing.folder import files
from bayestrace.writing.tables import tabled, written

__all__ = ["files", "tabled", "workbook", "written"]

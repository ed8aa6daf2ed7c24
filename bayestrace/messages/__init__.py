"""Hold the wording of faults in English and Chinese: found, expected, what to do."""

from bayestrace.messages.clues import CLUES
from bayestrace.messages.fields import FIELDS
from bayestrace.messages.files import FILES
from bayestrace.messages.names import NAMES
from bayestrace.messages.qda import QDA
from bayestrace.messages.sheets import SHEETS
from bayestrace.messages.sources import SOURCES
from bayestrace.messages.tables import TABLES
from bayestrace.messages.theories import THEORIES
from bayestrace.messages.wording import Both, Lang, Wording, fill, speaker
from bayestrace.messages.workbooks import WORKBOOKS

__all__ = ["FAULTS", "Both", "Lang", "Wording", "fill", "speaker"]

_ALL = (FILES, FIELDS, NAMES, TABLES, THEORIES, CLUES, WORKBOOKS, SOURCES, QDA, SHEETS)

FAULTS: dict[str, Wording] = {slug: wording for wordings in _ALL for slug, wording in wordings.items()}

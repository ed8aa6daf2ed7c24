"""Let the tests of this folder import `study_factory`, which stands one folder up."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

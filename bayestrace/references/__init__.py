"""Sources (CSL-JSON) to references, in the styles of APSA, APA, Chicago, MLA and GB/T 7714.

Written by rules of our own: docs/references.md tells against what they are held, and why no processor of the Citation
Style Language is used. What a style says in words is said in the language of the source, so that Chinese and English
sources stand right in one list. Titles and names are kept as the study has them: nothing is translated or romanised;
APSA, Chicago and MLA have English titles in headline capitals.
"""

from bayestrace.references.item import safe_url
from bayestrace.references.listing import Listed, cited, listing
from bayestrace.references.styles import NAMES, STYLES, Reference, Style, other_style, own_style, reference

__all__ = [
    "NAMES",
    "STYLES",
    "Listed",
    "Reference",
    "Style",
    "cited",
    "listing",
    "other_style",
    "own_style",
    "reference",
    "safe_url",
]

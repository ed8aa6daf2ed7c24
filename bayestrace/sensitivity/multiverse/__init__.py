"""Every reasonable choice at once: what each combination of them says, and which choice matters most."""

from bayestrace.sensitivity.multiverse.choices import SELECTIVITY, Choices, choices_of
from bayestrace.sensitivity.multiverse.curve import effect_shares, leader_shares
from bayestrace.sensitivity.multiverse.universe import analyse, fits_needed

__all__ = ["SELECTIVITY", "Choices", "analyse", "choices_of", "effect_shares", "fits_needed", "leader_shares"]

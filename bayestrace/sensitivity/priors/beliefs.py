"""Answers from any standpoint on evidence that stays the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bayestrace.errors import UsageFault
from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.evaluate import DIAGNOSED, Answered, answer
from bayestrace.sensitivity.standpoints import Enumeration, Standpoints, enumerable, standpoint_of
from bayestrace.weights import log_sum_exp, normalise

Floats = NDArray[np.float64]

# Probabilities of joint explanations held at once, and draws of their likelihoods.
_NUMBERS = 2_000_000


class Beliefs:
    """The discrete layer of a fit, open to other standpoints.

    Parameters
    ----------
    stored
        Draws.
    levels
        Pooling levels that the standpoints may use; those of the fit if None.

    Raises
    ------
    UsageFault
        The cases are pooled and these levels make too many joint explanations to enumerate.
    """

    def __init__(self, stored: Stored, levels: Sequence[int] | None = None) -> None:
        self.stored = stored
        self.base = standpoint_of(stored.problem)
        used = np.flatnonzero(self.base.level_weight[0] > 0) if levels is None else np.asarray(levels)
        self._enumeration: Enumeration | None = None
        if stored.pooled:
            pools = stored.problem["pool"].values
            if levels is not None and not enumerable(pools, used, stored.loglik.shape[-1]):
                raise UsageFault("joint-not-enumerated")
            self._enumeration = Enumeration(pools, used, stored.z)

    @cached_property
    def log_update(self) -> Floats:
        """Log of A(Z), the mean over draws of the likelihood of Z over the evidence of the draw, shape (Z,).

        P(Z | evidence) is proportional to P(Z) A(Z) whatever the standpoint: this is what plain importance weights of
        the draws come to.
        """
        z = self.stored.z
        blocks = []
        step = max(1, _NUMBERS // max(1, self.stored.loglik.shape[0]))
        for start in range(0, z.shape[0], step):
            part = z[start : start + step]
            total = sum(self.stored.loglik[:, case, part[:, case]] for case in range(z.shape[1]))
            blocks.append(log_sum_exp(total - self.stored.log_evidence[:, None], axis=0))
        return np.asarray(np.concatenate(blocks) - np.log(self.stored.loglik.shape[0]))

    def log_p(self, standpoints: Standpoints) -> Floats:
        """Give log P(Z) over `Stored.z` from each standpoint, shape (S, Z)."""
        if self._enumeration is None:
            raise UsageFault("joint-not-enumerated")
        return self._enumeration.log_p(standpoints)

    def joint(self, standpoints: Standpoints) -> Floats:
        """Give P(Z | evidence) over `Stored.z` from each standpoint, shape (S, Z)."""
        return normalise(self.log_p(standpoints) + self.log_update)

    def expected(self, standpoints: Standpoints, values: Floats) -> Floats:
        """Average M functions of the joint explanation, shape (Z, M), after the evidence, shape (S, M)."""
        step = max(1, _NUMBERS // self.stored.z.shape[0])
        starts = range(0, standpoints.number, step)
        return np.concatenate([self.joint(standpoints.part(start, start + step)) @ values for start in starts])

    def probability(self, standpoints: Standpoints) -> Floats:
        """Give P(Z_c = k) from each standpoint, shape (S, C, K), as `answered` does but without the draws."""
        if self._enumeration is None:
            return self.answered(standpoints, diagnose=False).probability
        return self.expected(standpoints, self.onehot).reshape(-1, *self.stored.loglik.shape[1:])

    @cached_property
    def onehot(self) -> Floats:
        """Indicators of Z_c = k, shape (Z, C K)."""
        z, hypotheses = self.stored.z, self.stored.loglik.shape[-1]
        return np.asarray((z[:, :, None] == np.arange(hypotheses)).reshape(z.shape[0], -1), dtype=np.float64)

    def answered(self, standpoints: Standpoints, *, diagnose: bool | None = None) -> Answered:
        """Answer from each standpoint, with what the draws are worth there (`evaluate.answer`), S in front."""
        number = standpoints.number
        prior = np.broadcast_to(standpoints.prior, (number, standpoints.prior.shape[1]))
        told = number <= DIAGNOSED if diagnose is None else diagnose
        if self._enumeration is None:
            return answer(self.stored, prior=prior, diagnose=told)
        step = max(1, _NUMBERS // self.stored.z.shape[0])
        parts = [
            answer(
                self.stored,
                log_p=self.log_p(standpoints.part(start, start + step)),
                prior=prior[start : start + step],
                diagnose=told,
            )
            for start in range(0, number, step)
        ]
        return Answered(*(np.concatenate(values) for values in zip(*parts, strict=True)))

    def attributes(self, unit: str) -> dict[str, str]:
        """Say in what flip points are measured, and whether probabilities are pooled."""
        return {"unit": unit, "pooling": "pooled" if self.stored.pooled else "unpooled"}

    def from_prior(self, prior: Floats) -> Standpoints:
        """Take the fitted standpoint with other priors over the explanations, shape (S, K)."""
        return self.base._replace(prior=np.asarray(prior, dtype=np.float64).reshape(-1, self.base.prior.shape[1]))

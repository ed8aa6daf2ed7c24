"""Priors of the hyperparameters of the signal model (docs/inference.md 3.2), natural units."""

from __future__ import annotations

import math

#: Of a coder's log scale, and of the factor on stated ranges, log-normal about 1.
SCALE_SD, RANGE_SD = 0.3, 0.5
#: Log-normal, of how noisy coders are, and half-normal, of how far they lean, per contrast; each coder's own noise and
#: leaning are drawn from that.
NOISE_MEDIAN, NOISE_LOG_SD = 0.5, 1.0
LEANING_SD = 0.3
#: Half-normal, of the error on an observation that all coders share and no range announces, per contrast.
COMMON_ERROR_SD = 0.75
#: Of the mean of log informativeness over clusters, and half-normal of its standard deviation.
LOG_V_MEAN, LOG_V_SD = math.log(0.5), 1.0
SD_LOG_V = 0.7

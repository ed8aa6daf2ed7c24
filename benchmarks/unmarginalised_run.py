"""Sample the unmarginalised model of the real study, as `bench.py` times it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Sample with the default draws, or fewer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=None)
    asked = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "tests/inference")]
    from bayestrace import api  # noqa: PLC0415 - the path is set first

    api.compile_cache()
    import pymc as pm  # noqa: PLC0415
    from unmarginalised import build  # noqa: PLC0415

    from bayestrace.encoding import encode  # noqa: PLC0415
    from bayestrace.inference import sampling  # noqa: PLC0415

    study = api.read_study(ROOT)
    with build(encode(study, study.profiles["reference"])):
        pm.sample(
            draws=asked.draws or api.DRAWS,
            tune=asked.draws or sampling.TUNE,
            chains=api.CHAINS,
            cores=2,
            target_accept=sampling.CAREFUL_ACCEPT,
            random_seed=api.SEED,
            nuts_sampler="pymc",
            progressbar=False,
            quiet=True,
            compute_convergence_checks=False,
        )


if __name__ == "__main__":
    main()

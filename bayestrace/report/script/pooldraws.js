/** Answers where joint explanations are too many to go through: from draws of the level each case draws on (docs/live.md). */
const pooldraws = (() => {
  "use strict";

  const SAME = 1e-9; // nats by which evidence may differ that is the same but for rounding
  const LEAST = 1e-9; // probabilities that few draws and all may both have by rounding alone

  const logRising = (start, steps) => {
    let sum = 0;
    for (let i = 0; i < steps; i += 1) {
      sum += Math.log(start + i);
    }
    return sum;
  };

  /** Log-probability of the levels that the cases draw on, for Dirichlet weights of the levels. */
  const logLevels = (levelOf, weights) => {
    const counts = new Array(weights.length).fill(0);
    levelOf.forEach((level) => {
      counts[level] += 1;
    });
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    return counts.reduce((sum, count, level) => sum + logRising(weights[level], count), -logRising(whole, levelOf.length));
  };

  /** Put what the page's draws say right by what all draws say of the fitted settings; rows of so many sum to 1. */
  const corrected = (all, few, now, length) => {
    const result = now.map((value, i) => value * (few[i] > LEAST ? all[i] / few[i] : 1));
    for (let start = 0; start < result.length; start += length) {
      const row = result.subarray(start, start + length);
      const total = row.reduce((sum, value) => sum + value, 0);
      row.forEach((value, i) => {
        row[i] = value / total;
      });
    }
    return result;
  };

  const correctedPairs = (all, few, now) => {
    const both = (values) => Float64Array.from([...values].flatMap((value) => [value, 1 - value]));
    return corrected(both(all), both(few), both(now), 2).filter((_, i) => i % 2 === 0);
  };

  /**
   * Answer from the fit of all coders.
   * @param {object} held as `data.read` gives it, with `allotted`
   * @param {object} fitted the standpoint of the fit: `prior`, `kappa`, `levels`
   * @returns {object} `held`; `answer(standpoint, state)` as engine.js hands it out, or the `slug` of a refusal;
   *   `prepare(state, milliseconds)`
   */
  const open = (held, fitted) => {
    const { nCases, nHypotheses: size, draws, allotted } = held;
    const read = evidence.open(held);
    const asked = settings.open(held);
    const exactly = given.open(held);
    const each = nCases * size;
    const levelsOf = Array.from({ length: draws }, (_, draw) => [...allotted.level.subarray(draw * nCases, (draw + 1) * nCases)]);
    const asDrawn = levelsOf.map((levelOf) => given.parted(held, levelOf));
    const seen = evidence.recent(3);
    let ground = null;

    /** Which cases other evidence says something else of. */
    const changedBy = (loglik, asFitted) => {
      const changed = new Array(nCases).fill(false);
      for (let i = 0; i < loglik.length; i += 1) {
        if (loglik[i] !== asFitted[i]) {
          changed[Math.floor(i / size) % nCases] = true;
        }
      }
      return changed;
    };

    /**
     * Read what the evidence says under settings, and keep what follows from it.
     * @returns {object} `loglik` (D, C, K); `changed`, by case whether it differs from what was fitted; `under`, from a
     *   standpoint `likelihood` and `top` as `joint.relative` gives them, and what was worked out of blocks, `counted` and
     *   `weighed`
     */
    const evidenceOf = (setting) => {
      const { left, weights, ...rest } = setting;
      return seen(JSON.stringify([[...left], [...weights].map(([one, by]) => [one, [...by]]), rest]), () => {
        const loglik = read.loglik(setting);
        const changed = ground ? changedBy(loglik, ground.said.loglik) : [];
        const [open, priors] = [evidence.recent(3), evidence.recent(3)];
        const under = ({ prior, fixed }) => {
          const which = [...prior, fixed].join();
          return priors(which, () => {
            const isOpen = Array.from(prior, (share) => share > 0);
            const relative = open(isOpen.join(), () => joint.relative(held, loglik, prior));
            return { ...relative, counted: open([isOpen, fixed].join(), () => []), weighed: [] };
          });
        };
        return { loglik, changed, under };
      });
    };

    /** Find what was worked out of the blocks of a draw: of those of which nothing was changed, as it was fitted. */
    const keptOf = (standpoint, said, draw) => {
      const now = said.under(standpoint);
      const before = ground && said !== ground.said ? ground.said.under(standpoint) : now;
      return (cases, block) => {
        const { counted, weighed } = cases.some((c) => said.changed[c]) ? now : before;
        const place = draw * nCases + block;
        return { counted: (counted[place] ??= {}), weighed: (weighed[place] ??= {}) };
      };
    };

    /** Go through the draws: evidence of each as a logarithm less `top`, (D,), and P(Z_c = k) within each, (D, C, K). */
    const over = (standpoint, said) => {
      const log = new Float64Array(draws).fill(-Infinity);
      const margins = new Float64Array(draws * each);
      const { likelihood } = said.under(standpoint);
      for (let draw = 0; draw < draws; draw += 1) {
        const kept = keptOf(standpoint, said, draw);
        const part = standpoint.partOf(draw);
        log[draw] = Math.log(exactly.within(standpoint.urn, part, likelihood, draw * each, kept, margins).evidence);
      }
      return { log, margins };
    };

    const posed = (asked) => {
      const standpoint = given.standpoint(held, asked);
      const fixed = standpoint.fixed === null ? null : given.parted(held, new Array(nCases).fill(standpoint.fixed));
      return {
        ...standpoint,
        urn: exactly.urn(standpoint),
        partOf: (draw) => fixed ?? asDrawn[draw],
      };
    };

    const averaged = (weight, values) => {
      const mean = new Float64Array(each);
      for (let draw = 0; draw < draws; draw += 1) {
        const share = weight[draw];
        for (let i = 0; share > 0 && i < each; i += 1) {
          mean[i] += share * values[draw * each + i];
        }
      }
      return mean;
    };

    const summary = (of, length, { standpoint, said, weight }) => {
      const mean = new Float64Array(length);
      const { likelihood } = said.under(standpoint);
      for (let draw = 0; draw < draws; draw += 1) {
        if (weight[draw] > 0) {
          const kept = keptOf(standpoint, said, draw);
          const found = of(standpoint.urn, standpoint.partOf(draw), likelihood, draw * each, kept);
          for (let i = 0; i < length; i += 1) {
            mean[i] += weight[draw] * found[i];
          }
        }
      }
      return mean;
    };
    const pairs = (setting) => summary(exactly.pairs, nCases * nCases, setting);
    const counts = (setting) => summary(exactly.counts, size * (nCases + 1), setting);

    /** What was fitted, on the draws of the island. */
    const grounded = () => {
      if (ground === null) {
        const said = evidenceOf(asked.fitted());
        const standpoint = posed(fitted);
        const { log, margins } = over(standpoint, said);
        const { top } = said.under(standpoint);
        const weight = new Float64Array(draws).fill(1 / draws);
        const setting = { standpoint, said, weight };
        let [same, count] = [null, null];
        ground = {
          said,
          logEvidence: log.map((value, draw) => value + top[draw]),
          probability: averaged(weight, margins),
          same: () => (same ??= pairs(setting)),
          count: () => (count ??= counts(setting)),
        };
      }
      return ground;
    };

    const published = () => {
      const { probability, same, count } = allotted;
      return { probability, same, count, paretoK: NaN, ess: draws };
    };

    /** By how much the levels that the cases of each draw draw on are more probable than they were, as logarithms. */
    const levelRatio = ({ levels, fixed }) =>
      levelsOf.map((levelOf) => (fixed === null ? logLevels(levelOf, levels) - logLevels(levelOf, fitted.levels) : 0));

    const answer = (standpointAsked, state) => {
      const setting = asked.of(state);
      const isFitted = asked.isFitted(setting);
      if (!state.prior && !state.pooling && isFitted) {
        return published();
      }
      const standpoint = posed(standpointAsked);
      if (standpoint.fixed === null && standpoint.levels.some((weight, level) => weight > 0 && fitted.levels[level] === 0)) {
        return { slug: "level-not-fitted" };
      }
      const { said: asFitted, logEvidence, probability, same, count } = grounded();
      const said = isFitted ? asFitted : evidenceOf(setting);
      const isChanged = said.loglik.some((value, i) => !(Math.abs(value - asFitted.loglik[i]) < SAME));
      const { top } = said.under(standpoint);
      const { log, margins } = over(standpoint, said);
      const ratio = levelRatio(standpoint).map((value, draw) => value + log[draw] + top[draw] - logEvidence[draw]);
      // Draws of levels that are not to be used are out; a tail is fitted to the others.
      const left = [...ratio.keys()].filter((draw) => ratio[draw] > -Infinity);
      if (left.length === 0) {
        return { slug: "no-draw-left" };
      }
      const { weight: shares, k, ess } = reweight.weigh(Float64Array.from(left, (draw) => ratio[draw]), isChanged);
      const weight = new Float64Array(draws);
      left.forEach((draw, i) => {
        weight[draw] = shares[i];
      });
      const now = { standpoint, said, weight };
      return {
        probability: corrected(allotted.probability, probability, averaged(weight, margins), size),
        // Worked out where they are asked for: the page shows neither.
        get same() {
          return correctedPairs(allotted.same, same(), pairs(now));
        },
        get count() {
          return corrected(allotted.count, count(), counts(now), nCases + 1);
        },
        paretoK: k,
        ess: left.length > 1 ? ess : 1,
      };
    };

    const prepare = (state, milliseconds) => read.prepare(asked.of(state), milliseconds);

    return { held, answer, prepare };
  };

  return { open };
})();

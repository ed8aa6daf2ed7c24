/** Answers where joint explanations are too many to go through: from draws of the level each case draws on (docs/live.md). */
const pooldraws = (() => {
  "use strict";

  const SAME = 1e-9; // nats by which evidence may differ that is the same but for rounding
  const LEAST = 1e-9; // probabilities that few draws and all may both have by rounding alone

  /** Part the cases by the pools that they draw on: blocks of two and more, and cases alone in theirs. */
  const parted = (held, levelOf) => {
    const own = held.levels.length - 1;
    const blocks = new Map();
    levelOf.forEach((level, c) => {
      const label = level === own ? `own ${c}` : `${level} ${held.pools[level][c]}`;
      blocks.set(label, [...(blocks.get(label) ?? []), c]);
    });
    const all = [...blocks.values()];
    return { joined: all.filter(({ length }) => length > 1), alone: all.filter(({ length }) => length === 1).flat() };
  };

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

  /** A standpoint as the draws meet it: `fixed` is the level that all cases draw on, null where they may differ. */
  const readStandpoint = (held, { prior, kappa, levels }) => {
    const { node, weight } = pooling.concentration(held.numbers, kappa);
    const used = [...levels.keys()].filter((level) => levels[level] > 0);
    const own = levels.length - 1;
    const fixed = node.every((value) => value === Infinity) ? own : used.length === 1 ? used[0] : null;
    return { prior, node, weight, levels, fixed, known: new Map() };
  };

  /** Multiply by one case more of which it is known how probably it has the explanation. */
  const convolved = (one, other) => {
    const result = new Float64Array(one.length);
    one.forEach((value, i) => {
      for (let j = 0; value !== 0 && j < other.length && i + j < result.length; j += 1) {
        result[i + j] += value * other[j];
      }
    });
    return result;
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
    const net = counting.lattice(size, nCases);
    const levelsOf = Array.from({ length: draws }, (_, draw) => [
      ...allotted.level.subarray(draw * nCases, (draw + 1) * nCases),
    ]);
    const parts = levelsOf.map((levelOf) => parted(held, levelOf));
    const room = []; // layers for a block, used again for each draw
    let ground = null;

    const roomOf = (place, n) => {
      room[place] ??= { n: -1 };
      if (room[place].n < n) {
        room[place] = { n, before: counting.layers(net, size, n), after: counting.layers(net, size, n) };
      }
      return room[place];
    };

    const worthOf = (standpoint, n) => {
      if (!standpoint.known.has(n)) {
        standpoint.known.set(n, counting.sequences(net.counts[n], standpoint.prior, standpoint.node));
      }
      return standpoint.known.get(n);
    };

    /** Sum the explanations of one draw out: `each[b]` by concentration for each block, and how probable these are. */
    const summed = (standpoint, { joined, alone }, likelihood, draw) => {
      const { prior, weight } = standpoint;
      const nodes = weight.length;
      const start = draw * nCases * size;
      const margins = new Float64Array(nCases * size);
      let product = 1;
      for (const c of alone) {
        let sum = 0;
        for (let k = 0; k < size; k += 1) {
          sum += prior[k] * likelihood[start + c * size + k];
        }
        for (let k = 0; k < size; k += 1) {
          margins[c * size + k] = (prior[k] * likelihood[start + c * size + k]) / sum;
        }
        product *= sum;
      }
      const total = Float64Array.from(weight);
      const each = joined.map((cases, place) => {
        const worth = worthOf(standpoint, cases.length);
        const { before } = roomOf(place, cases.length);
        counting.forward(net, cases, likelihood, start, size, before);
        const said = new Float64Array(nodes);
        const last = before[cases.length];
        for (let row = 0; row < worth.length / nodes; row += 1) {
          for (let at = 0; last[row] !== 0 && at < nodes; at += 1) {
            said[at] += last[row] * worth[row * nodes + at];
          }
        }
        said.forEach((value, at) => {
          total[at] *= value;
        });
        return said;
      });
      const whole = total.reduce((sum, value) => sum + value, 0);
      return { start, margins, each, belief: total.map((value) => value / whole), evidence: product * whole };
    };

    /** What a count of a block's cases is worth, over the concentrations by so much each, shape (S,), into `worth`. */
    const weighedWorth = (standpoint, n, share, worth) => {
      const table = worthOf(standpoint, n);
      const nodes = share.length;
      for (let row = 0; row < worth.length; row += 1) {
        let sum = 0;
        for (let at = 0; at < nodes; at += 1) {
          sum += share[at] * table[row * nodes + at];
        }
        worth[row] = sum;
      }
    };

    /** P(Z_c = k) within a draw, shape (C, K), over the concentrations as `belief` has them. */
    const marginsOf = (standpoint, { joined }, likelihood, found, belief) => {
      const margins = Float64Array.from(found.margins);
      joined.forEach((cases, place) => {
        const { before, after } = roomOf(place, cases.length);
        const share = belief.map((p, at) => (p > 0 ? p / found.each[place][at] : 0));
        weighedWorth(standpoint, cases.length, share, after[cases.length]);
        counting.backward(net, cases, likelihood, found.start, size, before, after, margins);
      });
      return margins;
    };

    /** Go through the draws: evidence of each as a logarithm less `top`, (D,), and P(Z_c = k) within each, (D, C, K). */
    const over = (standpoint, likelihood) => {
      const log = new Float64Array(draws).fill(-Infinity);
      const margins = new Float64Array(draws * nCases * size);
      const fixed = standpoint.fixed === null ? null : parted(held, new Array(nCases).fill(standpoint.fixed));
      const partOf = (draw) => fixed ?? parts[draw];
      for (let draw = 0; draw < draws; draw += 1) {
        const found = summed(standpoint, partOf(draw), likelihood, draw);
        if (found.evidence > 0) {
          log[draw] = Math.log(found.evidence);
          margins.set(marginsOf(standpoint, partOf(draw), likelihood, found, found.belief), found.start);
        }
      }
      return { log, margins, partOf };
    };

    const averaged = (weight, values, length) => {
      const mean = new Float64Array(length);
      weight.forEach((share, draw) => {
        for (let i = 0; share > 0 && i < length; i += 1) {
          mean[i] += share * values[draw * length + i];
        }
      });
      return mean;
    };

    /** P(Z_c = Z_d) within a draw, (C, C). */
    const pairsOf = (standpoint, part, likelihood, draw) => {
      const found = summed(standpoint, part, likelihood, draw);
      const same = new Float64Array(nCases * nCases);
      const blockOf = new Map(part.joined.flatMap((cases, place) => cases.map((c) => [c, place])));
      found.belief.forEach((p, at) => {
        if (p > 0) {
          const given = marginsOf(standpoint, part, likelihood, found, found.belief.map((_, i) => (i === at ? 1 : 0)));
          for (let c = 0; c < nCases; c += 1) {
            for (let d = 0; d < nCases; d += 1) {
              // Cases of one block are not independent given the concentration.
              const apart = c !== d && !(blockOf.has(c) && blockOf.get(c) === blockOf.get(d));
              for (let k = 0; apart && k < size; k += 1) {
                same[c * nCases + d] += p * given[c * size + k] * given[d * size + k];
              }
            }
          }
        }
      });
      // Leaves what is worth what over all concentrations in `after`.
      marginsOf(standpoint, part, likelihood, found, found.belief);
      part.joined.forEach((cases, place) => {
        const { before, after } = roomOf(place, cases.length);
        const moved = counting.layers(net, size, cases.length);
        for (let i = 0; i < cases.length; i += 1) {
          for (let k = 0; k < size; k += 1) {
            const at = (c) => found.start + cases[c] * size;
            moved[i + 1].fill(0);
            before[i].forEach((value, row) => {
              moved[i + 1][net.next[i][row * size + k]] += value * likelihood[at(i) + k];
            });
            for (let j = i + 1; j < cases.length; j += 1) {
              let sum = 0;
              for (let row = 0; row < moved[j].length; row += 1) {
                sum += moved[j][row] * after[j + 1][net.next[j][row * size + k]];
              }
              same[cases[i] * nCases + cases[j]] += sum * likelihood[at(j) + k];
              same[cases[j] * nCases + cases[i]] = same[cases[i] * nCases + cases[j]];
              counting.step(net.next[j], moved[j], moved[j + 1], likelihood, at(j), size);
            }
          }
        }
      });
      for (let c = 0; c < nCases; c += 1) {
        same[c * nCases + c] = 1;
      }
      return same;
    };

    /** P(k explains n cases) within a draw, (K, C + 1). */
    const countsOf = (standpoint, part, likelihood, draw) => {
      const found = summed(standpoint, part, likelihood, draw);
      const { belief, each, margins } = found;
      const nodes = belief.length;
      const result = new Float64Array(size * (nCases + 1));
      for (let k = 0; k < size; k += 1) {
        let alone = new Float64Array(nCases + 1);
        alone[0] = 1;
        for (const c of part.alone) {
          alone = convolved(alone, [1 - margins[c * size + k], margins[c * size + k]]);
        }
        for (let at = 0; at < nodes; at += 1) {
          if (belief[at] > 0) {
            const all = part.joined.reduce((product, cases, place) => {
              const n = cases.length;
              const worth = worthOf(standpoint, n);
              const block = new Float64Array(n + 1);
              roomOf(place, n).before[n].forEach((value, row) => {
                block[net.counts[n][row * size + k]] += (value * worth[row * nodes + at]) / each[place][at];
              });
              return convolved(product, block);
            }, alone);
            all.forEach((value, n) => {
              result[k * (nCases + 1) + n] += belief[at] * value;
            });
          }
        }
      }
      return result;
    };

    const summary = (of, length, { standpoint, likelihood, weight, partOf }) => {
      const mean = new Float64Array(length);
      weight.forEach((share, draw) => {
        if (share > 0) {
          of(standpoint, partOf(draw), likelihood, draw).forEach((value, i) => {
            mean[i] += share * value;
          });
        }
      });
      return mean;
    };
    const pairs = (setting) => summary(pairsOf, nCases * nCases, setting);
    const counts = (setting) => summary(countsOf, size * (nCases + 1), setting);

    /** What was fitted, on the draws of the island. */
    const grounded = () => {
      if (ground === null) {
        const loglik = read.loglik(asked.fitted());
        const standpoint = readStandpoint(held, fitted);
        const { likelihood, top } = joint.relative(held, loglik, fitted.prior);
        const { log, margins, partOf } = over(standpoint, likelihood);
        const weight = new Float64Array(draws).fill(1 / draws);
        const setting = { standpoint, likelihood, weight, partOf };
        let [same, count] = [null, null];
        ground = {
          loglik,
          logEvidence: log.map((value, draw) => value + top[draw]),
          probability: averaged(weight, margins, nCases * size),
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
      if (!state.prior && !state.pooling && asked.isFitted(setting)) {
        return published();
      }
      const standpoint = readStandpoint(held, standpointAsked);
      if (standpoint.fixed === null && standpoint.levels.some((weight, level) => weight > 0 && fitted.levels[level] === 0)) {
        return { slug: "level-not-fitted" };
      }
      const { loglik: asFitted, logEvidence, probability, same, count } = grounded();
      const loglik = read.loglik(setting);
      const isChanged = loglik.some((value, i) => !(Math.abs(value - asFitted[i]) < SAME));
      const { likelihood, top } = joint.relative(held, loglik, standpoint.prior);
      const { log, margins, partOf } = over(standpoint, likelihood);
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
      const now = { standpoint, likelihood, weight, partOf };
      return {
        probability: corrected(allotted.probability, probability, averaged(weight, margins, nCases * size), size),
        // Worked out where they are asked for: the page shows neither, and with many cases they take a while.
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

/** What follows exactly within a draw, given the level of pooling that each case draws on (docs/live.md). */
const given = (() => {
  "use strict";

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

  /** A standpoint as blocks meet it: `fixed` is the level that all cases draw on, null where they may differ. */
  const standpoint = (held, { prior, kappa, levels }) => {
    const { node, weight } = pooling.concentration(held.numbers, kappa);
    const used = [...levels.keys()].filter((level) => levels[level] > 0);
    const own = levels.length - 1;
    const fixed = node.every((value) => value === Infinity) ? own : used.length === 1 ? used[0] : null;
    return { prior, node, weight, levels, fixed };
  };

  /** Multiply by more cases of which it is known how probably so many have the explanation. */
  const convolved = (one, other) => {
    const result = new Float64Array(one.length + other.length - 1);
    for (let i = 0; i < one.length; i += 1) {
      for (let j = 0; j < other.length; j += 1) {
        result[i + j] += one[i] * other[j];
      }
    }
    return result;
  };

  const kept = (make) => {
    const known = [];
    return (n) => (known[n] ??= make(n));
  };

  /**
   * Open for the cases of an island.
   * @param {object} held as `data.read` gives it
   */
  const open = (held) => {
    const { nCases, nHypotheses: size } = held;
    const net = counting.lattice(size, nCases);
    const powersOf = evidence.recent(4);

    /**
     * Read a prior and a concentration as blocks meet them.
     * @returns {object} `prior`; `node`, the concentrations; `apart`, for draws in which several blocks share a concentration that is not known: its
     *   nodes' `weight`, by number of cases `terms`, what counts are worth, and `chance`, by node how much of each term;
     *   `once`, the same where one block alone has the concentration, and is averaged over it: one term, one node
     */
    const urn = ({ prior, node, weight }) => {
      const terms = powersOf(prior.join(), () => counting.powers(net, prior));
      const chance = kept((n) => counting.chances(node, n));
      const mean = (n) =>
        Float64Array.from({ length: n }, (_, i) => chance(n).reduce((sum, one, at) => sum + weight[at] * one[i], 0));
      const single = [Float64Array.of(1)];
      return {
        prior,
        node,
        apart: { weight, terms, chance },
        once: { weight: single[0], terms: kept((n) => [counting.mixed(terms(n), mean(n))]), chance: () => single },
      };
    };

    const sideOf = ({ apart, once }, { joined }) => (joined.length > 1 ? apart : once);

    /** Sum the likelihoods of a block's explanations by how many of its cases have each, (S,). */
    const summed = (cases, likelihood, start) => {
      let [sums, next] = [0, 1].map(() => new Float64Array(net.ends[cases.length]));
      sums[0] = 1;
      cases.forEach((c, i) => {
        counting.count(net, sums, next, i, likelihood, start + c * size);
        [sums, next] = [next, sums];
      });
      return sums;
    };

    const isSame = (one, other) => one?.length === other.length && other.every((value, i) => value === one[i]);

    /**
     * Sum the explanations of one draw out.
     * @param {object} standpoint as `urn` gives it
     * @param {object} part as `parted` gives it
     * @param {Float64Array} likelihood of which those of the draw, (C, K), begin at `start`
     * @param {function} keptOf gives, of a block and its place, what was worked out of it and is the same again:
     *   `counted` whatever the prior, `weighed` under this one
     * @param {Float64Array} margins to hold P(Z_c = k), (C, K) from `start` on
     * @returns {object} `evidence`; `belief`, how probable each concentration is; by block `each`, its evidence by
     *   concentration, and `share`, how much each term counts over all of them; `tables`, by block the derivative of the
     *   terms so weighed by the likelihoods of its cases, (n, K)
     */
    const within = (standpoint, part, likelihood, start, keptOf, margins) => {
      const { prior } = standpoint;
      const { weight, terms, chance } = sideOf(standpoint, part);
      const { joined, alone } = part;
      let product = 1;
      for (const c of alone) {
        const place = start + c * size;
        let sum = 0;
        for (let k = 0; k < size; k += 1) {
          margins[place + k] = prior[k] * likelihood[place + k];
          sum += margins[place + k];
        }
        for (let k = 0; k < size; k += 1) {
          margins[place + k] /= sum;
        }
        product *= sum;
      }
      const hold = (cases, block, { key, worth, whole }) => {
        const { weighed } = keptOf(cases, block);
        if (!isSame(weighed.key, key)) {
          const table = new Float64Array(cases.length * size);
          counting.derive(net, worth(), cases, likelihood, start, table);
          Object.assign(weighed, { key, table });
        }
        const { table } = weighed;
        const first = start + cases[0] * size;
        const sum = whole ?? counting.dot(table.subarray(0, size), likelihood.subarray(first, first + size));
        cases.forEach((c, i) => {
          for (let k = 0; k < size; k += 1) {
            margins[start + c * size + k] = (table[i * size + k] * likelihood[start + c * size + k]) / sum;
          }
        });
        return sum;
      };
      if (joined.length < 2) {
        const each = joined.map((cases) =>
          Float64Array.of(hold(cases, 0, { key: standpoint.node, worth: () => terms(cases.length)[0] })),
        );
        const share = each.map(([sum]) => Float64Array.of(1 / sum));
        return { evidence: each.reduce((whole, [sum]) => whole * sum, product), belief: weight, each, share };
      }
      const belief = Float64Array.from(weight);
      const each = joined.map((cases, block) => {
        const { counted, weighed } = keptOf(cases, block);
        counted.sums ??= summed(cases, likelihood, start);
        weighed.moments ??= terms(cases.length).map((worth) => counting.dot(worth, counted.sums));
        const found = chance(cases.length).map((ways) => counting.dot(ways, weighed.moments));
        found.forEach((value, at) => {
          belief[at] *= value;
        });
        return found;
      });
      const whole = belief.reduce((sum, value) => sum + value, 0);
      belief.forEach((value, at) => {
        belief[at] = value / whole;
      });
      const share = joined.map((cases, block) => {
        const ways = chance(cases.length);
        const found = new Float64Array(cases.length);
        belief.forEach((p, at) => {
          for (let i = 0; p > 0 && i < found.length; i += 1) {
            found[i] += (p * ways[at][i]) / each[block][at];
          }
        });
        hold(cases, block, { key: found, worth: () => counting.mixed(terms(cases.length), found), whole: 1 });
        return found;
      });
      return { evidence: product * whole, belief, each, share };
    };

    const solved = (standpoint, part, likelihood, start, keptOf) => {
      const margins = new Float64Array(start + nCases * size);
      const found = within(standpoint, part, likelihood, start, keptOf, margins);
      return { ...found, side: sideOf(standpoint, part), margins: margins.subarray(start) };
    };

    /** P(Z_c = Z_d) within a draw, (C, C). */
    const pairs = (standpoint, part, likelihood, start, keptOf) => {
      const { belief, each, share, side, margins } = solved(standpoint, part, likelihood, start, keptOf);
      const same = new Float64Array(nCases * nCases);
      const blockOf = new Int32Array(nCases).fill(-1);
      part.joined.forEach((cases, block) => cases.forEach((c) => blockOf.fill(block, c, c + 1)));
      // A case alone has nothing to do with the concentration; cases of one block are not independent given it.
      const add = (p, shares, isMeant) => {
        for (let c = 0; c < nCases; c += 1) {
          for (let d = 0; d < c; d += 1) {
            for (let k = 0; isMeant(blockOf[c], blockOf[d]) && k < size; k += 1) {
              same[c * nCases + d] += p * shares[c * size + k] * shares[d * size + k];
            }
          }
        }
      };
      add(1, margins, (one, other) => one < 0 || other < 0);
      const here = new Float64Array(nCases * size);
      const several = part.joined.length > 1 ? part.joined : [];
      const derived = several.map((cases) =>
        side.terms(cases.length).map((worth) => {
          const table = new Float64Array(cases.length * size);
          counting.derive(net, worth, cases, likelihood, start, table);
          return table;
        }),
      );
      belief.forEach((p, at) => {
        derived.forEach((tables, block) => {
          const cases = part.joined[block];
          const table = counting.mixed(tables, side.chance(cases.length)[at]);
          cases.forEach((c, i) => {
            for (let k = 0; k < size; k += 1) {
              here[c * size + k] = (table[i * size + k] * likelihood[start + c * size + k]) / each[block][at];
            }
          });
        });
        if (p > 0 && several.length > 0) {
          add(p, here, (one, other) => one >= 0 && other >= 0 && one !== other);
        }
      });
      part.joined.forEach((cases, block) => {
        const worth = counting.mixed(side.terms(cases.length), share[block]);
        counting.pair(net, worth, cases, likelihood, start, (c, d, sum) => {
          same[Math.max(c, d) * nCases + Math.min(c, d)] = sum;
        });
      });
      for (let c = 0; c < nCases; c += 1) {
        same[c * nCases + c] = 1;
        for (let d = 0; d < c; d += 1) {
          same[d * nCases + c] = same[c * nCases + d];
        }
      }
      return same;
    };

    /** Sum a block out by how many of its cases have each explanation and by term, (terms, K, n + 1). */
    const tallied = ({ terms }, n, sums) =>
      terms(n).map((worth) => {
        const found = new Float64Array(size * (n + 1));
        for (let row = 0; row < worth.length; row += 1) {
          const value = sums[row] * worth[row];
          found[n - net.counts[row * size]] += value;
          for (let k = 1; k < size; k += 1) {
            found[k * (n + 1) + net.counts[row * size + k]] += value;
          }
        }
        return found;
      });

    /** P(k explains n cases) within a draw, (K, C + 1). */
    const counts = (standpoint, part, likelihood, start, keptOf) => {
      const { belief, each, side, margins } = solved(standpoint, part, likelihood, start, keptOf);
      const tallies = part.joined.map((cases, block) => {
        const { counted } = keptOf(cases, block);
        return tallied(side, cases.length, counted.sums ?? summed(cases, likelihood, start));
      });
      const result = new Float64Array(size * (nCases + 1));
      for (let k = 0; k < size; k += 1) {
        let alone = Float64Array.of(1);
        for (const c of part.alone) {
          alone = convolved(alone, [1 - margins[c * size + k], margins[c * size + k]]);
        }
        const joined = new Float64Array(nCases + 1);
        belief.forEach((p, at) => {
          let all = Float64Array.of(p);
          for (let block = 0; p > 0 && block < part.joined.length; block += 1) {
            const n = part.joined[block].length;
            const ways = side.chance(n)[at].map((way) => way / each[block][at]);
            const rows = tallies[block].map((one) => one.subarray(k * (n + 1), (k + 1) * (n + 1)));
            all = convolved(all, counting.mixed(rows, ways));
          }
          all.forEach((value, n) => {
            joined[n] += value;
          });
        });
        result.set(convolved(alone, joined).subarray(0, nCases + 1), k * (nCases + 1));
      }
      return result;
    };

    return { counts, net, pairs, urn, within };
  };

  return { open, parted, standpoint };
})();

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

  /** Multiply by more cases of which it is known how probably so many have the explanation. */
  const convolved = (one, other) => {
    const result = new Float64Array(one.length);
    one.forEach((value, i) => {
      for (let j = 0; value !== 0 && j < other.length && i + j < result.length; j += 1) {
        result[i + j] += value * other[j];
      }
    });
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
     * @returns {object} `prior`; `apart`, for draws in which several blocks share a concentration that is not known: its
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
        apart: { weight, terms, chance },
        once: { weight: single[0], terms: kept((n) => [counting.mixed(terms(n), mean(n))]), chance: () => single },
      };
    };

    const sideOf = ({ apart, once }, { joined }) => (joined.length > 1 ? apart : once);

    /** Differentiate each term of a block by the likelihoods of its cases, (terms, n, K). */
    const derived = ({ terms }, cases, likelihood, start) => {
      const each = cases.length * size;
      const tables = terms(cases.length);
      const result = new Float64Array(tables.length * each);
      tables.forEach((worth, i) => counting.derive(net, worth, cases, likelihood, start, result, i * each));
      return result;
    };

    /**
     * Sum the explanations of one draw out.
     * @param {object} standpoint as `urn` gives it
     * @param {object} part as `parted` gives it
     * @param {Float64Array} likelihood of which those of the draw, (C, K), begin at `start`
     * @param {function} derivedOf gives `derived` of a block by its cases and place
     * @param {Float64Array} margins to hold P(Z_c = k), (C, K) from `start` on
     * @returns {object} `evidence`; `belief`, how probable each concentration is; by block `each`, its evidence by
     *   concentration, and `share`, how much each term counts over all of them
     */
    const within = (standpoint, part, likelihood, start, derivedOf, margins) => {
      const { prior } = standpoint;
      const { weight, chance } = sideOf(standpoint, part);
      let product = 1;
      for (const c of part.alone) {
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
      const belief = Float64Array.from(weight);
      const tables = part.joined.map(derivedOf);
      const each = part.joined.map((cases, block) => {
        const table = tables[block];
        const width = cases.length * size;
        const place = start + cases[0] * size;
        const sums = new Float64Array(table.length / width);
        for (let i = 0; i < sums.length; i += 1) {
          for (let k = 0; k < size; k += 1) {
            sums[i] += likelihood[place + k] * table[i * width + k];
          }
        }
        const found = chance(cases.length).map((one) => one.reduce((sum, value, i) => sum + value * sums[i], 0));
        found.forEach((value, at) => {
          belief[at] *= value;
        });
        return found;
      });
      const whole = belief.reduce((sum, value) => sum + value, 0);
      belief.forEach((value, at) => {
        belief[at] = value / whole;
      });
      const share = part.joined.map((cases, block) => {
        const ways = chance(cases.length);
        return Float64Array.from(ways[0], (_, i) =>
          belief.reduce((sum, p, at) => (p > 0 ? sum + (p * ways[at][i]) / each[block][at] : sum), 0),
        );
      });
      part.joined.forEach((cases, block) => {
        const table = tables[block];
        const width = cases.length * size;
        for (let i = 0; i < cases.length; i += 1) {
          for (let k = 0; k < size; k += 1) {
            let sum = 0;
            for (let term = 0; term < share[block].length; term += 1) {
              sum += share[block][term] * table[term * width + i * size + k];
            }
            margins[start + cases[i] * size + k] = sum * likelihood[start + cases[i] * size + k];
          }
        }
      });
      return { evidence: product * whole, belief, each, share, tables };
    };

    const solved = (standpoint, part, likelihood, start) => {
      const margins = new Float64Array(start + nCases * size);
      const side = sideOf(standpoint, part);
      const found = within(standpoint, part, likelihood, start, (cases) => derived(side, cases, likelihood, start), margins);
      return { ...found, side, margins: margins.subarray(start) };
    };

    /** P(Z_c = Z_d) within a draw, (C, C). */
    const pairs = (standpoint, part, likelihood, start) => {
      const { belief, each, share, tables, side, margins } = solved(standpoint, part, likelihood, start);
      const same = new Float64Array(nCases * nCases);
      const blockOf = new Int32Array(nCases).fill(-1);
      part.joined.forEach((cases, block) => cases.forEach((c) => blockOf.fill(block, c, c + 1)));
      const here = Float64Array.from(margins);
      belief.forEach((p, at) => {
        part.joined.forEach((cases, block) => {
          const ways = side.chance(cases.length)[at];
          const width = cases.length * size;
          cases.forEach((c, i) => {
            for (let k = 0; p > 0 && k < size; k += 1) {
              const sum = ways.reduce((total, way, term) => total + way * tables[block][term * width + i * size + k], 0);
              here[c * size + k] = (sum * likelihood[start + c * size + k]) / each[block][at];
            }
          });
        });
        for (let c = 0; c < nCases; c += 1) {
          for (let d = 0; p > 0 && d < nCases; d += 1) {
            // Cases of one block are not independent given the concentration.
            const apart = c !== d && (blockOf[c] < 0 || blockOf[c] !== blockOf[d]);
            for (let k = 0; apart && k < size; k += 1) {
              same[c * nCases + d] += p * here[c * size + k] * here[d * size + k];
            }
          }
        }
      });
      part.joined.forEach((cases, block) => {
        const worth = counting.mixed(side.terms(cases.length), share[block]);
        counting.pair(net, worth, cases, likelihood, start, (c, d, sum) => {
          same[c * nCases + d] = sum;
          same[d * nCases + c] = sum;
        });
      });
      for (let c = 0; c < nCases; c += 1) {
        same[c * nCases + c] = 1;
      }
      return same;
    };

    /** Sum a block out by how many of its cases have each explanation and by term, (terms, K, n + 1). */
    const tallied = ({ terms }, cases, likelihood, start) => {
      const n = cases.length;
      let [sums, next] = [0, 1].map(() => new Float64Array(net.ends[n]));
      sums[0] = 1;
      cases.forEach((c, i) => {
        counting.count(net, sums, next, i, likelihood, start + c * size);
        [sums, next] = [next, sums];
      });
      return terms(n).map((worth) => {
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
    };

    /** P(k explains n cases) within a draw, (K, C + 1). */
    const counts = (standpoint, part, likelihood, start) => {
      const { belief, each, side, margins } = solved(standpoint, part, likelihood, start);
      const tallies = part.joined.map((cases) => tallied(side, cases, likelihood, start));
      const result = new Float64Array(size * (nCases + 1));
      for (let k = 0; k < size; k += 1) {
        let alone = new Float64Array(nCases + 1);
        alone[0] = 1;
        for (const c of part.alone) {
          alone = convolved(alone, [1 - margins[c * size + k], margins[c * size + k]]);
        }
        belief.forEach((p, at) => {
          const all = part.joined.reduce((product, cases, block) => {
            const n = cases.length;
            const ways = side.chance(n)[at].map((way) => way / each[block][at]);
            const rows = tallies[block].map((one) => one.subarray(k * (n + 1), (k + 1) * (n + 1)));
            return p > 0 ? convolved(product, counting.mixed(rows, ways)) : product;
          }, alone);
          all.forEach((value, n) => {
            result[k * (nCases + 1) + n] += p * value;
          });
        });
      }
      return result;
    };

    return { counts, derived, net, pairs, sideOf, urn, within };
  };

  return { open, parted };
})();

/** Answers at face value where joint explanations are too many to go through: sums over the levels cases draw on. */
const levelsums = (() => {
  "use strict";

  /**
   * Sum over all ways to part cases in two, of one table here and of the other there, by concentration.
   * @param {Float64Array} one by set of cases and concentration, (2^C, N)
   * @returns {Float64Array} for every set of cases, (2^C, N)
   */
  const shared = (one, other, nodes) => {
    const result = new Float64Array(one.length);
    for (let set = 0; set < one.length / nodes; set += 1) {
      for (let part = set, isLast = false; !isLast; part = (part - 1) & set) {
        const [a, b, to] = [part * nodes, (set ^ part) * nodes, set * nodes];
        for (let at = 0; at < nodes; at += 1) {
          result[to + at] += one[a + at] * other[b + at];
        }
        isLast = part === 0;
      }
    }
    return result;
  };

  const sizeOf = (set) => {
    let size = 0;
    for (let rest = set; rest > 0; rest &= rest - 1) {
      size += 1;
    }
    return size;
  };

  /**
   * Sum over every way to give the cases to the levels that are used.
   * @param {object} held as `data.read` gives it
   * @param {object} exactly as `given.open` gives it
   * @param {object} standpoint `prior`, `node`, `weight`, `levels`, and `urn` of them
   * @returns {function} from likelihoods (C, K) to the `evidence`, and to `margins`, P(Z_c = k), (C, K)
   */
  const summing = (held, { net }, { prior, weight, levels, urn }) => {
    const { nCases, nHypotheses: size } = held;
    const nodes = weight.length;
    const all = 1 << nCases;
    const used = [...levels.keys()].filter((level) => levels[level] > 0);
    const { terms, chance } = urn.apart;
    // By level the sets of cases that share a pool; and, by how many cases draw on it, how probable that is up to a
    // factor that all ways have.
    const pools = used.map((level) => given.parted(held, new Array(nCases).fill(level)));
    const masks = pools.map(({ joined, alone }) =>
      [...joined, ...alone.map((c) => [c])].map((cases) => cases.reduce((mask, c) => mask | (1 << c), 0)),
    );
    const together = (set) => masks.some((level) => level.some((mask) => (set & ~mask) === 0));
    const sizes = Uint8Array.from({ length: all }, (_, set) => sizeOf(set));
    const rising = used.map((level) => {
      const steps = [1];
      for (let n = 0; n < nCases; n += 1) {
        steps.push(steps[n] * (levels[level] + n));
      }
      return steps;
    });
    const layers = Array.from({ length: nCases + 1 }, (_, n) => [0, 1].map(() => new Float64Array(net.ends[n])));

    /** Go through all sets of cases that may share a pool, one case after the other, with sums by their counts. */
    const visit = (likelihood, set, from, enter, leave) => {
      const n = sizes[set];
      enter(set, layers[n][0]);
      for (let c = from; c < nCases; c += 1) {
        if (together(set | (1 << c))) {
          counting.count(net, layers[n][0], layers[n + 1][0], n, likelihood, c * size);
          visit(likelihood, set | (1 << c), c + 1, enter, leave);
          leave(set, c);
        }
      }
    };

    const nothing = () => {};

    /** How probable what is said of a set of cases is where they draw on one pool, by concentration, (2^C, N). */
    const blocksOf = (likelihood) => {
      const blocks = new Float64Array(all * nodes);
      layers[0][0][0] = 1;
      visit(
        likelihood,
        0,
        0,
        (set, sums) => {
          const n = sizes[set];
          const moments = terms(n).map((worth) => counting.dot(worth, sums));
          for (let at = 0; at < nodes; at += 1) {
            blocks[set * nodes + at] = n > 0 ? counting.dot(chance(n)[at], moments) : 1;
          }
        },
        nothing,
      );
      return blocks;
    };

    /** Multiply over the pools of a level, but for one of them where that is asked. */
    const product = (blocks, level, set, at, but = -1) => {
      let value = rising[level][sizes[set]];
      for (let pool = 0; pool < masks[level].length; pool += 1) {
        value *= pool === but ? 1 : blocks[(set & masks[level][pool]) * nodes + at];
      }
      return value;
    };

    const tableOf = (blocks, level) => {
      const table = new Float64Array(all * nodes);
      for (let i = 0; i < table.length; i += 1) {
        table[i] = product(blocks, level, Math.floor(i / nodes), i % nodes);
      }
      return table;
    };

    const join = (one, other) => (one && other ? shared(one, other, nodes) : (one ?? other));

    /** All levels but one, for each: sums over the ways to give a set of cases to them. */
    const othersOf = (tables) => {
      const before = [null];
      tables.slice(1).forEach((_, i) => before.push(join(before[i], tables[i])));
      let after = null;
      const found = [];
      for (let i = tables.length - 1; i >= 0; i -= 1) {
        found[i] = join(before[i], after);
        after = i > 0 ? join(tables[i], after) : null;
      }
      return found;
    };

    /** Differentiate the evidence by what is said of each set of cases on one pool, (2^C, N). */
    const derivedBy = (blocks, others) => {
      const found = new Float64Array(all * nodes);
      others.forEach((other, level) => {
        for (let set = 1; set < all; set += 1) {
          masks[level].forEach((mask, pool) => {
            for (let at = 0; (set & mask) > 0 && at < nodes; at += 1) {
              const rest = weight[at] * other[(all - 1 - set) * nodes + at];
              found[(set & mask) * nodes + at] += rest * product(blocks, level, set, at, pool);
            }
          });
        }
      });
      return found;
    };

    const solve = (likelihood) => {
      const blocks = blocksOf(likelihood);
      const tables = used.map((_, level) => tableOf(blocks, level));
      const others = othersOf(tables);
      const by = derivedBy(blocks, others);
      const margins = new Float64Array(nCases * size);
      const room = new Float64Array(net.ends[nCases]);
      const enter = (set) => {
        const n = sizes[set];
        const share = Float64Array.from({ length: n }, (_, i) =>
          weight.reduce((sum, _, at) => sum + by[set * nodes + at] * chance(n)[at][i], 0),
        );
        const worth = layers[n][1];
        worth.fill(0);
        share.forEach((value, i) => {
          const term = terms(n)[i];
          for (let row = 0; value !== 0 && row < worth.length; row += 1) {
            worth[row] += value * term[row];
          }
        });
      };
      const leave = (set, c) => {
        const n = sizes[set];
        const [sums, worth] = layers[n];
        const more = layers[n + 1][1];
        counting.derived(net, sums, more, n, margins, c * size);
        counting.absorb(net, more, room, n + 1, likelihood, c * size);
        for (let row = 0; row < worth.length; row += 1) {
          worth[row] += room[row];
        }
      };
      layers[0][0][0] = 1;
      visit(likelihood, 0, 0, enter, leave);
      let evidence = 0;
      for (let k = 0; k < size; k += 1) {
        margins[k] *= likelihood[k];
        evidence += margins[k];
      }
      for (let i = 0; i < margins.length; i += 1) {
        margins[i] *= (i < size ? 1 : likelihood[i]) / evidence;
      }
      return { evidence, margins };
    };

    return solve;
  };

  /**
   * Answer from stated weights at face value.
   * @param {object} held as `data.read` gives it, with `stated`
   * @returns {object} `held`; `answer(standpoint)` as engine.js hands it out, with several levels probabilities alone; null
   *   where every joint explanation is excluded, or the `slug` of a refusal
   */
  const open = (held) => {
    const { nCases, nHypotheses: size, stated } = held;
    const exactly = given.open(held);

    const answer = (asked) => {
      const standpoint = given.standpoint(held, asked);
      const { likelihood } = joint.relative({ ...held, draws: 1 }, stated.loglik, standpoint.prior);
      const posed = { ...standpoint, urn: exactly.urn(standpoint) };
      const told = { paretoK: NaN, ess: NaN };
      if (standpoint.fixed !== null) {
        const part = given.parted(held, new Array(nCases).fill(standpoint.fixed));
        const probability = new Float64Array(nCases * size);
        const kept = () => ({ counted: {}, weighed: {} });
        const { evidence } = exactly.within(posed.urn, part, likelihood, 0, kept, probability);
        const of = (what) => what(posed.urn, part, likelihood, 0, kept);
        return evidence > 0 ? { ...told, probability, same: of(exactly.pairs), count: of(exactly.counts) } : null;
      }
      if (!stated.summed) {
        return { slug: "levels-not-summed" };
      }
      const { evidence, margins } = summing(held, exactly, posed)(likelihood);
      return evidence > 0 ? { ...told, probability: margins } : null;
    };

    return { held, answer, prepare: () => true };
  };

  return { open };
})();

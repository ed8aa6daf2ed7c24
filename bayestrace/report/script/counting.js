/** Cases that share a pool: sums over all their explanations, by how many have each (docs/live.md). */
const counting = (() => {
  "use strict";

  const ABREAST = 5; // explanations beside the first that one pass takes: loops written out are thrice as fast

  /**
   * Lay out in which ways cases can count. A way is a row; those with fewer cases of other explanations than the first
   * come first, so that one case more of the first leaves a row in its place.
   * @param {number} size K
   * @param {number} largest number of cases
   * @returns {object} `ends`, by n how many rows n cases have, the first ones; `counts` (S, K), how many cases have each
   *   explanation, in the place of the first how many have any other; `up`, by five explanations the row (S, 5) to which
   *   one case more leads; `twice` (K,), the row of two cases of one explanation; `parent` and `kind` (S,), by which case
   *   more a row is first reached, from which other; `room` for passes
   */
  const lattice = (size, largest) => {
    const rows = [new Uint8Array(size)];
    const [parent, kind, ends] = [[0], [0], [1]];
    const steps = [];
    for (let n = 0; n < largest; n += 1) {
      const places = new Map();
      for (let row = ends[n - 1] ?? 0; row < ends[n]; row += 1) {
        for (let k = 1; k < size; k += 1) {
          const more = rows[row].slice();
          more[0] += 1;
          more[k] += 1;
          const key = more.join();
          if (!places.has(key)) {
            places.set(key, rows.length);
            rows.push(more);
            parent.push(row);
            kind.push(k);
          }
          steps.push(places.get(key));
        }
      }
      ends.push(rows.length);
    }
    const others = size - 1;
    const up = Array.from({ length: Math.ceil(others / ABREAST) }, (_, group) =>
      Int32Array.from({ length: (steps.length / others) * ABREAST }, (_, i) => {
        const k = group * ABREAST + (i % ABREAST);
        return k < others ? steps[Math.floor(i / ABREAST) * others + k] : 0;
      }),
    );
    const twice = Array.from({ length: size }, (_, k) => (k > 0 && largest > 1 ? steps[k * others + k - 1] : 0));
    const counts = new Uint8Array(rows.length * size);
    rows.forEach((row, place) => counts.set(row, place * size));
    return { size, ends, counts, up, twice, parent, kind, room: [] };
  };

  /** One more row of explanations' likelihoods than there may be, so that the last pass finds nothing beyond them. */
  const shareOf = (net, likelihood, start, k) => (k < net.size ? likelihood[start + k] : 0);

  /**
   * Take a case out of what counts are worth: sum over its explanations.
   * @param {Float64Array} from what each count of n cases is worth
   * @param {Float64Array} to the same of the n - 1 others
   * @param {number} start place of the case's likelihoods
   */
  const absorb = (net, from, to, n, likelihood, start) => {
    const rows = net.ends[n - 1];
    for (let group = 0; group < net.up.length; group += 1) {
      const up = net.up[group];
      const k = 1 + group * ABREAST;
      const first = likelihood[start];
      const a = shareOf(net, likelihood, start, k);
      const b = shareOf(net, likelihood, start, k + 1);
      const c = shareOf(net, likelihood, start, k + 2);
      const d = shareOf(net, likelihood, start, k + 3);
      const e = shareOf(net, likelihood, start, k + 4);
      for (let row = 0, i = 0; row < rows; row += 1, i += ABREAST) {
        to[row] =
          (group > 0 ? to[row] : first * from[row]) +
          a * from[up[i]] +
          b * from[up[i + 1]] +
          c * from[up[i + 2]] +
          d * from[up[i + 3]] +
          e * from[up[i + 4]];
      }
    }
  };

  /** Differentiate by the likelihoods of one case more than n, of which sums by counts go with what more counts are worth. */
  const derived = (net, sums, worth, n, result, place) => {
    for (let k = 0; k < net.size; k += 1) {
      const up = k > 0 ? net.up[Math.floor((k - 1) / ABREAST)] : null;
      let sum = 0;
      for (let row = 0, step = (k - 1) % ABREAST; row < net.ends[n]; row += 1, step += ABREAST) {
        sum += sums[row] * worth[up === null ? row : up[step]];
      }
      result[place + k] += sum;
    }
  };

  /** Count one case more: from sums over the explanations of n cases by their counts to those of n + 1. */
  const count = (net, from, to, n, likelihood, start) => {
    const rows = net.ends[n];
    to.fill(0, rows, net.ends[n + 1]);
    for (let row = 0; row < rows; row += 1) {
      to[row] = likelihood[start] * from[row];
    }
    for (let group = 0; group < net.up.length; group += 1) {
      const up = net.up[group];
      for (let k = 1 + group * ABREAST, i = 0; i < ABREAST && k < net.size; i += 1, k += 1) {
        const share = likelihood[start + k];
        for (let row = 0, step = i; row < rows; row += 1, step += ABREAST) {
          to[up[step]] += share * from[row];
        }
      }
    }
  };

  /** Take the cases from one place among them up to another out of what counts of n are worth. */
  const without = (net, from, n, cases, low, high, likelihood, start, depth) => {
    net.room[depth] ??= [0, 1].map(() => new Float64Array(net.ends.at(-2)));
    const room = net.room[depth];
    let now = from;
    for (let i = low; i < high; i += 1) {
      const next = room[(i - low) % 2];
      absorb(net, now, next, n - i + low, likelihood, start + cases[i] * net.size);
      now = next;
    }
    return now;
  };

  /**
   * Differentiate the sum over all explanations, each with what its counts are worth, by the likelihoods of each case.
   * Half of the cases are taken out, and half of those left, so that no sum is kept for every number of cases.
   * @param {Float64Array} worth of each count of the cases
   * @param {number[]} cases
   * @param {Float64Array} result (n, K)
   */
  const derive = (net, worth, cases, likelihood, start, result) => {
    const descend = (from, low, high, depth) => {
      if (high - low === 1) {
        for (let k = 0; k < net.size; k += 1) {
          result[low * net.size + k] = from[k];
        }
      } else {
        const middle = (low + high) >> 1;
        descend(without(net, from, high - low, cases, middle, high, likelihood, start, depth), low, middle, depth + 1);
        descend(without(net, from, high - low, cases, low, middle, likelihood, start, depth), middle, high, depth + 1);
      }
    };
    descend(worth, 0, cases.length, 0);
  };

  /**
   * Sum over all explanations in which two cases have the same, for every two.
   * @param {function} tell gets both cases and the sum
   */
  const pair = (net, worth, cases, likelihood, start, tell) => {
    const left = (from, n, low, high, depth) => without(net, from, n, cases, low, high, likelihood, start, depth);
    // One case from either of two ranges.
    const between = (from, low, high, lower, upper, depth) => {
      if (high - low < upper - lower) {
        between(from, lower, upper, low, high, depth);
      } else if (high - low > 1) {
        const middle = (low + high) >> 1;
        const n = high - low + upper - lower;
        between(left(from, n, middle, high, depth), low, middle, lower, upper, depth + 1);
        between(left(from, n, low, middle, depth), middle, high, lower, upper, depth + 1);
      } else {
        const [one, other] = [start + cases[low] * net.size, start + cases[lower] * net.size];
        let sum = 0;
        for (let k = 0; k < net.size; k += 1) {
          sum += likelihood[one + k] * likelihood[other + k] * from[net.twice[k]];
        }
        tell(cases[low], cases[lower], sum);
      }
    };
    const among = (from, low, high, depth) => {
      if (high - low > 1) {
        const middle = (low + high) >> 1;
        among(left(from, high - low, middle, high, depth), low, middle, depth + 1);
        among(left(from, high - low, low, middle, depth), middle, high, depth + 1);
        between(from, low, middle, middle, high, depth);
      }
    };
    among(worth, 0, cases.length, 0);
  };

  /**
   * Work out what the counts of a pool's cases are worth under a prior: a polynomial of the concentration.
   * @param {Float64Array} prior (K,)
   * @returns {function} from n to n arrays (S,): coefficients of kappa to the i-th, for i from 1 on, of the product over
   *   explanations of (kappa m)(kappa m + 1).. for as many cases as have it. Over kappa(kappa + 1).. for all n cases this
   *   is the urn's probability of one order of them. None is below 0, so that no digit is lost
   */
  const powers = (net, prior) => {
    const known = [[Float64Array.of(1)], [prior]];
    return (n) => {
      for (let length = known.length; length <= n; length += 1) {
        const before = known[length - 1];
        const table = Array.from({ length }, () => new Float64Array(net.ends[length]));
        for (let row = 0; row < net.ends[length]; row += 1) {
          const others = net.counts[row * net.size];
          const k = others < length ? 0 : net.kind[row];
          const from = k > 0 ? net.parent[row] : row;
          const held = k > 0 ? net.counts[row * net.size + k] - 1 : length - 1 - others;
          for (let i = 0; i < length; i += 1) {
            const higher = i > 0 ? prior[k] * before[i - 1][from] : 0;
            table[i][row] = higher + (i < length - 1 ? held * before[i][from] : 0);
          }
        }
        known.push(table);
      }
      return known[n];
    };
  };

  /**
   * Give kappa to the i-th over kappa(kappa + 1).. for n cases, at each concentration, 0 and infinity included.
   * @returns {Float64Array[]} by concentration, for i from 1 to n
   */
  const chances = (node, n) =>
    Array.from(node, (kappa) => {
      // kappa as low/high, both finite.
      const low = Math.min(kappa, 1);
      const high = 1 / Math.max(kappa, 1);
      let whole = 1;
      for (let i = 1; i < n; i += 1) {
        whole *= low + high * i;
      }
      return Float64Array.from({ length: n }, (_, i) => (low ** i * high ** (n - 1 - i)) / whole);
    });

  const dot = (one, other) => {
    let sum = 0;
    for (let i = 0; i < one.length; i += 1) {
      sum += one[i] * other[i];
    }
    return sum;
  };

  /** Add tables up, each by so much. */
  const mixed = (tables, share) => {
    const sum = new Float64Array(tables[0].length);
    tables.forEach((table, i) => {
      for (let row = 0; share[i] !== 0 && row < sum.length; row += 1) {
        sum[row] += share[i] * table[row];
      }
    });
    return sum;
  };

  return { absorb, chances, count, derive, derived, dot, lattice, mixed, pair, powers };
})();

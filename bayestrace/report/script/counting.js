/** Cases that share a pool: sums over all their explanations, by how many have each (docs/live.md). */
const counting = (() => {
  "use strict";

  /**
   * Lay out in which ways n cases can count, for n up to a number.
   * @param {number} size K
   * @param {number} largest
   * @returns {{counts: Uint8Array[], next: Int32Array[]}} by n, `counts` (S, K), how many cases have each explanation, and
   *   `next` (S, K), the place among the counts of n + 1 to which one more of an explanation leads
   */
  const lattice = (size, largest) => {
    const counts = [new Uint8Array(size)];
    const next = [];
    const base = largest + 1;
    for (let n = 0; n < largest; n += 1) {
      const here = counts[n];
      const total = here.length / size;
      const places = new Map();
      const rows = [];
      const steps = new Int32Array(total * size);
      for (let row = 0; row < total; row += 1) {
        const key = here.subarray(row * size, (row + 1) * size).reduce((sum, count) => sum * base + count, 0);
        for (let k = 0; k < size; k += 1) {
          const one = key + base ** (size - 1 - k);
          if (!places.has(one)) {
            places.set(one, rows.length);
            const more = [...here.subarray(row * size, (row + 1) * size)];
            more[k] += 1;
            rows.push(more);
          }
          steps[row * size + k] = places.get(one);
        }
      }
      counts.push(Uint8Array.from(rows.flat()));
      next.push(steps);
    }
    return { counts, next };
  };

  /**
   * Probability that cases of one pool have given explanations, which is the same whatever their order.
   * @param {Uint8Array} counts of n cases, shape (S, K)
   * @param {Float64Array} prior (K,)
   * @param {Float64Array} node N concentrations, 0 and infinity included
   * @returns {Float64Array} shape (S, N)
   */
  const sequences = (counts, prior, node) => {
    const size = prior.length;
    const total = counts.length / size;
    const n = counts.subarray(0, size).reduce((sum, count) => sum + count, 0);
    const result = new Float64Array(total * node.length);
    for (let at = 0; at < node.length; at += 1) {
      // kappa as low/high, both finite.
      const low = Math.min(node[at], 1);
      const high = 1 / Math.max(node[at], 1);
      const rising = Array.from(prior, (share) => {
        const values = [1, share];
        for (let i = 1; i < n; i += 1) {
          values.push(values[i] * (low * share + high * i));
        }
        return values;
      });
      let whole = 1;
      for (let i = 1; i < n; i += 1) {
        whole *= low + high * i;
      }
      for (let row = 0; row < total; row += 1) {
        let value = 1 / whole;
        let kinds = 0;
        for (let k = 0; k < size; k += 1) {
          const count = counts[row * size + k];
          value *= rising[k][count];
          kinds += count > 0 ? 1 : 0;
        }
        result[row * node.length + at] = value * low ** Math.max(0, kinds - 1);
      }
    }
    return result;
  };

  const layers = (net, size, n) => net.counts.slice(0, n + 1).map((counts) => new Float64Array(counts.length / size));

  /** Count one case more: from sums by the counts before it, (S,), to those after it. */
  const step = (next, from, to, likelihood, start, size) => {
    to.fill(0);
    for (let row = 0; row < from.length; row += 1) {
      const value = from[row];
      if (value !== 0) {
        for (let k = 0; k < size; k += 1) {
          to[next[row * size + k]] += value * likelihood[start + k];
        }
      }
    }
  };

  /** Sum likelihoods over the explanations of the first i cases by their counts, into `found[i]`, for every i. */
  const forward = (net, cases, likelihood, start, size, found) => {
    found[0][0] = 1;
    for (let i = 0; i < cases.length; i += 1) {
      step(net.next[i], found[i], found[i + 1], likelihood, start + cases[i] * size, size);
    }
  };

  /**
   * Sum over the explanations of the cases from the i-th on by the counts before them, into `after[i]`.
   * @param {Float64Array[]} after of which the last is given: what each count of all cases is worth
   * @param {Float64Array} margins (C, K), to which each case's sum over all others, explanation by explanation, is added
   */
  const backward = (net, cases, likelihood, start, size, before, after, margins) => {
    for (let i = cases.length - 1; i >= 0; i -= 1) {
      const next = net.next[i];
      const [from, to] = [after[i + 1], after[i]];
      const place = cases[i] * size;
      for (let row = 0; row < to.length; row += 1) {
        let sum = 0;
        for (let k = 0; k < size; k += 1) {
          const value = from[next[row * size + k]] * likelihood[start + place + k];
          margins[place + k] += before[i][row] * value;
          sum += value;
        }
        to[row] = sum;
      }
    }
  };

  return { backward, forward, lattice, layers, sequences, step };
})();

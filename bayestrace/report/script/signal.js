/**
 * What a cluster says of each explanation at every draw (docs/inference.md 3.1 to 3.6), where every coder weighed every
 * explanation. It is kept before selection and reliability, which then cost next to nothing to change.
 */
const signal = (() => {
  "use strict";

  const LOG_2PI = Math.log(2 * Math.PI);
  const LEAST = 1e-300; // keeps the logarithm of a likelihood ratio past 3000 dB finite
  const LEAST_VARIANCE = 1e-12;
  const NOBODY = -1; // in the place of the explanation that is selected for
  const FACTORS = 16; // variances multiplied before a logarithm is taken

  /**
   * Lay out what all clusters have in common.
   * @param {object} held as `data.read` gives it
   * @returns {object} v/2 at every node of every draw, shape (D, V), and the contrasts
   */
  const ground = (held) => {
    const { vNode, vWeight, helmert } = held.numbers;
    const halfV = new Float64Array(held.draws * vNode.length);
    for (let draw = 0; draw < held.draws; draw += 1) {
      for (let v = 0; v < vNode.length; v += 1) {
        halfV[draw * vNode.length + v] = 0.5 * Math.exp(held.theta.logV[draw] + held.theta.sdLogV[draw] * vNode[v]);
      }
    }
    const { draws, nContrasts: dims, nHypotheses: size } = held;
    return { draws, dims, size, nodes: vNode.length, halfV, vWeight, helmert, rEta: held.theta.rEta };
  };

  /**
   * Weigh the favoured explanation against the mean of its rivals.
   * @returns {Float64Array} shape (K,): 1, and -1/(K - 1)
   */
  const favouring = (size, favours) => {
    const towards = new Float64Array(size).fill(-1 / (size - 1));
    towards[favours] = 1;
    return towards;
  };

  /** No node of redundancy matters to a single observation, nor to a point. */
  const countOf = (members, redundancy) =>
    members === 1 || redundancy[0] === redundancy[redundancy.length - 1] ? 1 : redundancy.length;

  /**
   * Make room for what a cluster says.
   * @returns {object} `count` Q of nodes of redundancy; `peak` (D, Q), log of the greatest likelihood at a node;
   *   `plain` (D, Q, K), likelihoods over that, summed over informativeness; `told` the same where each node counts
   *   with the probability that the author reports the cluster if all that tells against the favoured one is left out;
   *   `rate` (D, Q, 2), that probability before anything is seen, given the favoured explanation and given another
   */
  const room = (base, members, redundancy) => {
    const count = countOf(members, redundancy);
    const cells = base.draws * count;
    return {
      count,
      peak: new Float64Array(cells),
      plain: new Float64Array(cells * base.size),
      told: new Float64Array(cells * base.size),
      rate: new Float64Array(cells * 2),
    };
  };

  /** Fill in how probable a report is before anything is seen, at one node of redundancy of one draw. */
  const reportRate = (base, draw, share, rate, at) => {
    const { nodes, halfV, vWeight, size } = base;
    const other = -1 / (size - 1);
    const length = 1 + other * other * (size - 1);
    let forOne = 0;
    let forOther = 0;
    for (let v = 0; v < nodes; v += 1) {
      const ratio = Math.sqrt((halfV[draw * nodes + v] * share) / length);
      forOne += vWeight[v] * normal.cdf(ratio);
      forOther += vWeight[v] * normal.cdf(ratio * other);
    }
    rate[at] = forOne;
    rate[at + 1] = forOther;
  };

  /**
   * Sum over informativeness at one node of redundancy of one draw.
   * @param {object} base as `ground` gives it
   * @param {object} made as `room` describes
   * @param {number} cell draw times Q plus node
   * @param {Float64Array} f log-likelihoods, shape (K, V)
   * @param {Float64Array} reported how probable a report is where all that tells against is left out, shape (K, V)
   */
  const gather = (base, made, cell, f, reported) => {
    const { size, nodes, vWeight } = base;
    let peak = -Infinity;
    for (let i = 0; i < size * nodes; i += 1) {
      peak = f[i] > peak ? f[i] : peak;
    }
    made.peak[cell] = peak;
    for (let k = 0; k < size; k += 1) {
      let plain = 0;
      let told = 0;
      for (let v = 0; v < nodes; v += 1) {
        const value = Math.exp(f[k * nodes + v] - peak) * vWeight[v];
        plain += value;
        told += value * reported[k * nodes + v];
      }
      made.plain[cell * size + k] = plain;
      made.told[cell * size + k] = told;
    }
  };

  /**
   * Integrate the true weights of a cluster out.
   * @param {object} base as `ground` gives it
   * @param {Float64Array[]} members as `coders.whole` gives each
   * @param {Float64Array} redundancy nodes of r, shape (R,)
   * @param {number} favours place of the explanation that is selected for; NOBODY leaves `told` and `rate` at 0
   * @returns {object} as `room` describes
   */
  const whole = (base, members, redundancy, favours) => {
    const selected = favours !== NOBODY;
    const { draws, dims, size, nodes, halfV, helmert, rEta } = base;
    const made = room(base, members.length, redundancy);
    const n = members.length;
    const stride = coders.wholeStride(dims);
    const wide = 2 + dims;
    const local = new Float64Array(n * wide);
    const sx = new Float64Array(dims);
    const f = new Float64Array(size * nodes);
    const reported = new Float64Array(size * nodes);
    const other = -1 / (size - 1);
    const length = 1 + other * other * (size - 1);
    for (let draw = 0; draw < draws; draw += 1) {
      let fixed = -0.5 * dims * LOG_2PI * n;
      let eta = 0;
      for (let e = 0; e < n; e += 1) {
        const from = members[e];
        const at = draw * stride;
        local[e * wide] = from[at];
        local[e * wide + 1] = from[at + 1];
        fixed += from[at + 2];
        eta += from[at + 3] / n;
        for (let d = 0; d < dims; d += 1) {
          local[e * wide + 2 + d] = from[at + 4 + d];
        }
      }
      const linked = n > 1 ? rEta[draw] : 0;
      for (let q = 0; q < made.count; q += 1) {
        const r = redundancy[q];
        const share = n / (1 + (n - 1) * r);
        const cell = draw * made.count + q;
        for (let v = 0; v < nodes; v += 1) {
          const half = halfV[draw * nodes + v];
          const own = half * (1 - r) + eta * (1 - linked);
          const common = half * r + eta * linked;
          let s0 = 0;
          let square = 0;
          let product = 1;
          let logs = 0;
          for (let d = 0; d < dims; d += 1) {
            sx[d] = 0;
          }
          for (let e = 0; e < n; e += 1) {
            const at = e * wide;
            const variance = local[at] + own;
            const inverse = 1 / variance;
            product *= variance;
            s0 += inverse;
            square += local[at + 1] * inverse;
            for (let d = 0; d < dims; d += 1) {
              sx[d] += local[at + 2 + d] * inverse;
            }
            if (e % FACTORS === FACTORS - 1) {
              logs += Math.log(product);
              product = 1;
            }
          }
          const swell = 1 + common * s0;
          logs += Math.log(product * swell);
          let norm = 0;
          for (let d = 0; d < dims; d += 1) {
            norm += sx[d] * sx[d];
          }
          const flat = (common * norm - half * half * (1 - 1 / size) * s0) / swell;
          const level = fixed + 0.5 * (flat - square - dims * logs);
          let favoured = 0;
          for (let k = 0; k < size; k += 1) {
            let pull = 0;
            for (let d = 0; d < dims; d += 1) {
              pull += sx[d] * helmert[d * size + k];
            }
            pull *= half / swell;
            favoured = k === favours ? pull : favoured;
            f[k * nodes + v] = level + pull;
          }
          if (selected) {
            // Pulls sum to 0 over explanations: one of them stands for the contrast with the mean of its rivals.
            const drawn = favoured * length;
            const open = half * share - (half * half * s0) / swell;
            const deviation = Math.sqrt(Math.max(length * open, LEAST_VARIANCE));
            const forRival = normal.cdf((open * other + drawn) / deviation);
            for (let k = 0; k < size; k += 1) {
              reported[k * nodes + v] = forRival;
            }
            reported[favours * nodes + v] = normal.cdf((open + drawn) / deviation);
          }
        }
        gather(base, made, cell, f, reported);
        if (selected) {
          reportRate(base, draw, share, made.rate, cell * 2);
        }
      }
    }
    return made;
  };

  /**
   * Bring selection and reliability in, and average over redundancy, which the weights do not update.
   * @param {object} base as `ground` gives it
   * @param {object} made as `room` describes
   * @param {Float64Array} weight probabilities of the nodes of redundancy, shape (R,)
   * @param {{selectivity: number, favours: number, quality: number}} given
   * @returns {Float64Array} log p(y | k), shape (D, K), nats
   */
  const combine = (base, made, weight, given) => {
    const { draws, size } = base;
    const { count } = made;
    const { selectivity: s, favours, quality } = given;
    const result = new Float64Array(draws * size);
    const relative = new Float64Array(size);
    const total = new Float64Array(size);
    for (let draw = 0; draw < draws; draw += 1) {
      let top = -Infinity;
      for (let q = 0; q < count; q += 1) {
        top = Math.max(top, made.peak[draw * count + q]);
      }
      relative.fill(LEAST);
      let amount = 0;
      for (let q = 0; q < count; q += 1) {
        const cell = draw * count + q;
        const share = count > 1 ? weight[q] : 1;
        let seen = 0;
        let rates = 0;
        for (let k = 0; k < size; k += 1) {
          const rate = 1 - s + s * made.rate[cell * 2 + (k === favours ? 0 : 1)];
          const value = (1 - s) * made.plain[cell * size + k] + s * made.told[cell * size + k];
          seen += value;
          rates += rate;
          total[k] = value / rate;
        }
        const flat = ((1 - quality) * seen) / rates;
        let level = 0;
        for (let k = 0; k < size; k += 1) {
          total[k] = quality * total[k] + flat;
          level += total[k] / size;
        }
        for (let k = 0; k < size; k += 1) {
          relative[k] += (share * total[k]) / level;
        }
        amount += share * level * Math.exp(made.peak[cell] - top);
      }
      const common = Math.log(amount) + top;
      for (let k = 0; k < size; k += 1) {
        result[draw * size + k] = Math.log(relative[k]) + common;
      }
    }
    return result;
  };

  return { ground, favouring, room, reportRate, gather, whole, combine, LEAST_VARIANCE, NOBODY };
})();

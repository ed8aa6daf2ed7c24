/**
 * What a cluster says of each explanation at every draw where a coder compared only some of them, so that precisions
 * are matrices: the integral of `signal.whole` in information form (docs/inference.md 3.3).
 */
const block = (() => {
  "use strict";

  /**
   * Integrate the true weights of a cluster out.
   * @param {object} base as `signal.ground` gives it
   * @param {Float64Array[]} members as `coders.part` gives each
   * @param {Float64Array} redundancy nodes of r, shape (R,)
   * @param {number} favours place of the explanation that is selected for, or `signal.NOBODY`
   * @returns {object} as `signal.room` describes
   */
  const part = (base, members, redundancy, favours) => {
    const { draws, dims, size, nodes, halfV, helmert, rEta } = base;
    const made = signal.room(base, members.length, redundancy);
    const n = members.length;
    const stride = coders.partStride(dims);
    const selected = favours !== signal.NOBODY;
    const towards = signal.favouring(size, favours);
    const along = new Float64Array(dims);
    let length = 0;
    for (let k = 0; k < size; k += 1) {
      length += towards[k] ** 2;
      for (let d = 0; d < dims; d += 1) {
        along[d] += helmert[d * size + k] * towards[k];
      }
    }
    const s0 = new Float64Array(dims * dims);
    const swell = new Float64Array(dims * dims);
    const settled = new Float64Array(dims);
    const one = new Float64Array(dims);
    const against = new Float64Array(size);
    const f = new Float64Array(size * nodes);
    const reported = new Float64Array(size * nodes);
    for (let draw = 0; draw < draws; draw += 1) {
      let fixed = 0;
      let eta = 0;
      for (let e = 0; e < n; e += 1) {
        fixed += members[e][draw * stride];
        eta += members[e][draw * stride + 1] / n;
      }
      const linked = n > 1 ? rEta[draw] : 0;
      for (let q = 0; q < made.count; q += 1) {
        const r = redundancy[q];
        const share = n / (1 + (n - 1) * r);
        for (let v = 0; v < nodes; v += 1) {
          const half = halfV[draw * nodes + v];
          const own = half * (1 - r) + eta * (1 - linked);
          const common = half * r + eta * linked;
          let level = fixed;
          s0.fill(0);
          settled.fill(0);
          for (let e = 0; e < n; e += 1) {
            level += 0.5 * collect(members[e], draw * stride, dims, own, s0, settled);
          }
          for (let i = 0; i < dims * dims; i += 1) {
            swell[i] = common * s0[i] + (i % (dims + 1) === 0 ? 1 : 0);
          }
          level -= Math.log(symmetric.factor(swell, dims));
          one.set(settled);
          symmetric.solve(swell, dims, settled);
          for (let d = 0; d < dims; d += 1) {
            level += 0.5 * common * one[d] * settled[d];
          }
          let drawn = 0;
          let known = 0;
          for (let k = 0; k < size; k += 1) {
            // What is said along h_k, how precisely, and how that leans on the contrast that is selected for.
            let pull = 0;
            for (let a = 0; a < dims; a += 1) {
              pull += settled[a] * helmert[a * size + k];
              one[a] = 0;
              for (let b = 0; b < dims; b += 1) {
                one[a] += s0[a * dims + b] * helmert[b * size + k];
              }
            }
            symmetric.solve(swell, dims, one);
            let precise = 0;
            against[k] = 0;
            for (let a = 0; a < dims; a += 1) {
              precise += one[a] * helmert[a * size + k];
              against[k] += one[a] * along[a];
            }
            drawn += pull * towards[k];
            known += against[k] * towards[k];
            f[k * nodes + v] = level + half * pull - 0.5 * half * half * precise;
          }
          const total = half * share;
          const deviation = Math.sqrt(Math.max(length * total - half * half * known, signal.LEAST_VARIANCE));
          for (let k = 0; selected && k < size; k += 1) {
            const mean = total * towards[k] + half * drawn - half * half * against[k];
            reported[k * nodes + v] = normal.cdf(mean / deviation);
          }
        }
        signal.gather(base, made, draw * made.count + q, f, reported);
        if (selected) {
          signal.reportRate(base, draw, share, made.rate, (draw * made.count + q) * 2);
        }
      }
    }
    return made;
  };

  /**
   * Add one observation to the precision of a cluster (`s0`) and to what is said times it (`into`).
   * @returns {number} twice what it adds to the logarithm of the density
   */
  const collect = (from, at, dims, own, s0, into) => {
    let gained = 0;
    let product = 1;
    for (let i = 0; i < dims; i += 1) {
      const precision = from[at + 2 + i];
      const said = from[at + 2 + dims + i];
      const shrink = 1 / (1 + own * precision);
      const start = at + 2 + 2 * dims + i;
      product *= 1 + own * precision;
      gained += own * said * said * shrink;
      for (let a = 0; a < dims; a += 1) {
        const entry = from[start + a * dims] * shrink;
        into[a] += entry * said;
        for (let b = 0; b < dims; b += 1) {
          s0[a * dims + b] += entry * precision * from[start + b * dims];
        }
      }
    }
    return gained - Math.log(product);
  };

  return { part };
})();

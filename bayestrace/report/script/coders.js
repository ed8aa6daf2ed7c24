/** The coders of one observation reduced to one, for every draw (docs/inference.md 3.2, 3.3). */
const coders = (() => {
  "use strict";

  const LOG_2PI = Math.log(2 * Math.PI);

  /** Numbers kept per draw where every coder weighed all explanations: 1/precision, |mean|^2, constant, shared, mean */
  const wholeStride = (dims) => 4 + dims;
  /** Numbers kept per draw otherwise: constant, shared; the precision's eigenvalues, what is said along each of its
   * eigenvectors (precision times mean), and these, one column each. */
  const partStride = (dims) => 2 + 2 * dims + dims * dims;

  /** Say whether anybody states anything of an observation, if only to a page. */
  const isSpoken = (held, one, weight) => {
    const { nCoders, nObservations, observation } = held;
    for (let j = 0; j < nCoders; j += 1) {
      if (observation.stated[j * nObservations + one]) {
        return true;
      }
    }
    return weight.size > 0;
  };

  /** What does not depend on the draw: who spoke, what, how sure, and where the projection of each begins. */
  const spoken = (held, one, weight) => {
    const { nCoders, nContrasts, nObservations, observation } = held;
    const who = [];
    for (let j = 0; j < nCoders; j += 1) {
      const at = j * nObservations + one;
      if (observation.stated[at] || weight.has(j)) {
        const stated = weight.get(j) ?? observation.weight.subarray(at * nContrasts, (at + 1) * nContrasts);
        const projector = held.projectors === null ? -1 : observation.projector[at] * nContrasts * nContrasts;
        who.push({ j, stated, projector, variance: observation.statedVariance[at] });
      }
    }
    return who;
  };

  /**
   * Reduce the coders of an observation that all weighed every explanation.
   * @param {object} held as `data.read` gives it
   * @param {number} one place of the observation
   * @param {Map<number, Float64Array>} weight contrasts in nats, by coder, in the place of what was stated if anything
   * @returns {Float64Array} shape (D, 4 + contrasts)
   */
  const whole = (held, one, weight) => {
    const { theta, nCoders, nContrasts: dims } = held;
    const who = spoken(held, one, weight);
    const stride = wholeStride(dims);
    const reduced = new Float64Array(held.draws * stride);
    for (let draw = 0; draw < held.draws; draw += 1) {
      const at = draw * stride;
      const range = theta.rangeFactor[draw] ** 2;
      const { shared, constant, precision } = sums(held, draw, who, range, reduced, at + 4);
      let square = 0;
      for (let d = 0; d < dims; d += 1) {
        reduced[at + 4 + d] /= precision;
        square += reduced[at + 4 + d] ** 2;
      }
      let misfit = 0;
      for (const { j, stated, variance } of who) {
        const scale = theta.scale[draw * nCoders + j];
        const bias = (draw * nCoders + j) * dims;
        let off = 0;
        for (let d = 0; d < dims; d += 1) {
          off += (stated[d] - theta.bias[bias + d] - scale * reduced[at + 4 + d]) ** 2;
        }
        misfit += off / noiseOf(theta, draw, nCoders, j, range * variance);
      }
      reduced[at] = 1 / precision;
      reduced[at + 1] = square;
      reduced[at + 2] = constant - 0.5 * (misfit + dims * (Math.log(precision) - LOG_2PI));
      reduced[at + 3] = shared;
    }
    return reduced;
  };

  const noiseOf = (theta, draw, nCoders, j, doubt) =>
    theta.noise[draw * nCoders + j] ** 2 + (1 - theta.shared[draw]) * doubt;

  /** Add up, over coders, precision, what they said times it (into `into`), log variances and shared variance. */
  const sums = (held, draw, who, range, into, start) => {
    const { theta, nCoders, nContrasts: dims } = held;
    let precision = 0;
    let announced = 0;
    let constant = 0;
    for (const { j, stated, variance } of who) {
      const scale = theta.scale[draw * nCoders + j];
      const bias = (draw * nCoders + j) * dims;
      const noise = noiseOf(theta, draw, nCoders, j, range * variance);
      const gain = scale / noise;
      precision += gain * scale;
      announced += range * variance;
      constant -= 0.5 * dims * (LOG_2PI + Math.log(noise));
      for (let d = 0; d < dims; d += 1) {
        into[start + d] += gain * (stated[d] - theta.bias[bias + d]);
      }
    }
    const shared = (theta.shared[draw] * announced) / who.length + theta.commonError[draw] ** 2;
    return { shared, constant, precision };
  };

  /**
   * Reduce the coders of an observation of whom some compared only some of the explanations.
   * @param {object} held as `data.read` gives it
   * @param {number} one place of the observation
   * @param {Map<number, Float64Array>} weight contrasts in nats, by coder, in the place of what was stated if anything
   * @returns {Float64Array} shape (D, 2 + 2 contrasts + contrasts^2)
   */
  const part = (held, one, weight) => {
    const { theta, nCoders, nContrasts: dims, projectors } = held;
    const who = spoken(held, one, weight);
    const stride = partStride(dims);
    const reduced = new Float64Array(held.draws * stride);
    const centred = new Float64Array(dims);
    const drawn = new Float64Array(dims);
    const precision = new Float64Array(dims * dims);
    const vectors = new Float64Array(dims * dims);
    for (let draw = 0; draw < held.draws; draw += 1) {
      const at = draw * stride;
      const range = theta.rangeFactor[draw] ** 2;
      let announced = 0;
      drawn.fill(0);
      precision.fill(0);
      for (const { j, stated, variance, projector } of who) {
        const scale = theta.scale[draw * nCoders + j];
        const bias = (draw * nCoders + j) * dims;
        const noise = noiseOf(theta, draw, nCoders, j, range * variance);
        const gain = scale / noise;
        announced += range * variance;
        let rank = 0;
        let square = 0;
        for (let a = 0; a < dims; a += 1) {
          centred[a] = 0;
          for (let b = 0; b < dims; b += 1) {
            const entry = projectors[projector + a * dims + b];
            centred[a] += entry * (stated[b] - theta.bias[bias + b]);
            precision[a * dims + b] += gain * scale * entry;
          }
          rank += projectors[projector + a * dims + a];
          square += centred[a] ** 2;
          drawn[a] += gain * centred[a];
        }
        reduced[at] -= 0.5 * (rank * (LOG_2PI + Math.log(noise)) + square / noise);
      }
      reduced[at + 1] = (theta.shared[draw] * announced) / who.length + theta.commonError[draw] ** 2;
      symmetric.eigen(precision, vectors, dims);
      for (let i = 0; i < dims; i += 1) {
        // What nobody compared has an eigenvalue that is 0 but for rounding.
        reduced[at + 2 + i] = Math.max(precision[i * dims + i], 0);
        for (let a = 0; a < dims; a += 1) {
          reduced[at + 2 + dims + i] += vectors[a * dims + i] * drawn[a];
        }
      }
      reduced.set(vectors, at + 2 + 2 * dims);
    }
    return reduced;
  };

  /** Say whether some coder of an observation compared only some of the explanations. */
  const isPart = (held, one) => {
    const { nCoders, nObservations, observation } = held;
    for (let j = 0; j < nCoders; j += 1) {
      if (observation.stated[j * nObservations + one] && observation.projector[j * nObservations + one] > 0) {
        return true;
      }
    }
    return false;
  };

  return { whole, part, isPart, isSpoken, wholeStride, partStride };
})();

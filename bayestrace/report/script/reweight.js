/** Importance weights of draws, and what they are worth (Vehtari, Simpson, Gelman, Yao and Gabry 2024). */
const reweight = (() => {
  "use strict";

  const LEAST_DRAWS = 25; // fewer have no tail to which a distribution could be fitted
  const NOTHING = 600; // nats below the greatest at which a weight counts as none
  const ALIKE = 1e-12; // nats within which ratios differ by rounding alone: there is no tail
  const LONE = 0.5; // a draw with more than this share of all weight is the answer, whatever the tail looks like
  const MANY = 225; // draws from which on the tail grows as their square root
  const PRIOR_DRAWS = 10; // what the prior of the shape, .5, counts for
  const NEGLIGIBLE = 10 * 2 ** -52;

  const scaled = (weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  };

  /**
   * Fit a generalised Pareto distribution (Zhang and Stephens 2009, with the prior of Vehtari et al.).
   * @param {Float64Array} tail ascending, above 0
   * @returns {{k: number, sigma: number}} NaN where the tail is no such thing
   */
  const fit = (tail) => {
    const n = tail.length;
    const tried = 30 + Math.floor(Math.sqrt(n));
    const quartile = tail[Math.floor(n / 4 + 0.5 - 1)];
    if (quartile <= tail[0]) {
      return { k: NaN, sigma: NaN };
    }
    const shape = (b) => tail.reduce((sum, x) => sum + Math.log1p(-b * x), 0) / n;
    const slopes = Float64Array.from({ length: tried }, (_, i) => {
      return (1 - Math.sqrt(tried / (i + 0.5))) / (3 * quartile) + 1 / tail[n - 1];
    });
    const profile = slopes.map((b) => {
      const k = shape(b);
      return n * (Math.log(-b / k) - k - 1);
    });
    const top = profile.reduce((most, value) => Math.max(most, value), -Infinity);
    const belief = scaled(profile.map((value) => Math.exp(value - top))).map((p) => (p >= NEGLIGIBLE ? p : 0));
    const slope = scaled(belief).reduce((sum, p, i) => sum + (p > 0 ? p * slopes[i] : 0), 0);
    const k = shape(slope);
    const shrunk = (n * k + PRIOR_DRAWS * 0.5) / (n + PRIOR_DRAWS);
    return { k: Number.isNaN(shrunk) ? Infinity : shrunk, sigma: -k / slope };
  };

  /** Replace the tail of log weights, whose greatest is 0, by expected order statistics of what was fitted. */
  const smoothed = (logs) => {
    const total = logs.length;
    const length = Math.floor(total > MANY ? 3 * Math.sqrt(total) : total / 5);
    const order = Uint32Array.from(logs.keys()).sort((a, b) => logs[a] - logs[b]);
    const places = order.subarray(total - length);
    if (logs[places[length - 1]] - logs[places[0]] < Number.MIN_VALUE) {
      return { weights: null, k: NaN };
    }
    const cutoff = Math.exp(logs[order[total - length - 1]]);
    const { k, sigma } = fit(Float64Array.from(places, (place) => Math.exp(logs[place]) - cutoff));
    const weights = logs.map(Math.exp);
    if (Number.isFinite(k)) {
      places.forEach((place, i) => {
        const part = -Math.log1p(-(i + 0.5) / length);
        const beyond = k === 0 ? sigma * part : (sigma * Math.expm1(k * part)) / k;
        weights[place] = Math.min(cutoff + beyond, 1);
      });
    }
    return { weights, k };
  };

  /**
   * Weigh draws from one distribution so that they stand for another.
   * @param {Float64Array} logRatio logarithm of the new density over the old up to a constant, shape (D,)
   * @param {boolean} smooth whether to smooth the greatest weights
   * @returns {{weight: Float64Array, k: number, ess: number}} weights that sum to 1, Pareto k (NaN where there is no
   *   tail), draws of equal weight that they are worth
   */
  const weigh = (logRatio, smooth) => {
    const top = logRatio.reduce((most, value) => Math.max(most, value), -Infinity);
    const least = logRatio.reduce((most, value) => Math.min(most, value), Infinity);
    const logs = logRatio.map((value) => Math.max(value - top, -NOTHING));
    let weight = scaled(logs.map(Math.exp));
    let k = NaN;
    if (logs.length >= LEAST_DRAWS && Number.isFinite(top) && top - least > ALIKE) {
      const found = smoothed(logs);
      k = found.k;
      if (Number.isNaN(k)) {
        k = weight.some((share) => share > LONE) ? Infinity : NaN;
      } else if (smooth) {
        weight = scaled(found.weights);
      }
    }
    const squares = weight.reduce((sum, share) => sum + share * share, 0);
    return { weight, k, ess: logs.length > 1 ? 1 / squares : NaN };
  };

  return { weigh };
})();

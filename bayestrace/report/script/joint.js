/** Answers where every joint explanation can be gone through: one number of each holds all that a fit says. */
const joint = (() => {
  "use strict";

  const SAME = 1e-9; // nats by which evidence may differ that is the same but for rounding

  /**
   * Likelihoods of explanations of cases relative to the greatest, and logarithms of its product.
   * @param {object} held as `data.read` gives it
   * @param {Float64Array} loglik (D, C, K)
   * @param {?Float64Array} prior where given, explanations to which it gives nothing have none, shape (K,)
   * @returns {{likelihood: Float64Array, top: Float64Array}} (D, C, K) and (D,)
   */
  const relative = (held, loglik, prior = null) => {
    const { draws, nCases, nHypotheses: size } = held;
    const likelihood = new Float64Array(loglik.length);
    const top = new Float64Array(draws);
    const isOpen = (k) => prior === null || prior[k] > 0;
    for (let row = 0; row < draws * nCases; row += 1) {
      let most = -Infinity;
      for (let k = 0; k < size; k += 1) {
        most = isOpen(k) ? Math.max(most, loglik[row * size + k]) : most;
      }
      for (let k = 0; k < size; k += 1) {
        likelihood[row * size + k] = isOpen(k) ? Math.exp(loglik[row * size + k] - most) : 0;
      }
      top[Math.floor(row / nCases)] += most;
    }
    return { likelihood, top };
  };

  /** Multiply the cases of one draw out: likelihoods of the joint explanations into `product`, shape (Z,). */
  const multiply = (held, likelihood, draw, product) => {
    const { nCases, nHypotheses: size } = held;
    product[0] = 1;
    for (let c = 0, length = 1; c < nCases; c += 1, length *= size) {
      const start = (draw * nCases + c) * size;
      for (let i = length - 1; i >= 0; i -= 1) {
        const value = product[i];
        for (let k = size - 1; k >= 0; k -= 1) {
          product[i * size + k] = value * likelihood[start + k];
        }
      }
    }
  };

  /** Evidence of each draw relative to `top`: the sum over Z of P(Z) times likelihood, shape (D,). */
  const evidences = (held, likelihood, p) => {
    const product = new Float64Array(p.length);
    const result = new Float64Array(held.draws);
    for (let draw = 0; draw < held.draws; draw += 1) {
      multiply(held, likelihood, draw, product);
      let sum = 0;
      for (let i = 0; i < p.length; i += 1) {
        sum += p[i] * product[i];
      }
      result[draw] = sum;
    }
    return result;
  };

  /** A(Z): the sum over draws of weight times likelihood of Z over evidence, shape (Z,). */
  const updates = (held, likelihood, weight, found, total) => {
    const product = new Float64Array(total);
    const result = new Float64Array(total);
    for (let draw = 0; draw < held.draws; draw += 1) {
      const share = found[draw] > 0 ? weight[draw] / found[draw] : 0;
      if (share > 0) {
        multiply(held, likelihood, draw, product);
        for (let i = 0; i < total; i += 1) {
          result[i] += share * product[i];
        }
      }
    }
    return result;
  };

  /** Add the joint explanations up: P(Z_c = k) (C, K), P(Z_c = Z_d) (C, C), P(k explains n cases) (K, C + 1). */
  const summaries = (held, z, shares) => {
    const { nCases, nHypotheses: size } = held;
    const probability = new Float64Array(nCases * size);
    const same = new Float64Array(nCases * nCases);
    const count = new Float64Array(size * (nCases + 1));
    const explained = new Uint8Array(size);
    for (let row = 0; row < shares.length; row += 1) {
      const value = shares[row];
      explained.fill(0);
      for (let c = 0; c < nCases; c += 1) {
        const k = z[row * nCases + c];
        explained[k] += 1;
        probability[c * size + k] += value;
        for (let d = 0; d < nCases; d += 1) {
          if (z[row * nCases + d] === k) {
            same[c * nCases + d] += value;
          }
        }
      }
      for (let k = 0; k < size; k += 1) {
        count[k * (nCases + 1) + explained[k]] += value;
      }
    }
    return { probability, same, count };
  };

  /**
   * Answer from the fit of one panel.
   * @param {object} held as `data.read` or `data.withPanel` gives it
   * @param {Uint8Array} z the joint explanations, shape (Z, C)
   * @param {function} priorOf gives P(Z), shape (Z,), from a standpoint; the fitted one by default
   * @returns {object} `held`; `answer(standpoint, state, diagnose)` as engine.js hands it out, null where every joint
   *   explanation is excluded; `prepare(state, milliseconds)`
   */
  const open = (held, z, priorOf) => {
    const read = held.theta && evidence.open(held);
    const asked = settings.open(held);
    let ground = null;

    /** What was fitted, read on the draws of the island: evidence of each, and by how much these draws miss A(Z). */
    const grounded = () => {
      if (ground === null) {
        const loglik = read.loglik(asked.fitted());
        const { likelihood, top } = relative(held, loglik);
        const p = priorOf();
        const found = evidences(held, likelihood, p);
        const even = new Float64Array(held.draws).fill(1 / held.draws);
        const few = updates(held, likelihood, even, found, p.length);
        const missed = few.map((value, i) => (value > 0 ? Math.exp(held.logA[i] - Math.log(value)) : 1));
        const logEvidence = found.map((value, draw) => Math.log(value) + top[draw]);
        ground = { loglik, likelihood, top, missed, logEvidence };
      }
      return ground;
    };

    const weighed = (p, likelihood, top, smooth) => {
      const found = evidences(held, likelihood, p);
      const { logEvidence } = grounded();
      const ratio = found.map((value, draw) => Math.log(value) + top[draw] - logEvidence[draw]);
      return { found, ...reweight.weigh(ratio, smooth) };
    };

    /** The evidence as fitted: exact on all draws of the fit. */
    const fromUpdate = (p, diagnose) => {
      const top = held.logA.reduce((most, value, i) => (p[i] > 0 ? Math.max(most, value) : most), -Infinity);
      const shares = p.map((value, i) => (value > 0 ? value * Math.exp(held.logA[i] - top) : 0));
      if (!diagnose || held.theta === null) {
        return { shares, k: NaN, ess: NaN };
      }
      const { likelihood, top: greatest } = grounded();
      const { k, ess } = weighed(p, likelihood, greatest, false);
      return { shares, k, ess };
    };

    /** Other evidence: by importance weights of the island's draws, put right by what they miss of A(Z) as fitted. */
    const fromDraws = (p, setting) => {
      const { loglik: asFitted, missed } = grounded();
      const loglik = read.loglik(setting);
      if (loglik.every((value, i) => Math.abs(value - asFitted[i]) < SAME)) {
        // As without redundancy where nothing is clustered: what is exact needs no weights.
        return fromUpdate(p, true);
      }
      const { likelihood, top } = relative(held, loglik);
      const { found, weight, k, ess } = weighed(p, likelihood, top, true);
      const update = updates(held, likelihood, weight, found, p.length);
      return { shares: p.map((value, i) => value * missed[i] * update[i]), k, ess };
    };

    const answer = (standpoint, state, diagnose) => {
      const setting = held.theta === null ? null : asked.of(state);
      const p = priorOf(standpoint);
      const isFitted = setting === null || asked.isFitted(setting);
      const { shares, k, ess } = isFitted ? fromUpdate(p, diagnose) : fromDraws(p, setting);
      const total = shares.reduce((sum, value) => sum + value, 0);
      if (!(total > 0)) {
        return null;
      }
      const joined = shares.map((value) => value / total);
      return { joint: joined, ...summaries(held, z, joined), paretoK: k, ess };
    };

    const prepare = (state, milliseconds) => read.prepare(asked.of(state), milliseconds);

    return { held, answer, prepare };
  };

  return { open, relative };
})();

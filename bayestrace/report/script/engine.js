/** From the settings of a page to its answer (docs/live.md). */
const engine = (() => {
  "use strict";

  const ASSIGNMENTS = 70000; // ways to use the levels that are still gone through
  const SAME = 1e-9; // nats by which evidence may differ that is the same but for rounding
  const NATS_PER_DB = Math.log(10) / 10;

  const REFUSALS = {
    "joint-not-enumerated": {
      en: "These cases have too many joint explanations for a page: run `bayestrace sensitivity` instead.",
      zh: "各案例的联合解释过多，网页无法逐一计算，请改用 `bayestrace sensitivity`。",
    },
    "panel-not-fitted": {
      en:
        "No fit of these coders alone is in this result. `bayestrace sensitivity` adds the panels that lack one coder, " +
        "`bayestrace sensitivity --multiverse` each coder alone.",
      zh:
        "本结果中没有只含这些编码者的拟合。`bayestrace sensitivity` 会补上各缺一名编码者的拟合，" +
        "`bayestrace sensitivity --multiverse` 会补上每名编码者单独的拟合。",
    },
    "nothing-learned": {
      en: "This result takes stated weights at face value; only the prior and the pooling can be changed here.",
      zh: "本结果按面值采用所陈述的权重，此处只能更改先验与合并方式。",
    },
    impossible: {
      en: "These settings exclude every joint explanation.",
      zh: "按这些设定，没有任何联合解释是可能的。",
    },
  };

  const refusal = (slug) => ({ refused: { slug, ...REFUSALS[slug] } });

  const distribution = (values) => {
    const total = values.reduce((sum, value) => sum + value, 0);
    if (values.some((value) => !(value >= 0)) || !(total > 0)) {
      throw new RangeError("a prior has probabilities of at least 0, not all 0");
    }
    return Float64Array.from(values, (value) => value / total);
  };

  const placed = (place, count) => {
    if (!Number.isInteger(place) || place < 0 || place >= count) {
      throw new RangeError(`no place ${place} among ${count}`);
    }
    return place;
  };

  /** Write log-likelihoods in decibels as contrasts in nats; `coders.part` takes what the coder compared of them. */
  const contrasts = (held, db) => {
    const { nContrasts: dims, nHypotheses: size } = held;
    if (db.length !== size || !db.every(Number.isFinite)) {
      throw new RangeError("a weight has a number for each explanation");
    }
    const full = new Float64Array(dims);
    for (let d = 0; d < dims; d += 1) {
      for (let k = 0; k < size; k += 1) {
        full[d] += held.numbers.helmert[d * size + k] * db[k] * NATS_PER_DB;
      }
    }
    return full;
  };

  /** Likelihoods of explanations of cases relative to the greatest, (D, C, K), and logarithms of its product, (D,). */
  const relative = (held, loglik) => {
    const { draws, nCases, nHypotheses: size } = held;
    const likelihood = new Float64Array(loglik.length);
    const top = new Float64Array(draws);
    for (let row = 0; row < draws * nCases; row += 1) {
      let most = -Infinity;
      for (let k = 0; k < size; k += 1) {
        most = Math.max(most, loglik[row * size + k]);
      }
      for (let k = 0; k < size; k += 1) {
        likelihood[row * size + k] = Math.exp(loglik[row * size + k] - most);
      }
      top[Math.floor(row / nCases)] += most;
    }
    return { likelihood, top };
  };

  /** Multiply the cases of one draw out: likelihoods of the joint explanations into `joint`, shape (Z,). */
  const multiply = (held, likelihood, draw, joint) => {
    const { nCases, nHypotheses: size } = held;
    joint[0] = 1;
    for (let c = 0, length = 1; c < nCases; c += 1, length *= size) {
      const start = (draw * nCases + c) * size;
      for (let i = length - 1; i >= 0; i -= 1) {
        const value = joint[i];
        for (let k = size - 1; k >= 0; k -= 1) {
          joint[i * size + k] = value * likelihood[start + k];
        }
      }
    }
  };

  /** Evidence of each draw relative to `top`: the sum over Z of P(Z) times likelihood, shape (D,). */
  const evidences = (held, likelihood, p) => {
    const joint = new Float64Array(p.length);
    const result = new Float64Array(held.draws);
    for (let draw = 0; draw < held.draws; draw += 1) {
      multiply(held, likelihood, draw, joint);
      let sum = 0;
      for (let i = 0; i < p.length; i += 1) {
        sum += p[i] * joint[i];
      }
      result[draw] = sum;
    }
    return result;
  };

  /** A(Z): the sum over draws of weight times likelihood of Z over evidence, shape (Z,). */
  const updates = (held, likelihood, weight, found, total) => {
    const joint = new Float64Array(total);
    const result = new Float64Array(total);
    for (let draw = 0; draw < held.draws; draw += 1) {
      const share = found[draw] > 0 ? weight[draw] / found[draw] : 0;
      if (share > 0) {
        multiply(held, likelihood, draw, joint);
        for (let i = 0; i < total; i += 1) {
          result[i] += share * joint[i];
        }
      }
    }
    return result;
  };

  /** Add the joint explanations up: P(Z_c = k) (C, K), P(Z_c = Z_d) (C, C), P(k explains n cases) (K, C + 1). */
  const summaries = (held, z, joint) => {
    const { nCases, nHypotheses: size } = held;
    const probability = new Float64Array(nCases * size);
    const same = new Float64Array(nCases * nCases);
    const count = new Float64Array(size * (nCases + 1));
    const explained = new Uint8Array(size);
    for (let row = 0; row < joint.length; row += 1) {
      const value = joint[row];
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
   * @param {function} fittedPrior gives P(Z) under the fitted standpoint, shape (Z,)
   * @returns {object} `settingOf(state)`, what the evidence is to be; `isFitted(setting)`; `answer(p, setting, diagnose)`,
   *   joint probabilities up to a factor with what the draws are worth; `prepare(setting, milliseconds)`
   */
  const onFit = (held, fittedPrior) => {
    const read = held.theta && evidence.open(held);
    let ground = null;

    const fittedEvidence = () => ({
      left: new Set(),
      weights: new Map(),
      redundancy: true,
      reliability: true,
      selectivity: held.selectivity,
      favours: held.favours,
    });

    const settingOf = (state) => {
      const setting = fittedEvidence();
      const out = (state.clusters ?? []).flatMap((cluster) => held.members[placed(cluster, held.nClusters)]);
      setting.left = new Set([...(state.without ?? []).map((one) => placed(one, held.nObservations)), ...out]);
      for (const { coder, observation, db } of state.weights ?? []) {
        const weight = contrasts(held, db);
        const place = placed(observation, held.nObservations);
        // Whoever is not of the panel states nothing.
        if (held.included[placed(coder, held.nCoders)]) {
          setting.weights.set(place, (setting.weights.get(place) ?? new Map()).set(coder, weight));
        }
      }
      setting.redundancy = state.redundancy ?? true;
      setting.reliability = state.reliability ?? true;
      setting.selectivity = state.selectivity ?? held.selectivity;
      if (!(setting.selectivity >= 0 && setting.selectivity <= 1)) {
        throw new RangeError("selectivity is a probability");
      }
      // Without selection it does not matter for whom.
      const favours = placed(state.favours ?? held.favours, held.nHypotheses);
      setting.favours = setting.selectivity > 0 ? favours : held.favours;
      return setting;
    };

    const isFitted = (setting) =>
      setting.left.size === 0 &&
      setting.weights.size === 0 &&
      setting.redundancy &&
      setting.reliability &&
      setting.selectivity === held.selectivity &&
      setting.favours === held.favours;

    /** What was fitted, read on the draws of the island: evidence of each, and by how much these draws miss A(Z). */
    const grounded = () => {
      if (ground === null) {
        const loglik = read.loglik(fittedEvidence());
        const { likelihood, top } = relative(held, loglik);
        const p = fittedPrior();
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
      const joint = p.map((value, i) => (value > 0 ? value * Math.exp(held.logA[i] - top) : 0));
      if (!diagnose || held.theta === null) {
        return { joint, k: NaN, ess: NaN };
      }
      const { likelihood, top: greatest } = grounded();
      const { k, ess } = weighed(p, likelihood, greatest, false);
      return { joint, k, ess };
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
      return { joint: p.map((value, i) => value * missed[i] * update[i]), k, ess };
    };

    const answer = (p, setting, diagnose) =>
      setting === null || isFitted(setting) ? fromUpdate(p, diagnose) : fromDraws(p, setting);

    const prepare = (setting, milliseconds) => read.prepare(setting, milliseconds);

    return { held, settingOf, answer, prepare };
  };

  /**
   * Open an engine.
   * @param {object} island parsed JSON, as bayestrace/report/live.py makes it
   * @returns {{answer: function, prepare: function, held: object}} `held` as `data.read` gives it
   */
  const open = (island) => {
    const held = data.read(island);
    const fitted = { prior: Float64Array.from(held.prior), ...held.pooling };
    const table = held.logA === null ? null : pooling.table(held);
    const standpoints = evidence.recent(8);

    const priorOf = (prior, kappa, levels) =>
      standpoints([prior, kappa, levels].join(";"), () => table.probability(prior, kappa, levels));
    const fittedPrior = () => priorOf(fitted.prior, fitted.kappa, fitted.levels);

    const keyOf = (names) => [...names].sort().join();
    const known = new Map([[keyOf(held.panel), () => held]]);
    held.panels.forEach((panel) => known.set(keyOf(panel.coders), () => data.withPanel(held, panel)));
    const opened = evidence.recent(known.size);

    /** The fit of the panel that is asked for; null where there is none. */
    const fitOf = (state) => {
      const key = keyOf(state.panel ?? held.panel);
      return known.has(key) ? opened(key, () => onFit(known.get(key)(), fittedPrior)) : null;
    };

    /**
     * Answer.
     * @param {object} state what differs from the fit, each part by itself optional: `prior` (K,); `pooling`, with
     *   `kappa`, a number (0 and infinity included) or the ends of a range, and `levels`, Dirichlet weights (L,);
     *   `selectivity` and `favours`; `reliability` and `redundancy`, false to count every observation as so and each in
     *   full; `without` and `clusters`, places of observations and clusters left out; `weights`, each with `coder`, the
     *   reviewer coming after those of the panel, `observation` and `db`, decibels (K,) up to a constant; `panel`, names
     *   of the coders, of whom others' weights do not count
     * @param {boolean} diagnose whether to say what the draws are worth where the evidence is as fitted, for which all
     *   of it is read once
     * @returns {object} `refused`, null or why not, in both languages; `probability` (C, K), `joint` (Z,), `same`
     *   (C, C), `count` (K, C + 1); `paretoK` and `ess` of the weights of so many `draws`, NaN where they were not asked
     *   for
     * @throws {RangeError} where the state is none
     */
    const answer = (state = {}, diagnose = true) => {
      const fit = fitOf(state);
      if (fit === null) {
        return refusal("panel-not-fitted");
      }
      const levels = state.pooling?.levels ?? fitted.levels;
      const used = levels.filter((weight) => weight > 0).length;
      if (levels.length !== held.levels.length || used === 0) {
        throw new RangeError("every level of pooling has a weight, and one of them more than 0");
      }
      if (table === null || used ** held.nCases > ASSIGNMENTS) {
        return refusal("joint-not-enumerated");
      }
      const prior = state.prior ? distribution(state.prior) : fitted.prior;
      if (prior.length !== held.nHypotheses) {
        throw new RangeError("a prior has a probability for each explanation");
      }
      const changes = ["without", "clusters", "weights", "redundancy", "reliability", "selectivity", "favours"];
      if (held.theta === null && changes.some((name) => state[name] !== undefined)) {
        return refusal("nothing-learned");
      }
      const setting = held.theta === null ? null : fit.settingOf(state);
      const p = priorOf(prior, state.pooling?.kappa ?? fitted.kappa, levels);
      const { joint, k, ess } = fit.answer(p, setting, diagnose);
      const total = joint.reduce((sum, value) => sum + value, 0);
      if (!(total > 0)) {
        return refusal("impossible");
      }
      const joined = joint.map((value) => value / total);
      const { draws } = fit.held;
      return { refused: null, joint: joined, ...summaries(held, table.z, joined), paretoK: k, ess, draws };
    };

    /**
     * Read the evidence ahead, a slice at a time, so that the first change of it need not wait for all.
     * @param {number} milliseconds to spend at most, but for the cluster in hand
     * @param {object} state as in `answer`; the evidence as fitted by default
     * @returns {boolean} whether everything is read
     */
    const prepare = (milliseconds, state = {}) => {
      const fit = held.theta && fitOf(state);
      return !fit || fit.prepare(fit.settingOf(state), milliseconds);
    };

    return { answer, prepare, held };
  };

  return { open };
})();

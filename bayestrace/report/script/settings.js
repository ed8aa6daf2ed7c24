/** What a page asks of the evidence, from what its reader has set. */
const settings = (() => {
  "use strict";

  const NATS_PER_DB = Math.log(10) / 10;

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

  /**
   * Read settings against the data of a fit.
   * @param {object} held as `data.read` or `data.withPanel` gives it
   * @returns {object} `fitted()`, the evidence as fitted; `of(state)`, what the evidence is to be; `isFitted(setting)`,
   *   whether that is as fitted. A setting is as `evidence.open` takes it
   */
  const open = (held) => {
    const fitted = () => ({
      left: new Set(),
      weights: new Map(),
      redundancy: true,
      reliability: true,
      selectivity: held.selectivity,
      favours: held.favours,
    });

    const of = (state) => {
      const setting = fitted();
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

    return { fitted, of, isFitted };
  };

  return { open };
})();

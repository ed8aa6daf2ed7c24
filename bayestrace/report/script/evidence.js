/** What the evidence says of each case at every draw, under settings that change; what did not change is kept. */
const evidence = (() => {
  "use strict";

  /** Keep the results asked for last, at most so many. */
  const recent = (limit) => {
    const held = new Map();
    return (key, make) => {
      const value = held.get(key) ?? make();
      held.delete(key);
      held.set(key, value);
      if (held.size > limit) {
        held.delete(held.keys().next().value);
      }
      return value;
    };
  };

  /**
   * Open the evidence of an island.
   * @param {object} held as `data.read` gives it
   * @returns {{loglik: function, prepare: function}} `loglik(setting)` gives log-likelihoods of cases, shape (D, C, K),
   *   nats. A setting has `left`, a set of places of observations left out; `weights`, by place of observation a map from
   *   coder to contrasts in nats; `redundancy` and `reliability`, whether they count; `selectivity` and `favours`.
   *   Observations of which nobody states anything are left out
   */
  const open = (held) => {
    const { draws, nCases, nHypotheses: size, nObservations, nClusters, members } = held;
    const base = signal.ground(held);
    const every = Array.from({ length: nObservations }, (_, one) => one);
    const partial = every.map((one) => held.projectors !== null && coders.isPart(held, one));
    const nNodes = quadrature.NODES;
    const none = new Float64Array(nNodes);
    const reduced = recent(3 * nObservations + 32);
    // As fitted, without redundancy, and with each other explanation selected for: all of it may be read ahead.
    const integrated = recent((size + 3) * nClusters + 32);
    const combined = recent(6 * nClusters + 64);
    const nothing = new Map();

    const overwritten = (setting, one) =>
      [...(setting.weights.get(one) ?? nothing)].map(([coder, weight]) => `${coder}=${weight.join(" ")}`).join(";");

    const ofNodes = (values, cluster) => values.subarray(cluster * nNodes, (cluster + 1) * nNodes);

    const clusterLoglik = (cluster, setting) => {
      const isLeft = (one) => !setting.left.has(one) && coders.isSpoken(held, one, setting.weights.get(one) ?? nothing);
      const left = members[cluster].filter(isLeft);
      if (left.length === 0) {
        return null;
      }
      // What a report depends on costs a third more: it is worked out where an author selects, and beforehand for the
      // clusters as they were fitted, so that selectivity may be changed at once.
      const asStated = left.length === members[cluster].length && left.every((one) => !setting.weights.has(one));
      const favours = setting.selectivity > 0 || (asStated && setting.redundancy) ? setting.favours : signal.NOBODY;
      const inPart = left.some((one) => partial[one]);
      const said = left.map((one) => `${one}:${overwritten(setting, one)}`);
      const key = `${cluster}|${said.join("|")}|${setting.redundancy}|${favours}`;
      const quality = setting.reliability
        ? left.reduce((sum, one) => sum + held.observation.reliability[one], 0) / left.length
        : 1;
      return combined(`${key}|${quality}|${setting.selectivity}`, () => {
        const made = integrated(key, () => {
          const parts = left.map((one, i) =>
            reduced(`${said[i]}|${inPart}`, () => {
              return (inPart ? coders.part : coders.whole)(held, one, setting.weights.get(one) ?? nothing);
            }),
          );
          const nodes = setting.redundancy ? ofNodes(held.cluster.redundancy, cluster) : none;
          return (inPart ? block.part : signal.whole)(base, parts, nodes, favours);
        });
        const { selectivity } = setting;
        const weight = ofNodes(held.cluster.redundancyWeight, cluster);
        return signal.combine(base, made, weight, { selectivity, favours, quality });
      });
    };

    const loglik = (setting) => {
      // What clues say is no reader's to change here.
      const total = held.sought ? Float64Array.from(held.sought) : new Float64Array(draws * nCases * size);
      for (let cluster = 0; cluster < nClusters; cluster += 1) {
        const told = clusterLoglik(cluster, setting);
        const start = held.cluster.case[cluster] * size;
        for (let draw = 0; told !== null && draw < draws; draw += 1) {
          for (let k = 0; k < size; k += 1) {
            total[draw * nCases * size + start + k] += told[draw * size + k];
          }
        }
      }
      return total;
    };

    /** Read clusters ahead for some time; true once none is left to read. What was read before takes next to none. */
    const prepare = (setting, milliseconds) => {
      const end = performance.now() + milliseconds;
      let cluster = 0;
      for (; cluster < nClusters && performance.now() < end; cluster += 1) {
        clusterLoglik(cluster, setting);
      }
      return cluster === nClusters;
    };

    return { loglik, prepare };
  };

  return { open, recent };
})();

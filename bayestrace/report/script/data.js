/** The data island of a page as typed arrays. */
const data = (() => {
  "use strict";

  /**
   * Decode numbers, least significant first.
   * @param {string} text base64
   * @param {number} bytes of each, 8 or 4
   * @returns {Float64Array}
   */
  const numbers = (text, bytes = 8) => {
    const raw = atob(text);
    const view = new DataView(new ArrayBuffer(raw.length));
    for (let i = 0; i < raw.length; i += 1) {
      view.setUint8(i, raw.charCodeAt(i));
    }
    const values = new Float64Array(raw.length / bytes);
    for (let i = 0; i < values.length; i += 1) {
      values[i] = bytes === 8 ? view.getFloat64(8 * i, true) : view.getFloat32(4 * i, true);
    }
    return values;
  };

  const decoded = (group, bytes = 8) => {
    const plain = (value) => (typeof value === "string" ? numbers(value, bytes) : value);
    return group && Object.fromEntries(Object.entries(group).map(([name, value]) => [name, plain(value)]));
  };

  /**
   * Read an island as bayestrace/report/live.py makes it.
   * @param {object} island parsed JSON
   * @returns {object} the same with every base64 text decoded, and sizes: `draws` D, `nCases` C, `nHypotheses` K,
   *   `nCoders` J, `nContrasts` K - 1, `nObservations` N, `nClusters` G; `members` of each cluster
   */
  const read = (island) => {
    const clusterOf = island.observation ? island.observation.cluster : [];
    const theta = decoded(island.theta, 4);
    return {
      ...island,
      numbers: decoded(island.numbers),
      logA: island.logA && numbers(island.logA),
      theta,
      observation: decoded(island.observation),
      cluster: decoded(island.cluster),
      projectors: island.projectors && numbers(island.projectors),
      draws: theta ? theta.logV.length : 0,
      nCases: island.cases.length,
      nHypotheses: island.hypotheses.length,
      nContrasts: island.hypotheses.length - 1,
      nCoders: island.panel.length,
      nObservations: island.evidence.length,
      nClusters: island.clusters.length,
      members: island.clusters.map((_, cluster) => [...clusterOf.keys()].filter((one) => clusterOf[one] === cluster)),
    };
  };

  return { read };
})();

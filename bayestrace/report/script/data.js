/** The data island of a page as typed arrays. */
const data = (() => {
  "use strict";

  /** A number of two bytes (IEEE 754 binary16), of which a page holds finite ones only. */
  const half = (bits) => {
    const power = (bits >> 10) & 31;
    const part = (bits & 1023) / 1024;
    const size = power === 0 ? part * 2 ** -14 : (1 + part) * 2 ** (power - 15);
    return bits >> 15 ? -size : size;
  };

  const READERS = {
    8: (view) => view.getFloat64(0, true),
    4: (view) => view.getFloat32(0, true),
    2: (view) => half(view.getUint16(0, true)),
    1: (view) => view.getUint8(0),
  };

  /**
   * Decode numbers: the least significant bytes of all come first, then the next.
   * @param {string | number[] | object} text base64, or the numbers themselves, or `which` `of` some each is
   * @param {number} bytes of each in base64: 8, 4, 2, or 1 of a number without sign
   * @returns {Float64Array}
   */
  const numbers = (text, bytes = 8) => {
    if (text.which) {
      const distinct = numbers(text.of, bytes);
      return Float64Array.from(text.which, (place) => distinct[place]);
    }
    if (typeof text !== "string") {
      return Float64Array.from(text);
    }
    const raw = atob(text);
    const count = raw.length / bytes;
    const view = new DataView(new ArrayBuffer(bytes));
    const values = new Float64Array(count);
    for (let i = 0; i < count; i += 1) {
      for (let byte = 0; byte < bytes; byte += 1) {
        view.setUint8(byte, raw.charCodeAt(byte * count + i));
      }
      values[i] = READERS[bytes](view);
    }
    return values;
  };

  const decoded = (group, bytes = 8) =>
    group && Object.fromEntries(Object.entries(group).map(([name, value]) => [name, numbers(value, bytes)]));

  const padded = (values, length) => {
    const full = new Float64Array(length);
    full.set(values);
    return full;
  };

  /** What was stated, coders in front; whoever has stated nothing compares all explanations and gives no range. */
  const statements = (island, coders) => {
    const { cluster, missing, projector, weight, statedVariance, reliability } = island.observation;
    const count = island.evidence.length;
    const stated = new Uint8Array(coders * count).fill(1, 0, island.panel.length * count);
    missing.forEach((at) => {
      stated[at] = 0;
    });
    return {
      cluster,
      stated,
      projector: padded(projector ?? [], coders * count),
      weight: padded(numbers(weight), coders * count * (island.hypotheses.length - 1)),
      statedVariance: padded(numbers(statedVariance), coders * count),
      reliability: numbers(reliability),
    };
  };

  /** Nodes of every cluster's redundancy and their weights, shape (G, R), of what was stated of those of several. */
  const redundancies = (members, stated) => {
    const [mean, sd] = [numbers(stated.mean), numbers(stated.sd)];
    let next = -1;
    const found = members.map((some) => {
      next += some.length > 1 ? 1 : 0;
      return some.length > 1 ? quadrature.beta(mean[next], sd[next]) : quadrature.beta(0, 0);
    });
    return {
      redundancy: Float64Array.from(found.flatMap(({ nodes }) => nodes)),
      redundancyWeight: Float64Array.from(found.flatMap(({ weights }) => weights)),
    };
  };

  /** Which level each case draws on at each draw, shape (D, C), and what all draws say of the settings as fitted. */
  const allotments = ({ level, probability, same, count }) => ({
    level: Uint8Array.from(numbers(level, 1)),
    probability: numbers(probability),
    same: numbers(same),
    count: numbers(count),
  });

  /**
   * Read an island as bayestrace/report/live.py makes it.
   * @param {object} island parsed JSON
   * @returns {object} the same with all numbers decoded, and sizes: `draws` D, `nCases` C, `nHypotheses` K, `nCoders` J
   *   with the reviewer last if there is one, `nContrasts` K - 1, `nObservations` N, `nClusters` G; `members` of each
   *   cluster; `included`, whether each coder is one of the panel or the reviewer
   */
  const read = (island) => {
    const clusterOf = island.observation ? island.observation.cluster : [];
    const nCoders = island.panel.length + (island.reviewer ? 1 : 0);
    const theta = decoded(island.theta, 4);
    const members = island.clusters.map((_, cluster) =>
      [...clusterOf.keys()].filter((one) => clusterOf[one] === cluster),
    );
    return {
      ...island,
      numbers: decoded(island.numbers),
      logA: island.logA && numbers(island.logA),
      allotted: island.allotted && allotments(island.allotted),
      stated: island.stated && { ...island.stated, loglik: numbers(island.stated.loglik) },
      theta,
      sought: island.sought && numbers(island.sought),
      observation: island.observation && statements(island, nCoders),
      cluster: island.cluster && { case: island.cluster.case, ...redundancies(members, island.cluster) },
      projectors: island.projectors && numbers(island.projectors),
      draws: theta ? theta.logV.length : 0,
      nCases: island.cases.length,
      nHypotheses: island.hypotheses.length,
      nContrasts: island.hypotheses.length - 1,
      nCoders,
      nObservations: island.evidence.length,
      nClusters: island.clusters.length,
      members,
      included: new Array(nCoders).fill(true),
    };
  };

  /**
   * Take the fit of another panel in the place of that of all coders.
   * @param {object} held as `read` gives it
   * @param {object} panel one of the island's `panels`
   * @returns {object} as `read` gives it, every coder in the place as before; nothing is known of those left out
   */
  const withPanel = (held, panel) => {
    const { nCoders, nContrasts, nObservations } = held;
    const narrow = decoded(panel.theta, 2);
    const draws = narrow.logV.length;
    const places = panel.coders.map((name) => held.panel.indexOf(name));
    if (held.reviewer) {
      places.push(nCoders - 1);
    }
    const spread = (values, each) => {
      const wide = new Float64Array(draws * nCoders * each).fill(NaN);
      for (let draw = 0; draw < draws; draw += 1) {
        places.forEach((place, i) => {
          const from = (draw * places.length + i) * each;
          wide.set(values.subarray(from, from + each), (draw * nCoders + place) * each);
        });
      }
      return wide;
    };
    const { scale, noise, bias } = narrow;
    const included = Array.from({ length: nCoders }, (_, place) => places.includes(place));
    return {
      ...held,
      logA: numbers(panel.logA, 4),
      sought: panel.sought && numbers(panel.sought, 4),
      theta: { ...narrow, scale: spread(scale, 1), noise: spread(noise, 1), bias: spread(bias, nContrasts) },
      draws,
      observation: {
        ...held.observation,
        stated: held.observation.stated.map((said, at) => (included[Math.floor(at / nObservations)] ? said : 0)),
      },
      cluster: { ...held.cluster, ...redundancies(held.members, panel) },
      included,
    };
  };

  return { read, withPanel };
})();

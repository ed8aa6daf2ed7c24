/** P(Z) over joint explanations for any prior, concentration and weights of the levels (docs/inference.md 4). */
const pooling = (() => {
  "use strict";

  /**
   * List the joint explanations.
   * @returns {Uint8Array} shape (Z, C), the last case changing fastest
   */
  const every = (nCases, size) => {
    const total = size ** nCases;
    const z = new Uint8Array(total * nCases);
    for (let row = 0; row < total; row += 1) {
      let rest = row;
      for (let c = nCases - 1; c >= 0; c -= 1) {
        z[row * nCases + c] = rest % size;
        rest = Math.floor(rest / size);
      }
    }
    return z;
  };

  /**
   * Gather the assignments of levels to cases by the partition that they make.
   * @param {number[][]} pools label of the pool of each case at each level, shape (L, C)
   * @param {number[]} used levels that are used
   * @returns {{joined: number[][], alone: number[], uses: Map<string, {counts: number[], ways: number}>}[]} blocks of
   *   two and more cases, cases in a block of their own, and in how many ways so many uses of the levels come to it
   */
  const partitions = (pools, used) => {
    const nCases = pools[0].length;
    const found = new Map();
    const levels = new Array(nCases).fill(0);
    for (let left = used.length ** nCases; left > 0; left -= 1) {
      const blocks = new Map();
      const counts = new Array(used.length).fill(0);
      for (let c = 0; c < nCases; c += 1) {
        counts[levels[c]] += 1;
        const label = `${levels[c]}/${pools[used[levels[c]]][c]}`;
        blocks.set(label, [...(blocks.get(label) ?? []), c]);
      }
      // Blocks come in the order of their first case: one partition, one key.
      const key = JSON.stringify([...blocks.values()]);
      if (!found.has(key)) {
        const all = [...blocks.values()];
        found.set(key, {
          joined: all.filter((block) => block.length > 1),
          alone: all.filter((block) => block.length === 1).map((block) => block[0]),
          uses: new Map(),
        });
      }
      const { uses } = found.get(key);
      const name = counts.join();
      uses.set(name, { counts, ways: (uses.get(name)?.ways ?? 0) + 1 });
      for (let c = 0; c < nCases; c += 1) {
        levels[c] = (levels[c] + 1) % used.length;
        if (levels[c] > 0) {
          break;
        }
      }
    }
    return [...found.values()];
  };

  const rising = (start, steps) => {
    let product = 1;
    for (let i = 0; i < steps; i += 1) {
      product *= start + i;
    }
    return product;
  };

  /**
   * Nodes of the concentration.
   * @param {object} numbers of the island: nodes and weights on (0, 1)
   * @param {number | number[]} kappa one value, 0 and infinity included, or the ends of a range, uniform in log kappa
   * @returns {{node: Float64Array, weight: Float64Array}}
   */
  const concentration = (numbers, kappa) => {
    const [low, high] = Array.isArray(kappa) ? kappa : [kappa, kappa];
    if (low === high) {
      return { node: Float64Array.of(low), weight: Float64Array.of(1) };
    }
    const span = Math.log(high) - Math.log(low);
    return { node: numbers.kappaNode.map((x) => Math.exp(Math.log(low) + span * x)), weight: numbers.kappaWeight };
  };

  /**
   * Tabulate the explanations of a block, one case after the other (an urn to which each ball drawn adds its like).
   * @returns {Float64Array[]} by number of cases n, probabilities of shape (K^n, nodes of kappa), the last case of the
   *   block changing fastest
   */
  const urns = (prior, node, largest) => {
    const size = prior.length;
    const tables = [new Float64Array(node.length).fill(1)];
    const held = new Float64Array(size);
    for (let n = 1; n <= largest; n += 1) {
      const before = tables[n - 1];
      const table = new Float64Array(size ** n * node.length);
      for (let row = 0; row < size ** (n - 1); row += 1) {
        held.fill(0);
        for (let i = 1, rest = row; i < n; i += 1, rest = Math.floor(rest / size)) {
          held[rest % size] += 1;
        }
        for (let k = 0; k < size; k += 1) {
          for (let at = 0; at < node.length; at += 1) {
            // kappa as low/high, both finite.
            const low = Math.min(node[at], 1);
            const high = 1 / Math.max(node[at], 1);
            const next = n === 1 ? prior[k] : (low * prior[k] + high * held[k]) / (low + high * (n - 1));
            table[(row * size + k) * node.length + at] = before[row * node.length + at] * next;
          }
        }
      }
      tables.push(table);
    }
    return tables;
  };

  const averaged = (table, weight) => {
    const mean = new Float64Array(table.length / weight.length);
    for (let i = 0; i < table.length; i += 1) {
      mean[Math.floor(i / weight.length)] += table[i] * weight[i % weight.length];
    }
    return mean;
  };

  const placeOf = (z, row, nCases, block, size) => {
    let place = 0;
    for (let i = 0; i < block.length; i += 1) {
      place = place * size + z[row * nCases + block[i]];
    }
    return place;
  };

  /**
   * Make a table of P(Z) that keeps what no standpoint changes.
   * @param {object} held as `data.read` gives it
   * @returns {{z: Uint8Array, probability: function}} see `every`; `probability(prior, kappa, levels)` gives P(Z),
   *   shape (Z,), of a prior (K,), a concentration as in `concentration` and Dirichlet weights (L,)
   */
  const table = (held) => {
    const { nCases, nHypotheses: size } = held;
    const z = every(nCases, size);
    const total = z.length / nCases;
    const known = new Map();
    const probability = (prior, kappa, levels) => {
      const used = [...levels.keys()].filter((level) => levels[level] > 0);
      if (!known.has(used.join())) {
        known.set(used.join(), partitions(held.pools, used));
      }
      const weights = used.map((level) => levels[level]);
      const whole = rising(weights.reduce((sum, weight) => sum + weight, 0), nCases);
      const { node, weight } = concentration(held.numbers, kappa);
      const parts = known.get(used.join());
      const lengths = parts.flatMap(({ joined }) => joined.map((block) => block.length));
      const tables = urns(prior, node, Math.max(1, ...lengths));
      const means = tables.map((one) => averaged(one, weight));
      const result = new Float64Array(total);
      for (const { joined, alone, uses } of parts) {
        let mass = 0;
        for (const { counts, ways } of uses.values()) {
          mass += counts.reduce((product, count, level) => product * rising(weights[level], count), ways / whole);
        }
        for (let row = 0; row < total; row += 1) {
          let value = mass;
          for (let i = 0; i < alone.length; i += 1) {
            value *= prior[z[row * nCases + alone[i]]];
          }
          if (joined.length === 1) {
            value *= means[joined[0].length][placeOf(z, row, nCases, joined[0], size)];
          } else if (joined.length > 1) {
            value *= together(z, row, nCases, size, joined, tables, weight);
          }
          result[row] += value;
        }
      }
      return result;
    };
    return { z, probability };
  };

  /** Several blocks share one kappa: multiply first, then average over it. */
  const together = (z, row, nCases, size, joined, tables, weight) => {
    let mean = 0;
    for (let at = 0; at < weight.length; at += 1) {
      let product = weight[at];
      for (let i = 0; i < joined.length; i += 1) {
        const place = placeOf(z, row, nCases, joined[i], size);
        product *= tables[joined[i].length][place * weight.length + at];
      }
      mean += product;
    }
    return mean;
  };

  return { concentration, table };
})();

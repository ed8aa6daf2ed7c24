/** Nodes of a cluster's redundancy: Gauss-Jacobi for the Beta of a stated mean and sd (docs/inference.md 3.3). */
const quadrature = (() => {
  "use strict";

  const NODES = 5;
  const MOST = 0.95; // redundancy, where covariances would turn singular; as the fit's

  /**
   * Place the nodes by the eigenvalues of the recurrence of Jacobi's polynomials (Golub and Welsch 1969).
   * @param {number} mean of the redundancy
   * @param {number} sd its standard deviation
   * @returns {{nodes: number[], weights: number[]}} ascending; all nodes alike where the redundancy is a point
   */
  const beta = (mean, sd) => {
    const widest = mean * (1 - mean);
    if (sd <= 0 || widest <= 0) {
      return { nodes: new Array(NODES).fill(Math.min(mean, MOST)), weights: new Array(NODES).fill(1 / NODES) };
    }
    const size = widest / Math.min(sd ** 2, 0.5 * widest) - 1;
    const [p, q] = [mean * size, (1 - mean) * size];
    const matrix = new Float64Array(NODES * NODES);
    const vectors = new Float64Array(NODES * NODES);
    for (let k = 0; k < NODES; k += 1) {
      const twice = 2 * k + size;
      const shift = k === 0 ? (p - q) / size : ((p - q) * (size - 2)) / ((twice - 2) * twice);
      matrix[k * (NODES + 1)] = (1 + shift) / 2;
      if (k > 0) {
        // Of the first, size - 1 stands above and below, and may be 0.
        const rest = k === 1 ? 1 : (k + size - 2) / (twice - 3);
        const link = Math.sqrt((k * (k + q - 1) * (k + p - 1) * rest) / (twice - 1)) / (twice - 2);
        matrix[k * NODES + k - 1] = link;
        matrix[(k - 1) * NODES + k] = link;
      }
    }
    symmetric.eigen(matrix, vectors, NODES);
    const pairs = Array.from({ length: NODES }, (_, i) => [matrix[i * (NODES + 1)], vectors[i] ** 2]);
    pairs.sort(([one], [other]) => one - other);
    return { nodes: pairs.map(([node]) => Math.min(node, MOST)), weights: pairs.map(([, weight]) => weight) };
  };

  return { NODES, beta };
})();

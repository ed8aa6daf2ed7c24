/** Small symmetric matrices, stored row after row in flat arrays. */
const symmetric = (() => {
  "use strict";

  const SWEEPS = 50; // of Jacobi's rotations; a handful do

  /**
   * Take a symmetric matrix apart by Jacobi's rotations.
   * @param {Float64Array} matrix shape (n, n); its diagonal holds the eigenvalues afterwards
   * @param {Float64Array} vectors shape (n, n), filled with the eigenvectors as columns
   * @param {number} n rows
   */
  const eigen = (matrix, vectors, n) => {
    vectors.fill(0);
    for (let i = 0; i < n; i += 1) {
      vectors[i * n + i] = 1;
    }
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      let off = 0;
      let size = 0;
      for (let i = 0; i < n; i += 1) {
        size += matrix[i * n + i] ** 2;
        for (let j = i + 1; j < n; j += 1) {
          off += matrix[i * n + j] ** 2;
        }
      }
      if (off <= 1e-34 * size) {
        return;
      }
      for (let p = 0; p < n; p += 1) {
        for (let q = p + 1; q < n; q += 1) {
          rotate(matrix, vectors, n, p, q);
        }
      }
    }
  };

  const rotate = (matrix, vectors, n, p, q) => {
    const entry = matrix[p * n + q];
    if (entry === 0) {
      return;
    }
    const slope = (matrix[q * n + q] - matrix[p * n + p]) / (2 * entry);
    const tangent = (slope >= 0 ? 1 : -1) / (Math.abs(slope) + Math.sqrt(slope * slope + 1));
    const cosine = 1 / Math.sqrt(tangent * tangent + 1);
    const sine = tangent * cosine;
    for (let i = 0; i < n; i += 1) {
      const one = matrix[i * n + p];
      const other = matrix[i * n + q];
      matrix[i * n + p] = cosine * one - sine * other;
      matrix[i * n + q] = sine * one + cosine * other;
    }
    for (let i = 0; i < n; i += 1) {
      const one = matrix[p * n + i];
      const other = matrix[q * n + i];
      matrix[p * n + i] = cosine * one - sine * other;
      matrix[q * n + i] = sine * one + cosine * other;
      const first = vectors[i * n + p];
      const second = vectors[i * n + q];
      vectors[i * n + p] = cosine * first - sine * second;
      vectors[i * n + q] = sine * first + cosine * second;
    }
  };

  /**
   * Factorise a positive definite matrix (Cholesky): the lower triangle becomes the factor.
   * @returns {number} the product of the factor's diagonal, the root of the determinant
   */
  const factor = (matrix, n) => {
    let root = 1;
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        let sum = matrix[i * n + j];
        for (let m = 0; m < j; m += 1) {
          sum -= matrix[i * n + m] * matrix[j * n + m];
        }
        matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * n + j];
      }
      root *= matrix[i * n + i];
    }
    return root;
  };

  /** Solve with a factor as `factor` leaves it: `from` becomes the solution. */
  const solve = (lower, n, from) => {
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < i; j += 1) {
        from[i] -= lower[i * n + j] * from[j];
      }
      from[i] /= lower[i * n + i];
    }
    for (let i = n - 1; i >= 0; i -= 1) {
      for (let j = i + 1; j < n; j += 1) {
        from[i] -= lower[j * n + i] * from[j];
      }
      from[i] /= lower[i * n + i];
    }
  };

  return { eigen, factor, solve };
})();

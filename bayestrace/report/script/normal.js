/** The standard normal distribution function, fast enough to be asked for millions of times. */
const normal = (() => {
  "use strict";

  const PER_UNIT = 16; // nodes of the table per standard deviation
  const LIMIT = 9; // beyond, the function is 0 or 1 to the last digit of a number that 1 is added to
  const TERMS = 9; // of the Taylor series about each node; the ninth power of 1/32 is below 1e-13
  const table = new Float64Array((2 * LIMIT * PER_UNIT + 1) * TERMS);

  /** Lower tail at x <= 0: a series near 0, a continued fraction (Laplace) in the tail. */
  const tail = (x, density) => {
    if (x > -3) {
      let term = x;
      let sum = x;
      for (let n = 3; Math.abs(term) > 1e-20; n += 2) {
        term *= (x * x) / n;
        sum += term;
      }
      return 0.5 + density * sum;
    }
    let fraction = -x;
    for (let n = 300; n > 0; n -= 1) {
      fraction = -x + n / fraction;
    }
    return density / fraction;
  };

  for (let node = 0; node * TERMS < table.length; node += 1) {
    const x = node / PER_UNIT - LIMIT;
    const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    const at = node * TERMS;
    table[at] = x <= 0 ? tail(x, density) : 1 - tail(-x, density);
    // The derivatives of the density are Hermite polynomials times it, with alternating signs.
    let before = 0;
    let hermite = 1;
    let factorial = 1;
    for (let n = 1; n < TERMS; n += 1) {
      factorial *= n;
      table[at + n] = ((n % 2 ? 1 : -1) * hermite * density) / factorial;
      [before, hermite] = [hermite, x * hermite - (n - 1) * before];
    }
  }

  /**
   * Take the distribution function.
   * @param {number} x any number
   * @returns {number} within 1e-15
   */
  const cdf = (x) => {
    if (x <= -LIMIT) {
      return 0;
    }
    if (x >= LIMIT) {
      return 1;
    }
    const node = Math.round((x + LIMIT) * PER_UNIT);
    const h = x + LIMIT - node / PER_UNIT;
    const at = node * TERMS;
    let value = table[at + TERMS - 1];
    for (let n = TERMS - 2; n >= 0; n -= 1) {
      value = value * h + table[at + n];
    }
    return value;
  };

  return { cdf };
})();

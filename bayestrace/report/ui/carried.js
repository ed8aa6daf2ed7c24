/** Gives the elements of the page the numbers that they carry, to five digits: the page holds them packed. */
const carried = (() => {
  const NAMES = ["data-value", "data-parts", "data-low", "data-high", "value"]; // as bayestrace/report/page/carried.py

  /** @param {string} packed for each number how many elements it is after the one before, its name, the number */
  const back = (packed) => {
    const [steps, names, values] = packed.split("\n").map((column) => column.split(","));
    const elements = document.querySelectorAll("main *");
    let place = -1;
    steps.forEach((step, i) => {
      place += Number(step);
      elements[place].setAttribute(NAMES[names[i]], values[i]);
    });
  };

  return { back };
})();

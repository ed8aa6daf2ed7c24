/** Gives the page the numbers that it carries, to five digits: it holds them packed, as bayestrace/report/page/carried.py has it. */
const carried = (() => {
  const NAMES = ["data-value", "data-parts", "data-low", "data-high", "value"];

  const toElements = (main, steps, names, values) => {
    const elements = main.getElementsByTagName("*");
    let place = -1;
    steps.forEach((step, i) => {
      place += Number(step);
      elements[place].setAttribute(NAMES[names[i]], values[i]);
    });
  };

  /** Put what only carries a number around what the number is shown as. */
  const toTexts = (main, gaps, lengths, values) => {
    const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    let text = texts.nextNode();
    let ahead = 0; // of what is sought, from where the text begins
    gaps.forEach((gap, i) => {
      for (ahead += Number(gap); text && ahead >= text.length; text = texts.nextNode()) {
        ahead -= text.length;
      }
      if (!text) {
        return; // of a page that something has shortened
      }
      const shown = ahead > 0 ? text.splitText(ahead) : text;
      const rest = shown.length > Number(lengths[i]) ? shown.splitText(Number(lengths[i])) : null;
      const isDifference = values[i].includes(" ");
      const made = document.createElement(isDifference ? "span" : "data");
      made.setAttribute(isDifference ? "data-parts" : "value", values[i]);
      shown.replaceWith(made);
      made.append(shown);
      texts.currentNode = rest ?? shown;
      [text, ahead] = [rest ?? texts.nextNode(), 0];
    });
  };

  /** @param {string} packed lines of numbers: three of elements that say more, three of those that do not */
  const back = (packed) => {
    const main = document.querySelector("main");
    const columns = packed.split("\n").map((column) => (column ? column.split(",") : []));
    toElements(main, ...columns.slice(0, 3));
    toTexts(main, ...columns.slice(3));
  };

  return { back };
})();

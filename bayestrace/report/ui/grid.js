/** Reads tables of the page as rows of numbers and words, and writes rows as CSV. */
const grid = (() => {
  const NUMBER = String.raw`[+\u2212-]?\d+(?:\.\d+)?(?:e-?\d+)?(?:\s?%)?`;
  const ONE = new RegExp(`^${NUMBER}$`);
  const ENDS = new RegExp(`^(${NUMBER})\\s*(?:\u2013|to|至)\\s*(${NUMBER})$`);
  const FORMULA = /^[=+\-@\t\r]/;

  const difference = (one, other) => Number((one - other).toPrecision(5));

  /** A text that is nothing but a number, as the page writes it, as that number; others as they are, a dash as nothing. */
  const plain = (text) => {
    if (!ONE.test(text)) {
      return text === "\u2013" ? "" : text;
    }
    const value = Number.parseFloat(text.replace("\u2212", "-"));
    return text.endsWith("%") ? value / 100 : value;
  };

  /** The number that an element carries, undefined where it carries none. */
  const carried = (one) => {
    if (one.dataset.parts) {
      return difference(...one.dataset.parts.split(" "));
    }
    const value = Number(one.dataset.value ?? (one.matches("data") ? one.value : NaN));
    return Number.isFinite(value) ? value : undefined;
  };

  /** What is said, each number in it as precisely as the page has it; marks that only point at something are left out. */
  const exact = (part) => {
    if (part.nodeType !== Node.ELEMENT_NODE) {
      return part.textContent;
    }
    return part.matches(".badge, input") ? "" : String(carried(part) ?? [...part.childNodes].map(exact).join(""));
  };
  const saidBy = (parts) => parts.map(exact).join("").replace(/\s+/g, " ").trim();

  /** What a cell says: its number, two ends, a number and two ends, or its words. */
  const valuesOf = (cell) => {
    const number = carried(cell);
    if (number !== undefined) {
      return [number];
    }
    // What a reader overwrote is none of the report's numbers: the cell keeps what was stated.
    if (cell.dataset.stated !== undefined) {
      return [plain(cell.dataset.stated.trim())];
    }
    const range = cell.querySelector(".range");
    const main = saidBy([...cell.childNodes].filter((part) => part !== range));
    const below = range ? saidBy([range]) : "";
    const ends = cell.tagName === "TD" && ENDS.exec(below || main);
    if (ends && (!range || ONE.test(main))) {
      return [...(range ? [main] : []), ...ends.slice(1)].map(plain);
    }
    return [below ? `${main} (${below})` : plain(main)];
  };

  /** The rows as lists of what their places say; a cell that spans several stands in each of them. */
  const spread = (rows) => {
    const places = rows.map(() => []);
    rows.forEach((row, y) => {
      // The first of a row's numbers is what the others are taken from.
      const [first, ...others] = row.dataset.parts?.split(" ") ?? [];
      [...row.cells].forEach((cell) => {
        let x = 0;
        while (places[y][x] !== undefined) {
          x += 1;
        }
        const isPart = cell.tagName === "TD" && others.length > 0 && cell.dataset.value === undefined;
        const values = isPart ? [difference(first, others.shift())] : valuesOf(cell);
        // What stands at the left once, for all rows below it.
        const isMore = x === 0 && values[0] === "" && y > 0;
        for (let down = 0; down < cell.rowSpan && y + down < rows.length; down += 1) {
          for (let along = 0; along < cell.colSpan; along += 1) {
            places[y + down][x + along] = isMore ? places[y - 1][0] : values;
          }
        }
      });
    });
    return places;
  };

  /**
   * @param {HTMLTableElement} table one of the page
   * @param {function} say words by key
   * @returns {Array} rows, one of heads first; a column of intervals becomes one of each end, after that of their middles
   */
  const rowsOf = (table, say) => {
    const rows = [...table.rows].filter((row) => !row.matches(".own"));
    const places = spread(rows);
    const heads = rows.filter((row) => row.parentElement.tagName === "THEAD").length;
    const widths = places[0].map((_, x) => Math.max(...places.slice(heads).map((row) => row[x]?.length ?? 1)));
    const head = (name, width) => {
      const ends = width > 1 ? [say("take-low", { name }), say("take-high", { name })] : [];
      return width === 2 ? ends : [name, ...ends];
    };
    // Heads above one another are one: what is said of several columns, then what of one.
    const headed = (x) => {
      const said = places.slice(0, heads).map((row) => row[x]?.[0] ?? "");
      const parts = said.filter((one, y) => one !== "" && one !== said[y - 1]);
      return parts.reduce((name, part) => (name === "" ? part : say("take-under", { name, part })), "");
    };
    return [
      widths.flatMap((width, x) => head(headed(x), width)),
      ...places.slice(heads).map((row) =>
        widths.flatMap((width, x) => {
          const [first = "", ...rest] = row[x] ?? [];
          return Array.from({ length: width }, (_, at) => [first, ...rest][at] ?? "");
        }),
      ),
    ];
  };

  const field = (value) => {
    if (typeof value === "number") {
      return String(value);
    }
    const safe = FORMULA.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };

  /** For spreadsheets too: UTF-8 with a byte order mark, and no cell that would be taken for a formula. */
  const csv = (rows) => `\ufeff${rows.map((row) => row.map((one) => field(one ?? "")).join(",")).join("\r\n")}\r\n`;

  /** Each row as an object, by what heads its columns. */
  const records = ([head, ...rows]) => rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at]])));

  return { csv, records, rowsOf };
})();

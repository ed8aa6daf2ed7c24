/** Hands figures and numbers out as files: SVG, PNG and CSV; and shows the numbers of a figure as a table. */
const download = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const SCALE = 2; // pixels of a PNG for one unit of its figure
  const GAP = 12;
  const LINE = 20;
  const PAINT = [
    ...["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap"],
    ...["paint-order", "opacity", "font-family", "font-size", "font-weight", "text-anchor"],
  ];
  const PLAIN = /^([+\u2212-]?)(\d+(?:\.\d+)?)(\s?%)?$/;
  const FORMULA = /^[=+\-@\t\r]/;

  const node = (name, attributes = {}, ...children) => {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  };

  /** A copy that needs no style sheet: what the page paints it with stands on each element. */
  const painted = (svg, place) => {
    const copy = svg.cloneNode(true);
    const copies = [copy, ...copy.querySelectorAll("*")];
    [svg, ...svg.querySelectorAll("*")].forEach((one, i) => {
      const style = getComputedStyle(one);
      const kept = copies[i];
      for (const { name } of [...kept.attributes]) {
        if (name === "class" || name === "id" || name === "role" || /^(aria|data)-/.test(name)) {
          kept.removeAttribute(name);
        }
      }
      PAINT.forEach((name) => kept.setAttribute(name, style.getPropertyValue(name)));
    });
    copy.querySelectorAll(":scope > title, :scope > desc").forEach((one) => one.remove());
    Object.entries(place).forEach(([name, value]) => copy.setAttribute(name, value));
    return copy;
  };

  const sizeOf = (svg) => ({ width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height });
  const shownIn = (figure) =>
    [...figure.querySelectorAll("svg.fig:not(.key)")].filter((svg) => getComputedStyle(svg).display !== "none");

  /** What is drawn in a figure with its legend, as one picture of its own: two beside each other where there are many. */
  const picture = (figure) => {
    const parts = shownIn(figure);
    const sizes = parts.map(sizeOf);
    const columns = parts.length > 2 ? 2 : 1;
    const wide = Math.max(...sizes.map(({ width }) => width));
    const { color: ink, backgroundColor: paper } = getComputedStyle(document.body);
    const root = node("svg", { xmlns: SVG });
    let y = GAP;
    for (let first = 0; first < parts.length; first += columns) {
      const row = parts.slice(first, first + columns);
      row.forEach((svg, i) => {
        root.append(painted(svg, { x: GAP + i * (wide + 2 * GAP), y, ...sizes[first + i] }));
      });
      y += Math.max(...row.map((_, i) => sizes[first + i].height)) + GAP;
    }
    figure.querySelectorAll(".legend li").forEach((line) => {
      const key = line.querySelector("svg");
      const { width, height } = sizeOf(key);
      const style = getComputedStyle(line);
      root.append(painted(key, { x: GAP, y: y + (LINE - height) / 2, width, height }));
      const told = { x: GAP + width + 6, y: y + LINE - 6, "font-size": 13, "font-family": style.fontFamily, fill: ink };
      root.append(node("text", told, line.textContent.trim()));
      y += LINE;
    });
    // Whole numbers: a picture's edge that is half a pixel is half see-through.
    const width = Math.ceil(columns * wide + (columns - 1) * 2 * GAP + 2 * GAP);
    const height = Math.ceil(y + GAP);
    const said = (tag) => [...figure.querySelectorAll(`svg.fig > ${tag}`)].map((one) => one.textContent);
    root.prepend(
      node("title", {}, [...new Set(said("title"))].join("; ")),
      node("desc", {}, said("desc").join(" ")),
      node("rect", { width, height, fill: paper }),
    );
    Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }).forEach((one) => root.setAttribute(...one));
    return { text: new XMLSerializer().serializeToString(root), width, height };
  };

  const png = async ({ text, width, height }) => {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: SCALE * width, height: SCALE * height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  };

  /** A number as the page writes it; the text itself where it is none. */
  const plain = (text) => {
    const found = PLAIN.exec(text);
    return found ? (found[1] && found[1] !== "+" ? -1 : 1) * (found[2] / (found[3] ? 100 : 1)) : text;
  };

  const difference = (one, other) => Number((one - other).toPrecision(5));
  /** The words of a cell; what stands below a number, as its range does, in brackets. */
  const wordsOf = (cell) => {
    const range = cell.querySelector(".range");
    const parts = [...cell.childNodes].filter((part) => part !== range).map((part) => part.textContent.trim());
    const said = plain(parts.filter(Boolean).join(" "));
    return range ? `${said} (${range.textContent.trim()})` : said;
  };

  /** What a cell says: its number precisely, or its words. */
  const valueOf = (cell) => {
    const alone = cell.children.length === 1 && cell.textContent.trim() === cell.firstElementChild.textContent.trim();
    const told = alone && cell.firstElementChild.matches("data, [data-parts]") ? cell.firstElementChild : cell;
    if (told.dataset.parts) {
      return difference(...told.dataset.parts.split(" "));
    }
    const value = told.dataset.value ?? (told === cell ? undefined : told.getAttribute("value"));
    return value === undefined || value === null ? wordsOf(cell) : Number(value);
  };

  /** The rows of a table; a cell that spans several stands in each of them. */
  const gridOf = (table) => {
    const grid = [...table.rows].map(() => []);
    [...table.rows].forEach((row, y) => {
      // The first of a row's numbers is what the others are taken from.
      const [first, ...others] = row.dataset.parts?.split(" ") ?? [];
      [...row.cells].forEach((cell) => {
        let x = 0;
        while (grid[y][x] !== undefined) {
          x += 1;
        }
        const isPart = cell.tagName === "TD" && others.length > 0 && !("value" in cell.dataset);
        const value = isPart ? difference(first, others.shift()) : valueOf(cell);
        for (let down = 0; down < cell.rowSpan && y + down < grid.length; down += 1) {
          for (let along = 0; along < cell.colSpan; along += 1) {
            grid[y + down][x + along] = value;
          }
        }
      });
    });
    return grid;
  };

  const field = (value) => {
    if (typeof value === "number") {
      return Number.isFinite(value) ? String(value) : "";
    }
    const safe = FORMULA.test(value ?? "") ? `'${value}` : value ?? "";
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };

  /** For spreadsheets too: UTF-8 with a byte order mark, and no cell that would be taken for a formula. */
  const csv = (rows) => `\ufeff${rows.map((row) => row.map(field).join(",")).join("\r\n")}\r\n`;

  /** The table that says what a figure shows: in it, or the next after it; one each where figures side by side have one each. */
  const tableOf = (figure) => {
    const own = figure.querySelector("table");
    if (own) {
      return own;
    }
    const row = figure.closest(".multiples") ?? figure;
    const next = [...figure.closest("main > section").querySelectorAll("table")].filter(
      (table) => row.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    const mates = [...row.children].filter((one) => one.matches("figure"));
    let sibling = row.nextElementSibling;
    const each = [];
    while (sibling?.matches("details")) {
      each.push(sibling.querySelector("table"));
      sibling = sibling.nextElementSibling;
    }
    return each.length > 1 && each.length === mates.length ? each[mates.indexOf(figure)] : next[0];
  };

  const keyOf = (figure) => figure.querySelector("svg.fig > title").id.replace(/-t$/, "");

  /** All observations with what each coder stated of them, and what was made of it. */
  const evidence = () => {
    const table = document.querySelector("#observations table");
    const [head, ...rows] = gridOf(table);
    const ids = [...table.rows].slice(1).map((row) => row.querySelector("a[href^='#obs-']").hash.slice(5));
    const columns = []; // of the tables of weights, which have those that somebody filled in
    const found = rows.flatMap((row, place) => {
      const weights = document.querySelector(`#obs-${CSS.escape(ids[place])} table`);
      const [named, ...said] = weights ? gridOf(weights) : [[], []];
      columns.push(...named.filter((name) => !columns.includes(name)));
      return said.map((one) => [ids[place], ...row, new Map(named.map((name, at) => [name, one[at]]))]);
    });
    const filled = found.map((row) => [...row.slice(0, -1), ...columns.map((name) => row.at(-1).get(name) ?? "")]);
    return [["id", ...head, ...columns], ...filled];
  };

  const about = () => {
    const terms = [...document.querySelectorAll("dl.manifest dt")];
    return Object.fromEntries(terms.map((term) => [term.textContent, term.nextElementSibling.textContent]));
  };

  const probabilities = () => gridOf(document.querySelector("#answer table"));

  const json = () =>
    JSON.stringify({
      title: document.title,
      notice: document.querySelector("#answer .notice")?.textContent ?? null,
      about: about(),
      probabilities: probabilities(),
      evidence: evidence(),
    });

  /**
   * Put the ways to take something away below each figure, and below what the page was made from.
   * @param {object} page what start.js holds
   * @returns {function} to be called after each change
   */
  const open = ({ words, speech }) => {
    const { say } = speech;
    const { element } = view;
    const twins = document.getElementById("twins");
    const known = twins && unpacked(twins).then(JSON.parse);

    const button = (text, name, act) => {
      const made = element("button", { type: "button", textContent: text });
      made.setAttribute("aria-label", name);
      made.addEventListener("click", act);
      return made;
    };

    /** A live figure says what is reported and what is set. */
    const liveRows = (figure) => {
      const place = Number(figure.dataset.case);
      const shown = [...figure.querySelectorAll("[data-row] > :last-child")].map((text) => Number(text.dataset.value));
      return [
        [say("take-explanation"), say("take-reported"), say("take-now")],
        ...words.hypotheses.map((name, k) => [name, Number(words.reported[place][k].toPrecision(5)), shown[k]]),
      ];
    };

    const rowsOf = async (figure) => {
      if (figure.dataset.case) {
        return liveRows(figure);
      }
      const twin = (await known)?.[keyOf(figure)];
      return twin ? [twin.head, ...twin.rows] : gridOf(tableOf(figure));
    };

    const shownRow = (row, isHead) =>
      element("tr", {}, ...row.map((value) => element(isHead ? "th" : "td", { textContent: value ?? "\u2013" })));

    /** The table of a figure that has none in the page. */
    const tableBeside = (figure, twin) => {
      const made = element("details", { className: "twin" }, element("summary", { textContent: say("take-table") }));
      const fill = () => {
        const table = element("table", { className: "small" }, element("caption", { textContent: twin.caption }));
        table.append(element("thead", {}, shownRow(twin.head, true)));
        table.append(element("tbody", {}, ...twin.rows.map((row) => shownRow(row, false))));
        made.append(Object.assign(element("div", { className: "scroll", tabIndex: 0, role: "region" }, table)));
        made.lastElementChild.setAttribute("aria-label", twin.caption);
      };
      made.addEventListener("toggle", fill, { once: true });
      figure.append(made);
    };

    for (const figure of document.querySelectorAll("main figure")) {
      if (!figure.querySelector("svg.fig:not(.key)")) {
        continue;
      }
      const key = keyOf(figure);
      const name = (format) => say("take-name", { format, title: figure.querySelector("svg.fig > title").textContent });
      const file = (ending) => `bayestrace-${key}.${ending}`;
      figure.append(
        element(
          "p",
          { className: "take" },
          `${say("take")} `,
          button("SVG", name("SVG"), () => save.hand(file("svg"), picture(figure).text, "image/svg+xml")),
          button("PNG", name("PNG"), async () => save.hand(file("png"), await png(picture(figure)), "image/png")),
          button("CSV", name("CSV"), async () => save.hand(file("csv"), csv(await rowsOf(figure)), "text/csv")),
        ),
      );
      known?.then((all) => all[key] && tableBeside(figure, all[key]));
    }

    const files = [
      ["take-probabilities", "bayestrace-probabilities.csv", () => csv(probabilities()), "text/csv"],
      ["take-evidence", "bayestrace-evidence.csv", () => csv(evidence()), "text/csv"],
      ["take-all", "bayestrace-report.json", json, "application/json"],
    ];
    const taken = files.map(([word, file, made, type]) =>
      button(say(word), say(word), () => save.hand(file, made(), type)),
    );
    document
      .getElementById("reproduction")
      .append(element("p", { className: "take" }, `${say("take")} `, ...taken), element("p", { textContent: say("take-study") }));
  };

  return { open };
})();

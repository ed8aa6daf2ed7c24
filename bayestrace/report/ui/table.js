/** Makes the table of observations one to search, filter and sort, and to leave observations out from. */
const table = (() => {
  const { element } = view;
  // Places of the columns; the table is written so (templates/observed.html.j2).
  const [CASE, CLUSTER, TITLE, STEP, TYPE, TEST, SPREAD, WEIGHT, STATUS] = Array(9).keys();
  const CHOSEN = [CASE, STEP, CLUSTER, TYPE, TEST, STATUS];
  const NUMBERS = [SPREAD, WEIGHT];

  /**
   * What the reader looks for, the same in either language.
   * @returns {object} `words` in titles and claims; `least` decibels of spread, a text; `chosen`, by column the place of a
   * row that says what is wanted; `sort`, the column and the direction, 1 or -1, null for the order of the study
   */
  const fresh = () => ({ words: "", least: "", chosen: {}, sort: null });

  const plain = (text) => text.normalize("NFKC").toLowerCase();

  /** A number as it is shown, which is how a reader sorts and filters; NaN where there is none. */
  const numberOf = (text) => Number(text.replace("\u2212", "-").replace("–", "NaN"));

  /** Give what one cell says for several rows to each of them: rows are to move, and to hide, one by one. */
  const unmerge = (whole) => {
    const rows = [...whole.tBodies[0].rows];
    const columns = whole.tHead.rows[0].cells.length;
    // Column by column: what stands to the left of a cell is then complete in every row.
    for (let column = 0; column < columns; column += 1) {
      rows.forEach((row, place) => {
        const cell = row.cells[column];
        const { rowSpan } = cell;
        cell.removeAttribute("rowspan");
        for (const below of rows.slice(place + 1, place + rowSpan)) {
          below.insertBefore(cell.cloneNode(true), below.cells[column] ?? null);
        }
      });
    }
    whole.classList.add("unmerged");
  };

  /**
   * @param {object} page what start.js holds
   * @returns {function} shows the table as it is looked through, to be called after each change
   */
  const open = (page) => {
    const { held, speech, looked } = page;
    const { say } = speech;
    const region = document.getElementById("observations");
    if (!region) {
      return () => {}; // a study of clues alone
    }
    const whole = region.querySelector("table");
    const [body] = whole.tBodies;
    // What scrolls below is named by its observation: said here, as the page would have to say it a hundred times over.
    for (const one of document.querySelectorAll(".obs .scroll")) {
      const own = one.closest(".obs");
      const heading = own.querySelector("h5");
      heading.id = `h-${own.id}`;
      one.setAttribute("role", "region");
      one.setAttribute("aria-labelledby", heading.id);
    }
    const heads = [...whole.tHead.rows[0].cells];
    unmerge(whole);
    const lines = [...body.rows].map((row) => ({
      row,
      texts: [...row.cells].map((cell) => cell.textContent.trim()),
      id: row.querySelector("a").hash.slice("#obs-".length),
    }));

    const clusterOf = (id) => held.clusters[held.observation.cluster[held.evidence.indexOf(id)]];

    /** Title and claim in each language that the study has, read where they stand once they are looked for. */
    const saying = (line) => {
      if (line.saying === undefined) {
        const claims = document.getElementById(`obs-${line.id}`).querySelectorAll("p:not([class]), p[lang]");
        line.saying = plain([line.texts[TITLE], ...[...claims].map((one) => one.textContent)].join("\n"));
      }
      return line.saying;
    };

    const isWanted = (line) => {
      const said = (column) => lines[looked.chosen[column]].texts[column];
      const least = Number(looked.least);
      return (
        Object.keys(looked.chosen).every((column) => line.texts[column] === said(column)) &&
        (looked.least === "" || numberOf(line.texts[SPREAD]) >= least) &&
        plain(looked.words).split(/\s+/).every((word) => saying(line).includes(word))
      );
    };

    const { compare } = new Intl.Collator(document.documentElement.lang, { numeric: true });
    const sorted = () => {
      if (looked.sort === null) {
        return lines;
      }
      const { column, direction } = looked.sort;
      if (!NUMBERS.includes(column)) {
        return [...lines].sort((one, other) => direction * compare(one.texts[column], other.texts[column]));
      }
      // What has no number comes last, whichever way.
      const rank = (line) => {
        const number = numberOf(line.texts[column]);
        return Number.isNaN(number) ? Infinity : direction * number;
      };
      return [...lines].sort((one, other) => (rank(one) === rank(other) ? 0 : rank(one) - rank(other)));
    };

    const field = (name, control) => element("label", {}, `${name} `, control);

    const choices = CHOSEN.map((column) => {
      const select = element("select");
      const firsts = new Map();
      lines.forEach(({ texts }, place) => firsts.has(texts[column]) || firsts.set(texts[column], place));
      select.append(
        element("option", { value: "", textContent: say("table-any") }),
        ...[...firsts].map(([text, value]) => element("option", { value, textContent: text })),
      );
      select.addEventListener("input", () => {
        delete looked.chosen[column];
        if (select.value !== "") {
          looked.chosen[column] = Number(select.value);
        }
        look();
      });
      const put = () => {
        const place = looked.chosen[column];
        select.value = place === undefined ? "" : firsts.get(lines[place].texts[column]);
      };
      return { label: field(heads[column].textContent, select), put };
    });

    const written = (name, properties) => {
      const input = element("input", properties);
      input.addEventListener("input", () => {
        looked[name] = input.value;
        look();
      });
      const put = () => {
        // What is being typed is left alone: "1." is no number yet.
        if (input.value !== looked[name] && !input.matches(":focus")) {
          input.value = looked[name];
        }
      };
      return { input, put };
    };
    const search = written("words", { type: "search" });
    const least = written("least", { type: "number", min: "0", step: "0.5" });

    const buttons = heads.map((head, column) => {
      const button = element("button", { type: "button", textContent: head.textContent });
      button.addEventListener("click", () => {
        // Numbers begin with the highest; the third time the study's own order is back.
        const first = NUMBERS.includes(column) ? -1 : 1;
        const now = looked.sort?.column === column ? looked.sort.direction : 0;
        looked.sort = now === -first ? null : { column, direction: now === first ? -first : first };
        look();
      });
      head.replaceChildren(button);
      return button;
    });

    const clear = element("button", { type: "button", textContent: say("table-clear") });
    clear.addEventListener("click", () => {
      Object.assign(looked, fresh());
      look();
    });

    const count = element("p", { className: "soft", role: "status" });
    count.setAttribute("aria-live", "polite");
    const tools = element("div", { className: "tools" });
    tools.setAttribute("role", "search");
    tools.setAttribute("aria-label", say("table-tools"));
    tools.append(
      field(say("table-search"), search.input),
      ...choices.map(({ label }) => label),
      field(say("table-least"), least.input),
      clear,
    );
    region.before(tools, count);

    /** Boxes for what can be left out: what weighs, on a page that holds draws. */
    const boxes = new Map();
    if (held?.theta) {
      heads[0].parentElement.append(element("th", { scope: "col", textContent: say("table-counts") }));
      for (const { row, id, texts } of lines) {
        const cell = row.insertCell();
        if (held.evidence.includes(id)) {
          const box = element("input", { type: "checkbox" });
          box.setAttribute("aria-label", say("table-counted", { title: texts[TITLE] }));
          box.addEventListener("change", () => page.set({ without: store.toggled(page.state.without, id) }));
          cell.append(box);
          boxes.set(id, box);
        }
      }
    }

    let arranged = null;
    const look = () => {
      [search, least, ...choices].forEach(({ put }) => put());
      heads.forEach((head, column) => {
        const direction = looked.sort?.column === column ? looked.sort.direction : 0;
        head.setAttribute("aria-sort", direction === 0 ? "none" : direction > 0 ? "ascending" : "descending");
      });
      lines.forEach((line) => {
        line.row.hidden = !isWanted(line);
      });
      // A row that moves loses the focus that may be in it, so rows move only for another order.
      if (arranged !== looked.sort) {
        arranged = looked.sort;
        body.append(...sorted().map(({ row }) => row));
      }
      const n = lines.filter(({ row }) => !row.hidden).length;
      count.textContent = say("table-count", { n, total: lines.length });
    };

    return (state) => {
      for (const [id, box] of boxes) {
        box.disabled = state.clusters.includes(clusterOf(id));
        box.checked = !box.disabled && !state.without.includes(id);
        box.closest("tr").classList.toggle("out", !box.checked);
      }
      look();
    };
  };

  return { fresh, open };
})();

/** Hands figures and numbers out as files; and shows the numbers of a figure that has no table in the page as one. */
const download = (() => {
  /** The table that says what a figure shows: in it, or the next after it; one each where figures side by side have one each. */
  const tableOf = (figure) => {
    const own = figure.querySelector("table");
    if (own) {
      return own;
    }
    const row = figure.closest(".multiples") ?? figure;
    const next = [...figure.closest("main > section").querySelectorAll("table")].find(
      (table) => row.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    const mates = [...row.children].filter((one) => one.matches("figure"));
    let sibling = row.nextElementSibling;
    const each = [];
    while (sibling?.matches("details")) {
      each.push(sibling.querySelector("table"));
      sibling = sibling.nextElementSibling;
    }
    return each.length > 1 && each.length === mates.length ? each[mates.indexOf(figure)] : next;
  };

  const keyOf = (figure) => figure.querySelector("svg.fig > title").id.replace(/-t$/, "");

  const textOf = (node) => node?.textContent.replace(/\s+/g, " ").trim() ?? null;
  const within = (node, selector) => textOf(node.querySelector(selector));
  const articleOf = (id) => document.getElementById(`obs-${id}`);

  /** What of the page's own numbers can be taken: rows, heads first. */
  const gatherer = (say) => {
    const rowsOf = (table) => grid.rowsOf(table, say);

    /** Every explanation in every case: from the prior to the posterior. */
    const probabilities = () => {
      const cases = [...document.querySelectorAll("#cases .case")].map((section) => {
        const [head, ...rows] = rowsOf(section.querySelector("table"));
        return { head, rows: rows.map((row) => [within(section, "h3"), ...row]) };
      });
      return [[say("take-case"), ...cases[0].head], ...cases.flatMap(({ rows }) => rows)];
    };

    /** All observations as their table has them, in the order of the study, with their ids in front. */
    const observations = () => {
      const table = document.querySelector("#observations table");
      if (!table) {
        return [["id"]]; // a study of clues alone
      }
      const [head, ...rows] = rowsOf(table);
      const ids = [...table.tBodies[0].rows].map((row) => row.querySelector("a").hash.slice("#obs-".length));
      // Boxes say what the reader counts, not what the report does.
      const kept = head.map((_, at) => at).filter((at) => head[at] !== say("table-counts"));
      const articles = [...document.querySelectorAll("article.obs")];
      const place = new Map(articles.map((article, at) => [article.id.slice("obs-".length), at]));
      const found = rows.map((row, at) => [ids[at], ...kept.map((one) => row[one])]);
      return [["id", ...kept.map((at) => head[at])], ...found.sort(([one], [other]) => place.get(one) - place.get(other))];
    };

    /** What each coder stated of an observation, and what was made of it. */
    const weightsOf = (id) => {
      const table = articleOf(id).querySelector("table");
      return table ? rowsOf(table) : [[]];
    };

    /** Both as one table: a row for each observation and coder. */
    const evidence = () => {
      const [head, ...rows] = observations();
      const columns = []; // of the tables of weights, which have those that somebody filled in
      const found = rows.flatMap((row) => {
        const weights = weightsOf(row[0]);
        columns.push(...weights[0].filter((name) => !columns.includes(name)));
        const told = grid.records(weights);
        return (told.length > 0 ? told : [{}]).map((said) => ({ row, said }));
      });
      return [[...head, ...columns], ...found.map(({ row, said }) => [...row, ...columns.map((name) => said[name])])];
    };

    const json = () => {
      const terms = [...document.querySelectorAll("dl.manifest dt")];
      const told = grid.records(observations()).map((one) => ({
        ...one,
        claim: within(articleOf(one.id), "p:not([class])"),
        about: within(articleOf(one.id), ".meta"),
        source: within(articleOf(one.id), ".source cite"),
        weights: grid.records(weightsOf(one.id)),
      }));
      return JSON.stringify({
        title: document.title,
        question: within(document, ".question"),
        notice: within(document, "#answer .notice"),
        about: Object.fromEntries(terms.map((term) => [textOf(term), textOf(term.nextElementSibling)])),
        explanations: [...document.querySelectorAll("#answer .claims dt")].map((term) => ({
          name: textOf(term.firstChild),
          claim: textOf([...term.nextElementSibling.childNodes].find((one) => !one.matches?.(".soft"))),
        })),
        probabilities: grid.records(probabilities()),
        observations: told,
      });
    };

    return { evidence, json, probabilities, rowsOf };
  };

  /**
   * Put the ways to take something away below each figure, and below what the page was made from.
   * @param {object} page what start.js holds
   */
  const open = ({ words, speech, study: whole, twins: known }) => {
    const { say } = speech;
    const { element } = view;
    const gathered = gatherer(say);
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
      const twin = (await known)[keyOf(figure)];
      return twin ? [twin.head, ...twin.rows] : gathered.rowsOf(tableOf(figure));
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
          button("SVG", name("SVG"), () => save.hand(file("svg"), picture.svg(figure), "image/svg+xml")),
          button("PNG", name("PNG"), async () => save.hand(file("png"), await picture.png(figure), "image/png")),
          button("CSV", name("CSV"), async () => save.hand(file("csv"), grid.csv(await rowsOf(figure)), "text/csv")),
        ),
      );
      known.then((all) => all[key] && !figure.querySelector("table") && tableBeside(figure, all[key]));
    }

    const evidence = ["take-evidence", "bayestrace-evidence.csv", () => grid.csv(gathered.evidence()), "text/csv"];
    const tell = element("p", { textContent: say("take-study") });
    const digest = within(document, "#reproduction .digest");
    const handStudy = async () => {
      const text = await whole();
      const isWhole = await study.bears(text, digest);
      tell.textContent = say(isWhole ? "take-study" : "take-study-not");
      if (isWhole) {
        save.hand("bayestrace-study.json", text, "application/json");
      }
    };
    const files = [
      ["take-probabilities", "bayestrace-probabilities.csv", () => grid.csv(gathered.probabilities()), "text/csv"],
      ...(document.getElementById("observations") ? [evidence] : []),
      ["take-all", "bayestrace-report.json", gathered.json, "application/json"],
    ];
    const taken = files.map(([word, file, made, type]) =>
      button(say(word), say(word), () => save.hand(file, made(), type)),
    );
    taken.push(button(say("take-whole"), say("take-whole"), handStudy));
    document
      .getElementById("reproduction")
      .append(element("p", { className: "take" }, `${say("take")} `, ...taken), tell);
  };

  return { open };
})();

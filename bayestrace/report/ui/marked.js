/** Lets the reader leave observations out and overwrite weights where they stand in the evidence. */
const marked = (() => {
  const { element } = view;

  const numberOf = (text) => Number(text.trim().replace("\u2212", "-").replace("+", ""));

  /**
   * @param {object} page what start.js holds
   * @returns {function} shows what is left out and overwritten, to be called after each change
   */
  const open = (page) => {
    const { held, words, speech, set, coders } = page;
    const { say } = speech;
    const section = document.getElementById("evidence");
    const button = (what, does) => {
      const made = element("button", { type: "button", textContent: what });
      made.addEventListener("click", does);
      return made;
    };

    const rivals = words.hypotheses.filter((_, place) => place !== words.focal);
    const articleOf = (id) => document.getElementById(`obs-${id}`);
    const clusterOf = (id) => held.clusters[held.observation.cluster[held.evidence.indexOf(id)]];
    const stated = (coder, id) =>
      held.observation.stated[held.panel.indexOf(coder) * held.evidence.length + held.evidence.indexOf(id)] === 1;

    /** Rows of the table in which coders of the panel state weights, by coder. */
    const rowsOf = (id) => {
      const said = held.panel.filter((coder) => stated(coder, id));
      const rows = articleOf(id).querySelector("table").tBodies[0].rows;
      return new Map(said.map((coder, place) => [coder, rows[place]]));
    };

    const cellsOf = (row) => [...row.querySelectorAll("td")].slice(0, rivals.length);

    const overwritten = (id, coder) =>
      page.state.weights.find((one) => one.observation === id && one.coder === coder)?.against;

    const field = (id, coder, row, place, value) => {
      const name = coder === "reviewer" ? say("own") : words.coders[held.panel.indexOf(coder)];
      const input = element("input", { type: "number", step: "any", min: -store.MOST_DB, max: store.MOST_DB, value });
      input.setAttribute("aria-label", say("cell", { coder: name, rival: rivals[place] }));
      input.addEventListener("input", () => {
        const fields = [...row.querySelectorAll("input")];
        const wrong = fields.filter((one) => one.value !== "" && !one.checkValidity());
        input.setCustomValidity(wrong.includes(input) ? say("not-a-weight") : "");
        const given = fields.filter((one) => one.value !== "");
        // A row of one's own counts once there is a number in each of its cells.
        if (wrong.length === 0 && (given.length === 0 || given.length === fields.length)) {
          const against = given.length === 0 ? null : fields.map((one) => Number(one.value));
          set({ weights: store.weighed(page.state.weights, { observation: id, coder, against }) });
        }
      });
      return input;
    };

    const edit = (id) => {
      for (const [coder, row] of rowsOf(id)) {
        const cells = cellsOf(row);
        // Who compared only some explanations keeps them: the page cannot tell what the others would be.
        if (cells.every((cell) => !Number.isNaN(numberOf(cell.dataset.stated ?? cell.textContent)))) {
          const shown = overwritten(id, coder);
          cells.forEach((cell, place) => {
            cell.dataset.stated ??= cell.textContent;
            cell.replaceChildren(field(id, coder, row, place, shown?.[place] ?? numberOf(cell.dataset.stated)));
          });
        }
      }
      if (coders.includes("reviewer")) {
        const body = articleOf(id).querySelector("table").tBodies[0];
        const row = body.insertRow(rowsOf(id).size);
        row.className = "own";
        row.append(element("th", { scope: "row", textContent: say("own") }));
        const shown = overwritten(id, "reviewer");
        rivals.forEach((_, place) => {
          row.append(element("td", {}, field(id, "reviewer", row, place, shown?.[place] ?? "")));
        });
      }
    };

    const rest = (id) => {
      articleOf(id).querySelector("tr.own")?.remove();
      for (const [coder, row] of rowsOf(id)) {
        const shown = overwritten(id, coder);
        cellsOf(row).forEach((cell, place) => {
          // A link, or a switch of the language, may bring a weight to a cell that was never edited.
          if (shown || cell.dataset.stated !== undefined) {
            cell.dataset.stated ??= cell.textContent;
            cell.textContent = shown ? speech.decibels(shown[place]) : cell.dataset.stated;
          }
        });
        row.classList.toggle("overwritten", shown !== undefined);
      }
    };

    const tools = (article) => {
      const id = article.id.slice("obs-".length);
      if (!held.evidence.includes(id) || article.querySelector(".does")) {
        return;
      }
      const out = button("", () => set({ without: store.toggled(page.state.without, id) }));
      const change = button(say("edit"), () => {
        const editing = article.classList.toggle("editing");
        change.textContent = say(editing ? "done" : "edit");
        (editing ? edit : rest)(id);
      });
      out.dataset.out = id;
      article.querySelector("h5").after(element("p", { className: "does" }, out, " ", change));
    };

    const clusterTools = (details) => {
      const articles = [...details.querySelectorAll("article")];
      const id = articles.map((one) => one.id.slice("obs-".length)).find((one) => held.evidence.includes(one));
      if (id === undefined || articles.length < 2 || details.querySelector("summary + .does")) {
        return;
      }
      const cluster = clusterOf(id);
      const out = button(say("leave-cluster"), () => set({ clusters: store.toggled(page.state.clusters, cluster) }));
      out.dataset.cluster = cluster;
      details.querySelector("summary").after(element("p", { className: "does" }, out));
    };

    const opened = (details) => {
      if (details.open && details.matches(".cluster")) {
        clusterTools(details);
        details.querySelectorAll("article.obs").forEach(tools);
        show(page.state);
      }
    };

    const show = (state) => {
      const isOut = (id) => state.without.includes(id) || state.clusters.includes(clusterOf(id));
      for (const one of section.querySelectorAll("button[data-out]")) {
        const id = one.dataset.out;
        one.textContent = say(state.without.includes(id) ? "take-in" : "leave-out");
        one.disabled = state.clusters.includes(clusterOf(id));
        articleOf(id).classList.toggle("out", isOut(id));
        if (!articleOf(id).classList.contains("editing")) {
          rest(id);
        }
      }
      for (const one of section.querySelectorAll("button[data-cluster]")) {
        one.textContent = say(state.clusters.includes(one.dataset.cluster) ? "take-in" : "leave-cluster");
      }
    };

    // `toggle` does not bubble: it is caught on its way down.
    section.addEventListener("toggle", ({ target }) => opened(target), true);
    section.querySelectorAll("details.cluster[open]").forEach(opened);
    return show;
  };

  return { open };
})();

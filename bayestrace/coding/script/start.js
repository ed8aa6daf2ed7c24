/** Starts the page: cards, progress, files. */
const start = () => {
  const PATIENCE = 250; // ms without a change before the work is kept: typing stays quick
  const island = JSON.parse(document.getElementById("island").textContent);
  const speech = speaker(island);
  const held = work.open(island);
  const told = document.getElementById("told");
  const count = document.getElementById("count");
  const bar = document.querySelector("progress");
  const shown = document.getElementById("show");
  const chosen = document.getElementById("file");
  const tell = (text) => {
    told.textContent = text;
  };

  let timer = null;
  const keep = () => {
    clearTimeout(timer);
    timer = null;
    const kept = held.keep();
    tell(held.saved ? speech.say("at-rest") : speech.say(kept ? "kept" : "not-kept"));
  };
  const changed = () => {
    held.saved = false;
    progress();
    clearTimeout(timer);
    timer = setTimeout(keep, PATIENCE);
  };

  const page = { island, speech, held, changed };
  const observations = [...document.querySelectorAll("[data-asked]")].map((article) => card.observation(article, page));
  const clusters = [...document.querySelectorAll("[data-cluster]")].map((article) => card.cluster(article, page));
  const background = [...document.querySelectorAll(".obs.context")];

  const faulty = () => [...observations, ...clusters].filter(({ state }) => state === "faulty").length;

  const progress = () => {
    const done = observations.filter(({ state }) => state === "coded");
    const bare = done.filter(({ reasoned }) => !reasoned).length;
    const parts = [speech.say("progress", { done: done.length, all: observations.length })];
    parts.push(...(bare > 0 ? [speech.say("reasons", { n: bare })] : []));
    parts.push(...(faulty() > 0 ? [speech.say("faulty", { n: faulty() })] : []));
    count.textContent = parts.join(speech.say("semicolon"));
    bar.max = observations.length;
    bar.value = done.length;
  };

  const fits = (wanted, { dataset }, state) =>
    wanted === "all" ||
    (wanted.startsWith("case:") ? dataset.case === wanted.slice("case:".length) : (state === "coded") === (wanted === "coded"));
  const filter = () => {
    for (const { article, state } of observations) {
      article.hidden = !fits(shown.value, article, state);
    }
    for (const article of background) {
      article.hidden = !(shown.value === "all" || (shown.value.startsWith("case:") && fits(shown.value, article, "")));
    }
  };

  const next = () => {
    const here = document.activeElement?.closest?.("article");
    const open = observations.filter(({ state, article }) => state !== "coded" && article !== here);
    const after = open.find(({ article }) => here && here.compareDocumentPosition(article) & Node.DOCUMENT_POSITION_FOLLOWING);
    const goal = after ?? open[0];
    if (!goal) {
      tell(speech.say("all-coded"));
      return;
    }
    goal.article.hidden = false;
    goal.article.scrollIntoView({ block: "start" });
    goal.article.focus({ preventScroll: true });
  };

  const save = () => {
    const name = files.nameOf(island, ".coding.json");
    files.hand(name, files.json(island, held.data), "application/json");
    held.saved = true;
    keep();
    const n = faulty();
    tell(n > 0 ? speech.say("saved-faulty", { file: name, n }) : speech.say("saved", { file: name }));
  };

  const load = async () => {
    const [file] = chosen.files;
    chosen.value = "";
    if (!file) {
      return;
    }
    const found = files.read(island, file.name, await file.text());
    if (found.wrong) {
      tell(speech.say(found.wrong, found.details));
      return;
    }
    if (!held.saved && !window.confirm(speech.say("replace", { file: file.name }))) {
      return;
    }
    held.data = found.data;
    held.saved = true;
    [...observations, ...clusters].forEach((one) => one.show());
    progress();
    filter();
    keep();
    const said = speech.say("loaded", { file: file.name, n: Object.keys(found.data.judgements).length });
    tell(found.changed ? `${said} ${speech.say("load-changed")}` : said);
  };

  const acts = {
    next,
    save,
    load: () => chosen.click(),
    csv: () => files.hand(files.nameOf(island, "-coding.csv"), files.coding(island, held.data), "text/csv"),
    "csv-redundancy": () =>
      files.hand(files.nameOf(island, "-redundancy.csv"), files.redundancy(island, held.data), "text/csv"),
  };
  document.addEventListener("click", ({ target }) => acts[target.dataset?.do]?.());
  document.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey ? { Enter: next, s: save }[event.key] : null;
    if (act) {
      event.preventDefault();
      act();
    }
  });
  chosen.addEventListener("change", load);
  shown.addEventListener("change", filter);
  window.addEventListener("pagehide", () => timer !== null && keep());
  window.addEventListener("beforeunload", (event) => {
    if (!held.saved) {
      keep();
      event.preventDefault();
    }
  });

  [...observations, ...clusters].forEach((one) => one.show());
  progress();
  document.getElementById("tools").hidden = false;
  tell(held.saved ? speech.say("at-rest") : speech.say("kept"));
};

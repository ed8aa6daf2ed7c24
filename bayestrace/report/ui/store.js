/** What the reader has set, by the ids of the study: what a link carries, and what the engine is asked. */
const store = (() => {
  const MARK = "#~"; // begins a fragment that carries settings
  const MOST_DB = 300;
  const DIGITS = 6;

  /** Nothing set: everything as in the report. */
  const fresh = () => ({
    prior: null, // shares of the explanations (K,)
    kappa: null, // a number, Infinity for no pooling
    levels: null, // weights of the pooling levels (L,)
    selectivity: null,
    favours: null, // id of an explanation
    reliability: true,
    redundancy: true,
    coders: null, // ids
    without: [], // ids of observations
    clusters: [], // ids of clusters
    weights: [], // {observation, coder, against}: ids, and decibels of the focal explanation over each rival
  });

  const short = (value) => String(Number(value.toPrecision(DIGITS)));

  /**
   * Write settings as the fragment of an address.
   * @param {object} state
   * @param {string} at id of the element that the reader stood at
   * @param {string} lang the language shown, empty for the page's own
   */
  const written = (state, at = "", lang = "") => {
    const said = new URLSearchParams();
    const put = (name, value) => value !== null && value !== "" && said.set(name, value);
    put("prior", state.prior && state.prior.map(short).join());
    put("kappa", state.kappa === null ? null : state.kappa === Infinity ? "none" : short(state.kappa));
    put("levels", state.levels && state.levels.map(short).join());
    put("selectivity", state.selectivity === null ? null : short(state.selectivity));
    put("favours", state.favours);
    put("reliability", state.reliability ? null : "off");
    put("redundancy", state.redundancy ? null : "off");
    put("coders", state.coders && state.coders.join());
    put("without", state.without.join());
    put("clusters", state.clusters.join());
    for (const { observation, coder, against } of state.weights) {
      said.append("weight", [observation, coder, ...against.map(short)].join());
    }
    put("lang", lang);
    if ([...said.keys()].length === 0) {
      return at && `#${at}`;
    }
    put("at", at);
    return MARK + said.toString().replaceAll("%2C", ",");
  };

  const among = (known) => (name) => (known.includes(name) ? name : undefined);

  /** Read one number within limits; undefined for anything else. */
  const within = (low, high) => (text) => {
    const value = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text) ? Number(text) : NaN;
    return value >= low && value <= high ? value : undefined;
  };

  const all = (reader, count) => (text) => {
    const values = text.split(",").map(reader);
    return values.includes(undefined) || (count !== null && values.length !== count) ? undefined : values;
  };

  const some = (shares) => (shares && shares.some((share) => share > 0) ? shares : undefined);

  /** Bring shares to a sum of 100, as the form shows them. */
  const percents = (shares) => {
    const total = shares && shares.reduce((sum, share) => sum + share, 0);
    return shares && shares.map((share) => (100 * share) / total);
  };

  /**
   * Read a fragment. It may come from anyone: what is not of this report is passed over, and named.
   * @param {string} fragment with its `#`
   * @param {?object} held the engine's data; null on a page that cannot answer, and takes no settings
   * @param {string[]} coders ids that may state a weight
   * @returns {{state: object, passed: string[], at: string, lang: string}}
   */
  const read = (fragment, held, coders) => {
    const state = fresh();
    const passed = [];
    if (!fragment.startsWith(MARK)) {
      return { state, passed, at: fragment.slice(1), lang: "" };
    }
    const said = new URLSearchParams(fragment.slice(MARK.length));
    const [at, lang] = ["at", "lang"].map((name) => said.get(name) ?? "");
    if (held === null) {
      return { state, passed, at, lang };
    }
    const size = held.nHypotheses;
    const readers = {
      prior: (text) => percents(some(all(within(0, 1e9), size)(text))),
      kappa: (text) => (text === "none" ? Infinity : within(0, 1e9)(text)),
      levels: (text) => some(all(within(0, 1e9), held.levels.length)(text)),
      selectivity: within(0, 1),
      favours: among(held.hypotheses),
      reliability: (text) => (text === "off" ? false : undefined),
      redundancy: (text) => (text === "off" ? false : undefined),
      coders: all(among(held.panel), null),
    };
    for (const [name, reader] of Object.entries(readers)) {
      if (said.has(name)) {
        const value = reader(said.get(name));
        if (value === undefined) {
          passed.push(name);
        } else {
          state[name] = value;
        }
      }
    }
    for (const [name, known] of [["without", held.evidence], ["clusters", held.clusters]]) {
      const names = (said.get(name) ?? "").split(",").filter((one) => one !== "");
      state[name] = [...new Set(names.filter((one) => known.includes(one)))];
      passed.push(...names.filter((one) => !known.includes(one)));
    }
    for (const text of said.getAll("weight")) {
      const [observation, coder, ...numbers] = text.split(",");
      const against = all(within(-MOST_DB, MOST_DB), size - 1)(numbers.join());
      if (held.evidence.includes(observation) && coders.includes(coder) && against) {
        state.weights = weighed(state.weights, { observation, coder, against });
      } else {
        passed.push("weight");
      }
    }
    const known = new Set([...Object.keys(readers), "without", "clusters", "weight", "at", "lang"]);
    passed.push(...[...said.keys()].filter((name) => !known.has(name)));
    return { state, passed, at, lang };
  };

  const isSame = (one, other) => one.observation === other.observation && one.coder === other.coder;

  /** State a weight anew, or take it back where it has no numbers. */
  const weighed = (weights, stated) => [
    ...weights.filter((one) => !isSame(one, stated)),
    ...(stated.against ? [stated] : []),
  ];

  /** Take a name in if it is not among the names, out if it is. */
  const toggled = (names, name) =>
    names.includes(name) ? names.filter((one) => one !== name) : [...names, name];

  /** Decibels of each explanation, up to a constant, from those of the focal one over each rival. */
  const decibels = (against, focal) => {
    const rivals = against.map((value) => -value);
    return [...rivals.slice(0, focal), 0, ...rivals.slice(focal)];
  };

  /** Put settings as the engine takes them: only what was set. */
  const asked = (state, held, focal, coders) => {
    const found = {};
    if (state.prior) {
      found.prior = state.prior;
    }
    if (state.kappa !== null || state.levels) {
      found.pooling = {
        ...(state.kappa === null ? {} : { kappa: state.kappa }),
        ...(state.levels ? { levels: state.levels } : {}),
      };
    }
    if (state.selectivity !== null) {
      found.selectivity = state.selectivity;
    }
    if (state.favours !== null) {
      found.favours = held.hypotheses.indexOf(state.favours);
    }
    if (!state.reliability) {
      found.reliability = false;
    }
    if (!state.redundancy) {
      found.redundancy = false;
    }
    if (state.coders) {
      found.panel = state.coders;
    }
    if (state.without.length > 0) {
      found.without = state.without.map((one) => held.evidence.indexOf(one));
    }
    if (state.clusters.length > 0) {
      found.clusters = state.clusters.map((one) => held.clusters.indexOf(one));
    }
    if (state.weights.length > 0) {
      found.weights = state.weights.map(({ observation, coder, against }) => ({
        observation: held.evidence.indexOf(observation),
        coder: coders.indexOf(coder),
        db: decibels(against, focal),
      }));
    }
    return found;
  };

  return { MARK, MOST_DB, asked, fresh, read, toggled, weighed, written };
})();

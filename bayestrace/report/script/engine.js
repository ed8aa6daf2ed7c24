/** From the settings of a page to its answer (docs/live.md). */
const engine = (() => {
  "use strict";

  const ASSIGNMENTS = 70000; // ways to use the levels that are still gone through

  const REFUSALS = {
    "joint-not-enumerated": {
      en: "These cases have too many joint explanations for a page: run `bayestrace sensitivity` instead.",
      zh: "各案例的联合解释过多，网页无法逐一计算，请改用 `bayestrace sensitivity`。",
    },
    "panel-not-fitted": {
      en:
        "No fit of these coders alone is in this result. `bayestrace sensitivity` adds the panels that lack one coder, " +
        "`bayestrace sensitivity --multiverse` each coder alone.",
      zh:
        "本结果中没有只含这些编码者的拟合。`bayestrace sensitivity` 会补上各缺一名编码者的拟合，" +
        "`bayestrace sensitivity --multiverse` 会补上每名编码者单独的拟合。",
    },
    "nothing-learned": {
      en: "This result takes stated weights at face value; only the prior and the pooling can be changed here.",
      zh: "本结果按面值采用所陈述的权重，此处只能更改先验与合并方式。",
    },
    impossible: {
      en: "These settings exclude every joint explanation.",
      zh: "按这些设定，没有任何联合解释是可能的。",
    },
    "panel-not-kept": {
      en: "Of cases as many as these a page holds the fit of all coders only. `bayestrace update --coders A,B` fits a panel.",
      zh: "案例如此之多时，网页只含全体编码者的拟合。`bayestrace update --coders A,B`可拟合所选的编码者。",
    },
    "level-not-fitted": {
      en:
        "The fit did not use this level of pooling, so that no stored draw tells of it. Save the settings as a profile " +
        "and run `bayestrace update --profile NAME`.",
      zh: "拟合未使用该合并层次，所存抽样对其一无所知。请将设定存为先验设定，并运行`bayestrace update --profile NAME`。",
    },
    "levels-not-summed": {
      en:
        "At face value a page adds up over the levels of pooling for up to 14 cases, and here are more. One level alone, " +
        "one explanation for all, or no pooling can be answered; for the rest fit the model by `bayestrace update`.",
      zh:
        "按面值计算时，网页最多只能就14个案例对各合并层次求和，而此处案例更多。可以作答的有：只用一个层次、" +
        "全部案例共有一种解释、不合并；其余请用`bayestrace update`拟合模型。",
    },
    "no-draw-left": {
      en:
        "No stored draw of the pools goes with these levels of pooling. Save the settings as a profile and run " +
        "`bayestrace update --profile NAME`.",
      zh: "所存的解释池抽样无一符合这些合并层次。请将设定存为先验设定，并运行`bayestrace update --profile NAME`。",
    },
  };

  const refusal = (slug) => ({ refused: { slug, ...REFUSALS[slug] } });

  const distribution = (values) => {
    const total = values.reduce((sum, value) => sum + value, 0);
    if (values.some((value) => !(value >= 0)) || !(total > 0)) {
      throw new RangeError("a prior has probabilities of at least 0, not all 0");
    }
    return Float64Array.from(values, (value) => value / total);
  };

  /**
   * Open an engine.
   * @param {object} island parsed JSON, as bayestrace/report/live.py makes it
   * @returns {{answer: function, prepare: function, held: object}} `held` as `data.read` gives it
   */
  const open = (island) => {
    const held = data.read(island);
    const fitted = { prior: Float64Array.from(held.prior), ...held.pooling };
    const table = held.logA === null ? null : pooling.table(held);
    const standpoints = evidence.recent(8);

    const priorOf = ({ prior, kappa, levels } = fitted) =>
      standpoints([prior, kappa, levels].join(";"), () => table.probability(prior, kappa, levels));
    const onFit = (panel) => {
      if (table) {
        return joint.open(panel, table.z, priorOf);
      }
      return held.stated ? levelsums.open(held) : pooldraws.open(panel, fitted);
    };

    const keyOf = (names) => [...names].sort().join();
    const known = new Map([[keyOf(held.panel), () => held]]);
    held.panels.forEach((panel) => known.set(keyOf(panel.coders), () => data.withPanel(held, panel)));
    const opened = evidence.recent(known.size);

    /** The fit of the panel that is asked for; null where there is none. */
    const fitOf = (state) => {
      const key = keyOf(state.panel ?? held.panel);
      return known.has(key) ? opened(key, () => onFit(known.get(key)())) : null;
    };

    /**
     * Answer.
     * @param {object} state what differs from the fit, each part by itself optional: `prior` (K,); `pooling`, with
     *   `kappa`, a number (0 and infinity included) or the ends of a range, and `levels`, Dirichlet weights (L,);
     *   `selectivity` and `favours`; `reliability` and `redundancy`, false to count every observation as so and each in
     *   full; `without` and `clusters`, places of observations and clusters left out; `weights`, each with `coder`, the
     *   reviewer coming after those of the panel, `observation` and `db`, decibels (K,) up to a constant; `panel`, names
     *   of the coders, of whom others' weights do not count
     * @param {boolean} diagnose whether to say what the draws are worth where the answer does not need them, for which
     *   all evidence is read once
     * @returns {object} `refused`, null or why not, in both languages; `probability` (C, K), `joint` (Z,) where joint
     *   explanations are enumerated, `same` (C, C), `count` (K, C + 1), both but where `levelsums.js` sums; `paretoK` and `ess` of the weights of so many
     *   `draws`, NaN where they were not asked for
     * @throws {RangeError} where the state is none
     */
    const answer = (state = {}, diagnose = true) => {
      if (!table && !held.allotted && !held.stated) {
        return refusal("joint-not-enumerated");
      }
      const fit = fitOf(state);
      if (fit === null) {
        return refusal(held.allotted ? "panel-not-kept" : "panel-not-fitted");
      }
      const levels = state.pooling?.levels ?? fitted.levels;
      const used = levels.filter((weight) => weight > 0).length;
      if (levels.length !== held.levels.length || used === 0) {
        throw new RangeError("every level of pooling has a weight, and one of them more than 0");
      }
      if (table && used ** held.nCases > ASSIGNMENTS) {
        return refusal("joint-not-enumerated");
      }
      const prior = state.prior ? distribution(state.prior) : fitted.prior;
      if (prior.length !== held.nHypotheses) {
        throw new RangeError("a prior has a probability for each explanation");
      }
      const changes = ["without", "clusters", "weights", "redundancy", "reliability", "selectivity", "favours"];
      if (held.theta === null && changes.some((name) => state[name] !== undefined)) {
        return refusal("nothing-learned");
      }
      const kappa = state.pooling?.kappa ?? fitted.kappa;
      const told = fit.answer({ prior, kappa, levels }, state, diagnose) ?? { slug: "impossible" };
      // What is worked out only when it is asked for stays so: nothing is copied.
      return told.slug ? refusal(told.slug) : Object.assign(told, { refused: null, draws: fit.held.draws });
    };

    /**
     * Read the evidence ahead, a slice at a time, so that the first change of it need not wait for all.
     * @param {number} milliseconds to spend at most, but for the cluster in hand
     * @param {object} state as in `answer`; the evidence as fitted by default
     * @returns {boolean} whether everything is read
     */
    const prepare = (milliseconds, state = {}) => {
      const fit = held.theta && fitOf(state);
      return !fit || fit.prepare(state, milliseconds);
    };

    return { answer, prepare, held };
  };

  return { open };
})();

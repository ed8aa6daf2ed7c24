/** Writes what the reader set as files that bayestrace reads (docs/study-format.md). */
const save = (() => {
  const Z90 = 1.645; // half the width of a 90 % range in standard deviations, as bayestrace/weights.py has it
  const DB_PER_NAT = 10 / Math.log(10);

  const short = (value) => String(Number(value.toPrecision(6)));
  const quoted = (text) => JSON.stringify(text);

  /** A prior profile: prior, pooling and selectivity as they are now. */
  const profile = ({ state, held, words, speech }) => {
    const shares = state.prior ?? [...held.prior];
    const total = shares.reduce((sum, share) => sum + share, 0);
    const alone = state.kappa === Infinity;
    const weights = alone ? held.levels.map((level) => Number(level === "own")) : state.levels ?? held.pooling.levels;
    const kappa = alone || state.kappa === null ? held.pooling.kappa : [state.kappa];
    const range = kappa[0] === kappa[kappa.length - 1] ? short(kappa[0]) : `[${kappa.map(short).join(", ")}]`;
    const favours = state.favours ?? held.hypotheses[held.favours];
    return [
      `name: ${quoted(speech.say("profile-name"))}`,
      `why: ${quoted(speech.say("profile-why"))}`,
      "prior:",
      ...held.hypotheses.map((id, place) => `  ${id}: ${short(shares[place] / total)}`),
      "pooling:",
      `  levels: {${held.levels.map((level, place) => `${level}: ${short(weights[place])}`).join(", ")}}`,
      `  kappa: ${range}`,
      `leaning_db: ${short(words.profile.leaning_db)}`,
      `selectivity: ${short(state.selectivity ?? held.selectivity)}`,
      `selection_favours: ${favours}`,
      "",
    ].join("\n");
  };

  /** Decibels of the focal explanation over each rival that a coder stated of an observation. */
  const statedBy = ({ held, words }, coder, observation) => {
    const { nContrasts: dims, nHypotheses: size, nObservations } = held;
    const start = (coder * nObservations + observation) * dims;
    const db = Array.from({ length: size }, (_, k) => {
      let value = 0;
      for (let d = 0; d < dims; d += 1) {
        value += held.numbers.helmert[d * size + k] * held.observation.weight[start + d];
      }
      return value * DB_PER_NAT;
    });
    return db.filter((_, k) => k !== words.focal).map((value) => db[words.focal] - value);
  };

  /** A coding a file: who overwrote a coder's weights gets that coder's statements with the new ones in their place. */
  const coding = (page, name) => {
    const { state, held, words } = page;
    const rivals = held.hypotheses.filter((_, place) => place !== words.focal);
    const coder = held.panel.indexOf(name);
    const overwritten = new Map(
      state.weights.filter((one) => one.coder === name).map((one) => [one.observation, one.against]),
    );
    const rows = ["evidence,hypothesis,against,low_db,best_db,high_db"];
    held.evidence.forEach((id, place) => {
      const at = coder * held.nObservations + place;
      const known = coder >= 0 && held.observation.stated[at] === 1;
      const against = overwritten.get(id) ?? (known ? statedBy(page, coder, place) : null);
      // The variance is that of one contrast: a weight between two explanations has twice as much.
      const half = known ? Z90 * Math.sqrt(2 * held.observation.statedVariance[at]) * DB_PER_NAT : NaN;
      against?.forEach((value, rival) => {
        const ends = half > 0 ? [short(value - half), short(value), short(value + half)] : ["", short(value), ""];
        rows.push([id, held.hypotheses[words.focal], rivals[rival], ...ends].join());
      });
    });
    return `${rows.join("\n")}\n`;
  };

  const hand = (file, text, type) => {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const link = view.element("a", { href: address, download: file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };

  /** The files of the codings that were changed, by name. */
  const codings = (page) => {
    const names = [...new Set(page.state.weights.map((one) => one.coder))];
    return names.map((name) => {
      const file = name === "reviewer" ? "reader-weights.csv" : `${name}-reader-weights.csv`;
      return { file, text: coding(page, name) };
    });
  };

  return { codings, hand, profile };
})();

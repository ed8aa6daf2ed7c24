/** Says weights, probabilities and kinds of test in the words of the page. */
const speaker = (island) => {
  const EDGE = 1e-9; // a ratio such as 20:1 comes out a rounding error short of the word it bears

  const say = (key, details = {}) =>
    island.say[key].replace(/\{(\w+)\}/g, (place, name) => (name in details ? String(details[name]) : place));

  const short = (value) => {
    const digits = value < 10 ? Number(value.toPrecision(2)) : Math.round(value);
    return Number.isFinite(digits) && digits < 1e7 ? String(digits) : value.toPrecision(2);
  };

  /** The word that a weight bears, and the decibels from which it holds. */
  const borne = (decibels) => {
    const held = island.scale.filter(([, from]) => from <= Math.abs(decibels) + EDGE);
    return held.length > 0 ? held[held.length - 1] : island.scale[0];
  };

  /** A weight in decibels, in words and as a ratio, whichever side it favours. */
  const weight = (decibels, rival) => {
    const said = say("db", { db: String(Number(decibels.toPrecision(4))).replace("-", "\u2212") });
    if (decibels === 0) {
      return `${said} \u00b7 ${say("even")}`;
    }
    const ratio = short(10 ** (Math.abs(decibels) / 10));
    const [one, other] = decibels > 0 ? [island.focal, rival] : [rival, island.focal];
    const [left, right] = decibels > 0 ? [ratio, 1] : [1, ratio];
    const [word, from] = borne(decibels);
    // The word from zero on, such as "no help", is for nobody.
    const key = from > 0 ? "weighs" : "hardly";
    return `${said} \u00b7 ${say(key, { word, for: one, other, ratio, one: left, two: right })}`;
  };

  const percent = (value) => {
    const hundred = 100 * value;
    return say("percent", { n: hundred > 0 && hundred < 0.1 ? "<0.1" : Number(hundred.toPrecision(hundred < 10 ? 2 : 3)) });
  };

  /**
   * The kind of test that an observation is, as `bayestrace.agreement.kinds_of_test` sorts them: against the closest
   * rival, whose P(found) is that under the focal explanation over the likelihood ratio, at most 1.
   */
  const kind = (chance, decibels) => {
    const rival = Math.min(chance * 10 ** (-decibels / 10), 1);
    const certain = chance >= island.certain;
    const unique = rival <= island.unique && rival < chance;
    return certain ? (unique ? "doubly-decisive" : "hoop") : unique ? "smoking-gun" : "straw-in-the-wind";
  };

  return { kind, percent, say, weight };
};

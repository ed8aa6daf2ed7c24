/** Words and numbers as the rest of the page writes them (bayestrace/report/wording). */
const speak = (() => {
  const NEARLY_ONE = 0.999;
  const NEARLY_NOUGHT = 0.001;

  /**
   * @param {object} words `say`, sentences with {fields} by key; `lang`
   * @returns {object} `say(key, fields)`, `percent(value)`, `decibels(value)`, `share(value)`, `list(items)`, `listed(items)`
   */
  const open = (words) => {
    const space = words.lang === "zh" ? "" : "\u00a0";

    const say = (key, fields = {}) => words.say[key].replace(/\{(\w+)\}/g, (_, name) => String(fields[name]));

    const percent = (value) => {
      if (value > NEARLY_ONE) {
        return `>${space}999${space}:${space}1`;
      }
      if (value < NEARLY_NOUGHT) {
        return `<${space}0.1${space}%`;
      }
      const decimals = value >= 0.0995 && value <= 0.9005 ? 0 : 1;
      return `${(100 * value).toFixed(decimals)}${space}%`;
    };

    /** A setting: 0 and 1 are what the reader chose, and no claim. */
    const share = (value) => `${Number((100 * value).toPrecision(3))}${space}%`;

    const decibels = (value) => {
      const text = Math.abs(value).toFixed(Math.abs(value) >= 99.95 ? 0 : 1);
      return Number(text) === 0 ? "0.0" : `${value < 0 ? "\u2212" : "+"}${text}`;
    };

    const list = (items) => items.join(words.say.list);

    /** As a sentence lists things. */
    const listed = (items) =>
      items.length > 1 ? list(items.slice(0, -1)) + words.last + items[items.length - 1] : list(items);

    return { say, percent, share, decibels, list, listed };
  };

  return { open };
})();

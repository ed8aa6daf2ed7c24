/** Reads what is typed, as bayestrace/reading/amounts.py does; what is kept is the text, never the number made of it. */
const read = (() => {
  const NUMBER = "[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:e[-+]?\\d+)?";
  const PLAIN = new RegExp(`^${NUMBER}$`, "i");
  const DECIBELS = new RegExp(`^(${NUMBER})\\s*(?:dB|分贝)$`, "i");
  const RATIO = new RegExp(`^(${NUMBER})\\s*:\\s*(${NUMBER})$`, "i");

  /** Full-width signs, as a Chinese keyboard gives them, and typographic minus signs are plain ones. */
  const plain = (text) => text.normalize("NFKC").replace(/[−–—]/g, "-").trim();
  const folded = (text) => plain(text).toLowerCase().split(/\s+/).join(" ");
  const finite = (value) => (Number.isFinite(value) ? value : null);

  const number = (text) => (PLAIN.test(plain(text)) ? finite(Number(plain(text))) : null);

  /** Decibels of a plain number, of `7 dB`, of a ratio or of a word of the scale; null where it is none. */
  const weight = (text, scale) => {
    const said = plain(text);
    const decibels = DECIBELS.exec(said);
    const ratio = RATIO.exec(said);
    if (decibels) {
      return finite(Number(decibels[1]));
    }
    if (ratio) {
      const [above, below] = [Number(ratio[1]), Number(ratio[2])];
      return above > 0 && below > 0 ? finite(10 * (Math.log10(above) - Math.log10(below))) : null;
    }
    const word = folded(text);
    const found = (name) => scale.find(([one]) => folded(one) === name)?.[1] ?? null;
    const against = word.startsWith("-") ? found(word.slice(1).trim()) : null;
    return found(word) ?? (against === null ? number(text) : -against);
  };

  const share = (text) => {
    const value = number(text);
    return value !== null && value >= 0 && value <= 1 ? value : null;
  };

  const probability = (text) => (share(text) > 0 ? share(text) : null);

  return { probability, share, weight };
})();

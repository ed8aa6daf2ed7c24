/** Holds what was filled in, as texts, and keeps it in the browser. */
const work = (() => {
  const ENDS = ["low", "best", "high"];

  const textOf = (value) => (typeof value === "string" ? value : "");
  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const own = (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined);

  const ends = (said) => {
    const filled = ENDS.map((end) => [end, textOf(own(said, end))]).filter(([, text]) => text.trim() !== "");
    return Object.fromEntries(filled);
  };

  /** What of some data this page asks for, in its order, without what is empty. */
  const tidy = (data, island) => {
    const judgements = island.asked.map((id) => {
      const said = own(own(data, "judgements"), id);
      const weighed = Object.keys(island.rivals).map((rival) => [rival, ends(own(own(said, "weights"), rival))]);
      const weights = Object.fromEntries(weighed.filter(([, one]) => Object.keys(one).length > 0));
      const chance = textOf(own(said, "p_if_focal"));
      const rationale = textOf(own(said, "rationale"));
      const kept = { ...(Object.keys(weights).length > 0 ? { weights } : {}) };
      return [
        id,
        { ...kept, ...(chance.trim() ? { p_if_focal: chance } : {}), ...(rationale.trim() ? { rationale } : {}) },
      ];
    });
    const redundancy = island.clusters.map((id) => [id, ends(own(own(data, "redundancy"), id))]);
    const full = ([, one]) => Object.keys(one).length > 0;
    return {
      judgements: Object.fromEntries(judgements.filter(full)),
      redundancy: Object.fromEntries(redundancy.filter(full)),
    };
  };

  /**
   * Open what is kept in this browser of this sheet, else what the sheet came with.
   * @returns {object} `data`, whether it is `saved` in a file, and `keep`, which tells whether the browser keeps it
   */
  const open = (island) => {
    const key = `bayestrace-coding:${island.digest}:${island.made.coder}`;
    let found = null;
    try {
      found = JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      found = null; // no storage, or not ours: begin as the sheet does
    }
    const held = { data: tidy(own(found, "data") ?? island.earlier, island), saved: own(found, "saved") !== false };
    held.keep = () => {
      try {
        localStorage.setItem(key, JSON.stringify({ data: held.data, saved: held.saved }));
        return true;
      } catch {
        return false;
      }
    };
    return held;
  };

  return { isObject, open, own, tidy };
})();

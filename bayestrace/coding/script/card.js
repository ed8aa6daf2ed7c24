/** Binds the card of one observation, and that of one cluster. */
const card = (() => {
  const ROUNDING = 1e-9;

  const tell = (place, text, state) => {
    place.textContent = text;
    place.className = `said ${state}`;
  };

  /** Say a field's numbers below it, or what is wrong with them; returns the numbers, null where they cannot be used. */
  const speak = (bound, place, wrongKey, words, speech) => {
    const fault = bound.fault(wrongKey);
    const { low, best, high } = bound.numbers();
    const said = fault ? speech.say(fault.key, fault.details) : best === null ? speech.say("unset") : words(best, low, high);
    tell(place, said, fault ? "faulty" : best === null ? "" : "weighed");
    for (const [end, value] of Object.entries({ low, best, high })) {
      bound.slider(end)?.setAttribute("aria-valuetext", value === null || value === undefined ? speech.say("unset") : words(value));
    }
    return fault ? undefined : best;
  };

  /**
   * @param {Element} article
   * @param {object} page island, speech, held work, `changed`
   * @returns {object} `show()` puts what is held; `state` is open, begun, coded or faulty; `reasoned`
   */
  const observation = (article, { island, speech, held, changed }) => {
    const id = article.dataset.evidence;
    const reason = article.querySelector("[data-reason]");
    const chances = article.querySelector("[data-p]");
    const kind = article.querySelector(".kind");
    const badge = article.querySelector(".badge");
    const self = { article, state: "open", reasoned: false, evidence: id };

    const said = () => held.data.judgements[id] ?? {};
    const put = (patch) => {
      held.data.judgements[id] = { ...said(), ...patch };
      held.data = work.tidy(held.data, island);
      look();
      changed();
    };

    const weighed = [...article.querySelectorAll("[data-rival]")].map((frame) => {
      const { rival } = frame.dataset;
      const bound = field.open(
        frame,
        (text) => read.weight(text, island.scale),
        (texts) => put({ weights: { ...said().weights, [rival]: texts } }),
      );
      return { rival, name: island.rivals[rival], bound, place: frame.querySelector(".said") };
    });
    const chance = field.open(chances, read.probability, ({ best = "" }) => put({ p_if_focal: best }));
    reason.addEventListener("input", () => put({ rationale: reason.value }));

    /** Say what follows of the numbers: each weight in words, and what kind of test they make of the observation. */
    const look = () => {
      const weights = weighed.map(({ name, bound, place }) =>
        speak(bound, place, "not-weight", (best, low, high) => {
          const worded = speech.weight(best, name);
          const range = (value) => speech.say("db", { db: String(value).replace("-", "\u2212") });
          return low === null || low === undefined
            ? worded
            : speech.say("ranged", { best: worded, low: range(low), high: range(high) });
        }, speech),
      );
      const found = speak(chance, chances.querySelector(".said"), "not-p", speech.percent, speech);
      const known = weighed.map((one, place) => ({ ...one, db: weights[place] })).filter(({ db }) => Number.isFinite(db));
      kind.textContent = "";
      if (Number.isFinite(found) && known.length > 0) {
        const closest = known.reduce((one, other) => (other.db < one.db ? other : one));
        const told = known.map(({ name, db }) => {
          const under = found * 10 ** (-db / 10);
          const capped = under > 1 + ROUNDING ? speech.say("capped") : "";
          return speech.say("found-under", { p: speech.percent(Math.min(under, 1)), rival: name }) + capped;
        });
        const name = speech.kind(found, closest.db);
        const list = told.join(speech.say("semicolon"));
        kind.textContent = speech.say("kind", { rival: closest.name, kind: speech.say(name), list });
        kind.dataset.kind = name;
      }
      const faulty = weights.includes(undefined) || found === undefined;
      const all = weights.every((db) => Number.isFinite(db));
      const begun = Object.keys(said()).length > 0;
      self.state = faulty ? "faulty" : all ? "coded" : begun ? "begun" : "open";
      self.reasoned = (said().rationale ?? "") !== "";
      article.dataset.state = self.state;
      badge.textContent = speech.say(`state-${self.state}`);
    };

    self.show = () => {
      const { weights = {}, p_if_focal: best = "", rationale = "" } = said();
      weighed.forEach(({ rival, bound }) => bound.set(weights[rival]));
      chance.set({ best });
      reason.value = rationale;
      look();
    };
    return self;
  };

  const cluster = (article, { island, speech, held, changed }) => {
    const id = article.dataset.cluster;
    const place = article.querySelector(".said");
    const self = { article, state: "open" };
    const look = () => {
      const best = speak(bound, place, "not-share", (value, low, high) => {
        const one = String(value);
        return low === null || low === undefined ? one : speech.say("ranged", { best: one, low, high });
      }, speech);
      self.state = best === undefined ? "faulty" : best === null ? "open" : "coded";
      article.dataset.state = self.state;
    };
    const bound = field.open(article, read.share, (texts) => {
      held.data.redundancy[id] = texts;
      held.data = work.tidy(held.data, island);
      look();
      changed();
    });
    self.show = () => {
      bound.set(held.data.redundancy[id]);
      look();
    };
    return self;
  };

  return { cluster, observation };
})();

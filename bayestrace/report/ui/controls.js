/** Binds the form of settings: what is moved there is set, what is set is shown there. */
const controls = (() => {
  const ALL = 100; // shares of the prior are whole percents

  const valueOf = (input) => Number(input.value);

  const put = (input, value, said) => {
    input.value = String(value);
    input.parentElement.querySelector("output").textContent = said;
    input.setAttribute("aria-valuetext", said);
  };

  /**
   * @param {object} page what start.js holds
   * @returns {function} shows the settings, to be called after each change
   */
  const open = (page) => {
    const { held, speech, set } = page;
    const form = document.querySelector("#live form");
    const every = (name) => [...form.querySelectorAll(`[data-set="${name}"]`)];
    const one = (name) => form.querySelector(`[data-set="${name}"]`);
    const [prior, levels, coders] = ["prior", "levels", "coders"].map(every);
    const [pooling, kappa, selectivity, favours] = ["pooling", "kappa", "selectivity", "favours"].map(one);

    const setters = {
      prior: () => prior.some((input) => valueOf(input) > 0) && set({ prior: prior.map(valueOf) }),
      pooling: () => {
        const chosen = { fitted: null, one: 0, value: 10 ** valueOf(kappa), none: Infinity };
        set({ kappa: chosen[pooling.value] });
      },
      kappa: () => set({ kappa: 10 ** valueOf(kappa) }),
      levels: () => levels.some((input) => valueOf(input) > 0) && set({ levels: levels.map(valueOf) }),
      selectivity: () => set({ selectivity: valueOf(selectivity) === held.selectivity ? null : valueOf(selectivity) }),
      favours: () => {
        const place = valueOf(favours);
        set({ favours: place === held.favours ? null : held.hypotheses[place] });
      },
      reliability: () => set({ reliability: one("reliability").checked }),
      redundancy: () => set({ redundancy: one("redundancy").checked }),
      coders: () => {
        const chosen = held.panel.filter((_, place) => coders[place].checked);
        // An answer without coders is the prior: nothing that boxes should say.
        set({ coders: chosen.length === 0 || chosen.length === held.panel.length ? null : chosen });
      },
    };
    form.addEventListener("input", ({ target }) => setters[target.dataset.set]?.());
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("click", ({ target }) => {
      const { prior: shares } = target.dataset;
      if (shares !== undefined) {
        set({ prior: shares === "" ? null : shares.split(",").map((share) => ALL * Number(share)) });
      }
    });

    const showPrior = ({ prior: stated }) => {
      const shares = stated ?? [...held.prior];
      const total = shares.reduce((sum, share) => sum + share, 0);
      // The slider that is being moved keeps its place; the others say what is left for them.
      prior.forEach((input, place) => {
        const value = stated ? shares[place] : (ALL * shares[place]) / total;
        put(input, Math.min(ALL, value), speech.share(shares[place] / total));
      });
    };

    const showPooling = ({ kappa: value, levels: weights }) => {
      pooling.value = value === null ? "fitted" : value === 0 ? "one" : value === Infinity ? "none" : "value";
      const isValue = pooling.value === "value";
      kappa.closest("[data-when]").hidden = !isValue;
      if (isValue) {
        put(kappa, Math.log10(value), String(Number(value.toPrecision(2))));
      }
      const shown = weights ?? held.pooling.levels;
      levels.forEach((input, place) => put(input, shown[place], String(Number(shown[place].toPrecision(2)))));
    };

    const showDoubt = (state) => {
      const value = state.selectivity ?? held.selectivity;
      put(selectivity, value, speech.share(value));
      favours.value = String(state.favours ? held.hypotheses.indexOf(state.favours) : held.favours);
      one("reliability").checked = state.reliability;
      one("redundancy").checked = state.redundancy;
      coders.forEach((box, place) => {
        box.checked = state.coders === null || state.coders.includes(held.panel[place]);
      });
    };

    return (state) => {
      showPrior(state);
      showPooling(state);
      if (selectivity) {
        showDoubt(state);
      }
    };
  };

  return { open };
})();

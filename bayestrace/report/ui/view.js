/** Shows the answer: moves the marks of the figures, says who leads, and what the draws are worth. */
const view = (() => {
  const MOST_K = 0.7; // above, weighed draws are not to be believed; bayestrace/sensitivity/reweight.py says why
  const FEWEST = 50; // effective draws
  const FEW = 6; // cases whose leaders the bar at the foot names; of more it says how many changed
  const PATIENCE = 150; // ms without a change before the draws are looked at that only tell what they are worth

  /** The places of those that have the first place or share it: of several none leads. */
  const foremost = (values, alike) => {
    const highest = Math.max(...values);
    return [...values.keys()].filter((place) => values[place] >= highest - alike);
  };

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const move = (svg, probability, said) => {
    const [start, end] = svg.querySelector("[data-scale]").dataset.scale.split(" ").map(Number);
    for (const row of svg.querySelectorAll("[data-row]")) {
      const value = probability[Number(row.dataset.row)];
      const x = start + (end - start) * value;
      const [link, dot, text] = [row.querySelector("line"), row.querySelector(".circle"), row.lastElementChild];
      link.setAttribute("x2", x);
      dot.setAttribute("cx", x);
      text.textContent = said(value);
      text.dataset.value = value.toPrecision(5);
      row.dataset.now = value;
    }
  };

  /** Words for what differs from the report, each with the change that takes it back. */
  const differences = ({ state, words, speech, held, coders }, titleOf, clusterOf) => {
    const { say } = speech;
    const named = (coder) => words.coders[held.panel.indexOf(coder)] ?? say("own");
    const found = [];
    const put = (what, patch) => found.push({ what, patch });
    if (state.prior) {
      const total = state.prior.reduce((sum, share) => sum + share, 0);
      const shares = state.prior.map((share, k) => `${words.hypotheses[k]} ${speech.share(share / total)}`);
      put(say("pair", { name: say("changed-prior"), what: speech.list(shares) }), { prior: null });
    }
    if (state.kappa !== null || state.levels) {
      const kappa = state.kappa === Infinity ? "∞" : Number(state.kappa?.toPrecision(3));
      const name = say("changed-pooling");
      put(state.kappa === null ? name : say("pair", { name, what: `κ = ${kappa}` }), { kappa: null, levels: null });
    }
    if (state.selectivity !== null || state.favours !== null) {
      const name = words.hypotheses[state.favours ? held.hypotheses.indexOf(state.favours) : held.favours];
      const p = speech.share(state.selectivity ?? held.selectivity);
      put(say("changed-selectivity", { name, p }), { selectivity: null, favours: null });
    }
    if (!state.reliability) {
      put(say("changed-reliability"), { reliability: true });
    }
    if (!state.redundancy) {
      put(say("changed-redundancy"), { redundancy: true });
    }
    if (state.coders) {
      put(say("changed-coders", { names: speech.list(state.coders.map(named)) }), { coders: null });
    }
    for (const one of state.clusters) {
      put(say("changed-cluster", { title: clusterOf(one) }), { clusters: store.toggled(state.clusters, one) });
    }
    for (const one of state.without) {
      put(say("changed-without", { title: titleOf(one) }), { without: store.toggled(state.without, one) });
    }
    for (const { observation, coder } of state.weights) {
      put(say("changed-weight", { coder: named(coder), title: titleOf(observation) }), {
        weights: store.weighed(state.weights, { observation, coder, against: null }),
      });
    }
    return found;
  };

  /**
   * @param {object} page what start.js holds
   * @returns {function} to be called after each change
   */
  const open = (page) => {
    const { words, speech, engine, held, coders } = page;
    const { say, percent } = speech;
    const figures = [...document.querySelectorAll("#live [data-case]")];
    const [bar, said, count] = ["live-bar", "live-said", "live-count"].map((id) => document.getElementById(id));
    const [worth, changes] = ["live-worth", "live-changes"].map((id) => document.getElementById(id));
    const nothing = changes.textContent;
    let asked = 0;

    const leads = (figure, place, probability) => {
      const reported = words.reported[place];
      const [now, before] = [probability, reported].map((values) => foremost(values, words.alike));
      const names = (places) => speech.listed(places.map((one) => words.hypotheses[one]));
      const [best, led] = [now, before].map(([first]) => first);
      const [p, was] = [percent(probability[best]), percent(reported[led])];
      const tied = now.length > 1;
      // Equals take the lead from nobody.
      const flips = !tied && (before.length > 1 || best !== led);
      const same = names(now) === names(before) && p === was;
      figure.querySelector(".now").textContent =
        say(tied ? "tied" : "leads", { leader: names(now), p }) +
        (same ? say("same") : say(before.length > 1 ? "were-tied" : "led", { leader: names(before), p: was }));
      figure.classList.toggle("turned", flips);
      const what = tied ? say("no-single") : `${words.hypotheses[best]} ${p}`;
      const short = say("pair", { name: words.cases[place], what });
      return element(flips ? "strong" : "span", flips ? { title: say("flip") } : {}, flips ? `⇄ ${short}` : short);
    };

    const tell = ({ paretoK, ess }) => {
      // Draws that all count the same have no tail to judge; of those that count alike or not at all, some are left.
      const known = !Number.isNaN(paretoK) || ess < held.draws - 1;
      const doubtful = known && (paretoK > MOST_K || ess < FEWEST);
      const k = Number.isNaN(paretoK) ? "–" : paretoK === Infinity ? "∞" : paretoK.toFixed(2).replace("-", "\u2212");
      const told = { k, ess: Math.round(ess), draws: held.draws, command: words.command };
      const worthwhile = held.allotted ? "draws-pools" : "draws";
      worth.textContent = known ? say(doubtful ? "doubtful" : worthwhile, told) : "";
      worth.classList.toggle("notice", doubtful);
      document.getElementById("live").classList.toggle("doubtful", doubtful);
    };

    const show = (answer) => {
      if (answer.refused) {
        const text = answer.refused[words.lang];
        worth.textContent = text;
        worth.classList.add("notice");
        said.textContent = text;
      } else {
        const size = held.nHypotheses;
        const cases = figures.map((figure, place) => {
          const probability = [...answer.probability.subarray(place * size, (place + 1) * size)];
          move(figure.querySelector("svg"), probability, percent);
          return leads(figure, place, probability);
        });
        const n = cases.filter((one) => one.matches("strong")).length;
        const named = cases.flatMap((one, place) => (place > 0 ? [" · ", one] : [one]));
        said.replaceChildren(...(cases.length > FEW ? [say("turned", { n, cases: cases.length })] : named));
        tell(answer);
      }
      document.getElementById("live").classList.toggle("refused", answer.refused !== null);
    };

    const list = () => {
      const found = differences(page, page.titleOf, page.clusterOf);
      const items = found.map(({ what, patch }) => {
        const button = element("button", { type: "button", textContent: "×", title: say("undo", { what }) });
        button.setAttribute("aria-label", say("undo", { what }));
        button.addEventListener("click", () => page.set(patch));
        return element("li", {}, `${what} `, button);
      });
      changes.replaceChildren(...(items.length > 0 ? items : [element("li", {}, nothing)]));
      bar.hidden = items.length === 0;
      document.body.classList.toggle("changed", items.length > 0);
      count.textContent = items.length === 1 ? say("count-one") : say("count", { n: items.length });
    };

    const answer = (diagnose) => {
      const setting = store.asked(page.state, held, words.focal, coders);
      const begun = performance.now();
      const found = engine.answer(setting, diagnose);
      performance.measure("bayestrace-answer", { start: begun, end: performance.now() });
      return found;
    };

    const EXACT = ["prior", "pooling", "panel"];
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

    return async () => {
      asked += 1;
      const mine = asked;
      const whole = document.getElementById("live");
      whole.setAttribute("aria-busy", "true");
      list();
      await frame();
      const set = Object.keys(store.asked(page.state, held, words.focal, coders));
      // Prior and pooling need no draw where joint explanations are enumerated, and are shown at once; all else once the
      // evidence has been read.
      const needsDraws = set.some((name) => held.allotted || !EXACT.includes(name));
      whole.classList.toggle("busy", needsDraws && !page.isReady());
      if (needsDraws) {
        await page.ready;
      }
      if (mine !== asked) {
        return;
      }
      whole.classList.remove("busy");
      const found = answer(false);
      show(found);
      if (set.length > 0 && !(found.ess > 0)) {
        await Promise.all([page.ready, pause(PATIENCE)]);
        if (mine !== asked) {
          return;
        }
        show(answer(true));
      }
      whole.setAttribute("aria-busy", "false");
    };
  };

  return { element, open };
})();

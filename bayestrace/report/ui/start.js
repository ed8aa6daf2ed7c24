/** Opens the engine, and binds the page to it in each language that is shown. */
const start = async () => {
  const SLICE = 8; // ms of reading ahead between two looks at what the reader does

  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const island = document.getElementById("live-island");
  const engine = island ? live.open(JSON.parse(await unpacked(island))) : null;
  const held = engine?.held ?? null; // null on a page that cannot answer
  const coders = held ? [...held.panel, ...(held.reviewer ? ["reviewer"] : [])] : [];
  // What is the same in either language; a page in a language sees it as its own.
  const session = { engine, held, coders, state: store.fresh(), looked: table.fresh() };
  const whole = study.open(); // of what the page says before anything in it is changed
  carried.back(await unpacked(document.getElementById("numbers")));
  const tongue = language.open();
  const faces = new Map();
  // What follows `#` is the settings once there are any, and the place in the page among them.
  let { at } = store.read(location.hash, held, coders);

  const heading = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(".badge").forEach((badge) => badge.remove());
    return copy.textContent.trim();
  };
  const titleOf = (id) => heading(document.getElementById(`obs-${id}`).querySelector("h5"));
  const clusterOf = (id) => {
    const member = held.evidence[held.members[held.clusters.indexOf(id)][0]];
    return heading(document.getElementById(`obs-${member}`).closest("details").querySelector("summary h4"));
  };

  const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 50));
  const later = (call) => idle(call, { timeout: 200 });

  /** Lay out what is not yet in view, a section at a time: the style sheet leaves it for when the page has opened. */
  const layOut = () => {
    const next = document.querySelector("main > section:not(.laid-out)");
    if (next) {
      next.classList.add("laid-out");
      later(layOut);
    }
  };

  /** Bind what stands in the page. It happens once a language: events are listened to on elements, not on the document. */
  const bind = () => {
    const words = read("live-words");
    const twins = unpacked(document.getElementById("twins")).then(JSON.parse);
    const page = { __proto__: session, words, twins, study: whole, speech: speak.open(words), titleOf, clusterOf };
    const listeners = [table.open(page)];
    if (held) {
      listeners.push(controls.open(page), view.open(page));
      if (held.theta) {
        listeners.push(marked.open(page));
      }
      document.querySelector("#try .still").remove();
      document.getElementById("live").hidden = false;
    }
    download.open(page);
    later(layOut);
    bars.open(page);
    return { page, show: () => listeners.forEach((listener) => listener(session.state)) };
  };

  /** The page as it is bound in the language that is shown. */
  const face = () => {
    const { lang } = document.documentElement;
    if (!faces.has(lang)) {
      faces.set(lang, bind());
    }
    return faces.get(lang);
  };

  const say = (key, fields) => face().page.speech.say(key, fields);
  const tell = (text) => {
    const done = document.getElementById("live-done");
    if (done) {
      done.textContent = text;
    }
  };

  const address = () => location.href.split("#")[0] + store.written(session.state, at, tongue.shown());
  session.set = (patch) => {
    session.state = { ...session.state, ...patch };
    tell("");
    history.replaceState(null, "", address());
    face().show();
  };

  const goTo = (id) => {
    const target = id && document.getElementById(id);
    if (target) {
      // All of it, so that nothing above the target grows once it stands in view.
      document.querySelectorAll("main > section").forEach((one) => one.classList.add("laid-out"));
      const outer = target.closest("details");
      if (outer) {
        outer.open = true;
      }
      target.scrollIntoView();
    }
  };

  /** Take what the address says: language, settings, place. */
  const take = async () => {
    const found = store.read(location.hash, held, coders);
    await tongue.show(found.lang);
    session.state = found.state;
    at = found.at;
    face().show();
    tell(found.passed.length > 0 ? say("link-partly", { parts: found.passed.join(", ") }) : "");
    if (at) {
      history.scrollRestoration = "manual"; // it would come after, and knows only how tall the page was
    }
    await face().page.twins; // what is put below figures stands before anything is gone to
    goTo(at || (store.written(found.state) !== "" && "try"));
  };

  const does = {
    language: async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) {
        return; // in a window of its own
      }
      event.preventDefault();
      await tongue.show(tongue.other());
      history.replaceState(null, "", address());
      tell("");
      face().show();
      document.getElementById("language").focus();
    },
    reset: () => session.set(store.fresh()),
    link: async () => {
      history.replaceState(null, "", address());
      try {
        await navigator.clipboard.writeText(address());
        tell(say("copied"));
      } catch {
        // Files opened from a disk may not use the clipboard everywhere.
        tell(say("in-address"));
      }
    },
    "save-profile": () => {
      save.hand("reader.yaml", save.profile(face().page), "text/yaml");
      tell(say("saved", { file: "reader.yaml" }));
    },
    "save-coding": () => {
      const files = save.codings(face().page);
      files.forEach(({ file, text }) => save.hand(file, text, "text/csv"));
      const names = files.map(({ file }) => file);
      tell(names.length > 0 ? say("saved", { file: face().page.speech.list(names) }) : "");
    },
  };
  document.addEventListener("click", (event) => does[event.target.closest("[data-do]")?.dataset.do]?.(event));

  window.addEventListener("hashchange", () => {
    if (location.hash.startsWith(store.MARK)) {
      take();
      return;
    }
    // A link within the page: the settings go with it.
    at = location.hash.slice(1);
    goTo(at);
    history.replaceState(null, "", address());
  });

  // The evidence is read ahead while the reader reads: as fitted, then as other settings of doubt have it.
  const others = held ? held.hypotheses.map((_, favours) => ({ selectivity: 0.5, favours })) : [];
  const ahead = held?.theta ? [{}, { redundancy: false }, ...others] : [];
  let isReady = ahead.length === 0;
  session.isReady = () => isReady;
  session.ready = new Promise((resolve) => {
    const prepare = () => {
      if (isReady) {
        resolve();
      }
      if (ahead.length > 0) {
        if (engine.prepare(SLICE, ahead[0])) {
          ahead.shift();
          isReady = true;
        }
        later(prepare);
      }
    };
    later(prepare);
  });

  take();
};

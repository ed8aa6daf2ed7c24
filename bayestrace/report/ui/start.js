/** Opens the engine and binds it to the page. */
const start = () => {
  const SLICE = 8; // ms of reading ahead between two looks at what the reader does

  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const words = read("live-words");
  const engine = live.open(read("live-island"));
  const { held } = engine;
  const speech = speak.open(words);
  const done = document.getElementById("live-done");
  const listeners = [];

  const heading = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(".badge").forEach((badge) => badge.remove());
    return copy.textContent.trim();
  };
  const titleOf = (id) => heading(document.getElementById(`h-${id}`));
  const clusterOf = (id) => {
    const member = held.evidence[held.members[held.clusters.indexOf(id)][0]];
    return heading(document.getElementById(`obs-${member}`).closest("details").querySelector("summary h4"));
  };

  const coders = [...held.panel, ...(held.reviewer ? ["reviewer"] : [])];
  const page = { words, engine, held, speech, coders, titleOf, clusterOf, state: store.fresh() };
  // What follows `#` is the settings once there are any, and the place in the page among them.
  let { at } = store.read(location.hash, held, coders);

  const address = () => location.href.split("#")[0] + store.written(page.state, at);
  const show = () => listeners.forEach((listener) => listener(page.state));
  page.set = (patch) => {
    page.state = { ...page.state, ...patch };
    done.textContent = "";
    history.replaceState(null, "", address());
    show();
  };

  const goTo = (id) => {
    const target = id && document.getElementById(id);
    if (target) {
      const outer = target.closest("details");
      if (outer) {
        outer.open = true;
      }
      target.scrollIntoView();
    }
  };

  const take = () => {
    const found = store.read(location.hash, held, coders);
    page.state = found.state;
    at = found.at;
    done.textContent = found.passed.length > 0 ? speech.say("link-partly", { parts: found.passed.join(", ") }) : "";
    show();
  };

  const does = {
    reset: () => page.set(store.fresh()),
    link: async () => {
      history.replaceState(null, "", address());
      try {
        await navigator.clipboard.writeText(address());
        done.textContent = speech.say("copied");
      } catch {
        // Files opened from a disk may not use the clipboard everywhere.
        done.textContent = speech.say("in-address");
      }
    },
    "save-profile": () => {
      save.hand("reader.yaml", save.profile(page), "text/yaml");
      done.textContent = speech.say("saved", { file: "reader.yaml" });
    },
    "save-coding": () => {
      const files = save.codings(page);
      files.forEach(({ file, text }) => save.hand(file, text, "text/csv"));
      done.textContent = files.length > 0 ? speech.say("saved", { file: speech.list(files.map(({ file }) => file)) }) : "";
    },
  };
  document.addEventListener("click", ({ target }) => does[target.closest("[data-do]")?.dataset.do]?.());

  window.addEventListener("hashchange", () => {
    if (location.hash.startsWith(store.MARK)) {
      take();
      goTo(at || "try");
      return;
    }
    // A link within the page: the settings go with it.
    at = location.hash.slice(1);
    goTo(at);
    history.replaceState(null, "", address());
  });

  // The evidence is read ahead while the reader reads, so that its first change does not wait.
  const later = window.requestIdleCallback ?? ((call) => setTimeout(call, 50));
  let isReady = held.theta === null;
  page.isReady = () => isReady;
  page.ready = new Promise((resolve) => {
    const prepare = () => {
      isReady = engine.prepare(SLICE);
      if (isReady) {
        resolve();
      } else {
        later(prepare);
      }
    };
    later(prepare);
  });

  listeners.push(controls.open(page), view.open(page));
  if (held.theta) {
    listeners.push(marked.open(page));
  }
  document.querySelector("#try .still").remove();
  document.getElementById("live").hidden = false;
  take();
  if (location.hash !== "") {
    goTo(at || "try");
  }
};

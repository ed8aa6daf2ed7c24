/** Binds three numbers, each a slider and a field to type in: what is typed is kept, the slider shows the nearest to it. */
const field = (() => {
  const ENDS = ["low", "best", "high"];

  /**
   * @param {Element} frame the fieldset
   * @param {function} reader reads a text: a number, or null
   * @param {function} changed is called with the texts by end after each change
   * @returns {object} `show(said)` puts texts, `numbers()` reads them
   */
  const open = (frame, reader, changed) => {
    const ends = ENDS.filter((end) => frame.querySelector(`[data-end="${end}"]`));
    const slider = (end) => frame.querySelector(`[data-end="${end}"]`);
    const typed = (end) => frame.querySelector(`[data-typed="${end}"]`);
    const read = (end) => reader(typed(end).value);

    const texts = () => {
      const filled = ends.map((end) => [end, typed(end).value]).filter(([, text]) => text.trim() !== "");
      return Object.fromEntries(filled);
    };

    /** Sliders of what is not said stand at the best number, faint. */
    const settle = (moved = null) => {
      const best = read("best") ?? 0;
      for (const end of ends) {
        const value = read(end);
        slider(end).closest(".end").classList.toggle("unset", value === null);
        if (moved !== slider(end)) {
          slider(end).value = String(value ?? best);
        }
      }
    };

    const tell = (moved) => {
      settle(moved);
      changed(texts());
    };

    const put = (end, value) => {
      typed(end).value = String(Number(value));
    };

    for (const end of ends) {
      slider(end).addEventListener("input", () => {
        put(end, slider(end).value);
        tell(slider(end));
      });
      // A slider that already stands where it is wanted sends no event of its own.
      slider(end).addEventListener("keydown", ({ key, ctrlKey }) => {
        if ((key === "Enter" || key === " ") && !ctrlKey && read(end) === null) {
          put(end, slider(end).value);
          tell(slider(end));
        }
      });
      slider(end).addEventListener("click", () => {
        if (typed(end).value.trim() === "") {
          put(end, slider(end).value);
          tell(slider(end));
        }
      });
      typed(end).addEventListener("input", () => tell(null));
    }

    const set = (said) => {
      ends.forEach((end) => {
        typed(end).value = said?.[end] ?? "";
      });
      settle();
    };

    frame.querySelector('[data-do="clear"]').addEventListener("click", () => {
      set({});
      changed({});
    });
    frame.querySelector('[data-do="zero"]')?.addEventListener("click", () => {
      typed("best").value = "0";
      tell(null);
    });

    /** What is wrong with the numbers, as a key of what the page says and what it is about; null if nothing is. */
    const fault = (wrongKey) => {
      const said = texts();
      for (const end of ends) {
        typed(end).removeAttribute("aria-invalid");
      }
      const mark = (end, key, text) => {
        typed(end).setAttribute("aria-invalid", "true");
        return { key, details: { text } };
      };
      const unread = ends.find((end) => end in said && read(end) === null);
      if (unread) {
        return mark(unread, wrongKey, said[unread].trim());
      }
      if ("low" in said !== "high" in said) {
        return mark("low" in said ? "high" : "low", "half", "");
      }
      if ("low" in said && !("best" in said)) {
        return mark("best", "no-best", "");
      }
      const [low, best, high] = ends.length === ENDS.length ? ENDS.map(read) : [];
      return low !== undefined && low !== null && (low > best || best > high) ? mark("best", "order", "") : null;
    };

    return { fault, numbers: () => Object.fromEntries(ends.map((end) => [end, read(end)])), set, slider };
  };

  return { open };
})();

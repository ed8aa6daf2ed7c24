/** The study as its canonical JSON: what the page says itself stands there only, and is read back from it. */
const study = (() => {
  const [TAKEN, BETWEEN] = ["\u0001", "\u0002"]; // as bayestrace/report/page/borrowed.py has them
  const NAME_OR_VALUE = /"((?:[^"\\]|\\.)*)":|\u0001/g;

  /** What the page says in its main part, and then where its links lead. */
  const said = () => {
    const main = document.querySelector("main");
    const leads = [...main.querySelectorAll("a[href]")].map((link) => `${link.getAttribute("href")}\n`);
    return main.textContent + leads.join("");
  };

  /** The values that are told of one name, in order. */
  const values = (left, places, letters) => {
    const place = places.split(" ").map(Number).values();
    let at = 0;
    const piece = () => {
      const start = at + place.next().value;
      at = start + place.next().value;
      return letters.slice(start, at).join("");
    };
    return left.replaceAll(TAKEN, piece).split(BETWEEN).values();
  };

  const filled = (packed, from) => {
    const [text, ...lines] = packed.split("\n");
    const letters = [...from]; // characters, where a string has halves of some
    const columns = new Map();
    let name = "";
    return text.replace(NAME_OR_VALUE, (found, named) => {
      if (named !== undefined) {
        name = named;
        return found;
      }
      if (!columns.has(name)) {
        columns.set(name, values(...lines.splice(0, 2), letters));
      }
      return columns.get(name).next().value;
    });
  };

  /**
   * Keep what the page says as it is now, before anything is changed in it.
   * @returns {function} a promise of the study's canonical JSON
   */
  const open = () => {
    const from = said();
    return async () => filled(await unpacked(document.getElementById("study")), from);
  };

  /** Whether a text has this SHA-256. Browsers that work none out for such pages leave it to the reader. */
  const bears = async (text, digest) => {
    if (!crypto.subtle) {
      return true;
    }
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("") === digest;
  };

  return { bears, open };
})();

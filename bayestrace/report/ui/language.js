/** The two languages of a page: one stands in it, the other is packed in it until it is asked for. */
const language = (() => {
  const short = (lang) => lang.split("-")[0];

  /** Take out of a document what is said in its language: all of its body, up to `end` where there is one. */
  const taken = (from, end) => {
    const range = from.createRange();
    range.selectNodeContents(from.body);
    if (end) {
      range.setEndBefore(end);
    }
    const { lang, dir } = from.documentElement;
    return { lang, dir, title: from.title, content: range.extractContents() };
  };

  const parsed = async (packed) => taken(new DOMParser().parseFromString(await unpacked(packed), "text/html"));

  /** What opens in either language; a table that the script put below a figure stands in one that was bound already. */
  const everyDetails = () => [...document.querySelectorAll("details:not(.twin)")];

  /**
   * Show the switch, where there is another language.
   * @returns {object} `show(lang)`, a promise, the page's own language for any that it has not; `shown()`, empty for its
   * own; `other()`, that of the switch
   */
  const open = () => {
    const root = document.documentElement;
    const packed = document.getElementById("other-language");
    const own = short(root.lang);
    const link = () => document.getElementById("language");
    const other = () => short(link().lang);
    let away = null; // what of the two does not stand in the page
    let turn = Promise.resolve();

    const offer = () => {
      link().hidden = false;
      link().nextElementSibling.hidden = true;
    };

    const swap = async () => {
      const coming = away ?? (await parsed(packed));
      const were = everyDetails();
      away = taken(document, packed);
      packed.before(coming.content);
      Object.assign(root, { lang: coming.lang, dir: coming.dir });
      document.title = coming.title;
      everyDetails().forEach((one, place) => {
        one.open = were[place].open;
      });
      offer();
    };

    const known = packed ? [own, other()] : [own];
    if (packed) {
      offer();
    }
    const show = (lang) => {
      const wanted = known.includes(lang) ? lang : own;
      // One after the other: a second click while the first is at work must not swap back.
      turn = turn.then(() => (wanted === short(root.lang) ? undefined : swap()));
      return turn;
    };
    return { show, other, shown: () => (short(root.lang) === own ? "" : short(root.lang)) };
  };

  return { open };
})();

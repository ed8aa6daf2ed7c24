/** Writes the files to send back, and reads them again. */
const files = (() => {
  const hand = (name, text, type) => {
    const address = URL.createObjectURL(new Blob([text], { type }));
    Object.assign(document.createElement("a"), { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };

  const nameOf = ({ made }, ending) => `${made.study}-${made.coder}${made.round ? `-round-${made.round}` : ""}${ending}`;

  const json = (island, data) =>
    `${JSON.stringify({ "bayestrace-coding": island.format, digest: island.digest, ...island.made, ...data }, null, 1)}\n`;

  /** Text that a spreadsheet would take for a formula gets an apostrophe, as bayestrace/writing/cells.py gives it. */
  const safe = (text) => (/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const table = (head, rows) => `\ufeff${[head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;

  /** Numbers go to their own columns; ratios and words to that of words. */
  const number = (text) => /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text.trim());

  const coding = ({ asked, rivals, columns }, { judgements }) => {
    const rows = asked.flatMap((id) => {
      const said = judgements[id] ?? {};
      return Object.keys(rivals).map((rival, place) => {
        const { low = "", best = "", high = "" } = said.weights?.[rival] ?? {};
        const [decibels, word] = number(best) ? [best.trim(), ""] : ["", best];
        const once = place === 0 ? [said.p_if_focal ?? "", safe(said.rationale ?? "")] : ["", ""];
        return [id, rival, low, decibels, high, safe(word), ...once];
      });
    });
    return table(columns.coding, rows);
  };

  const redundancy = ({ clusters, columns }, { redundancy: said }) =>
    table(columns.redundancy, clusters.map((id) => [id, ...["low", "best", "high"].map((end) => said[id]?.[end] ?? "")]));

  /** Read a file that this page saved: its data, or the key and the details of what is wrong with it. */
  const read = (island, name, text) => {
    let found;
    try {
      found = JSON.parse(text);
    } catch {
      return { wrong: "load-none", details: { file: name } };
    }
    if (!work.isObject(found) || found["bayestrace-coding"] !== island.format) {
      return { wrong: "load-none", details: { file: name } };
    }
    if (found.study !== island.made.study || found.coder !== island.made.coder) {
      return { wrong: "load-other", details: { file: name, who: found.coder, study: found.study } };
    }
    return { data: work.tidy(found, island), changed: found.digest !== island.digest };
  };

  return { coding, hand, json, nameOf, read, redundancy };
})();

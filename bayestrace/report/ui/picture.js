/** Makes of a figure a picture that needs nothing of the page: as SVG, and as PNG. */
const picture = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const SCALE = 2; // pixels of a PNG for one unit of its figure
  const GAP = 12;
  const LINE = 20;
  const SLANTS = 5; // from one slanted line of the page's pattern, which is two wide, to the next
  const [HEADING, TOLD] = [15, 13]; // sizes of type
  const PAINT = [
    ...["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap"],
    ...["paint-order", "opacity", "font-family", "font-size", "font-weight", "text-anchor"],
  ];

  const node = (name, attributes = {}, ...children) => {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  };

  /** Slanted lines across a bar, where the page's pattern has them: word processors know paths, and not all know patterns. */
  const hatching = (bar) => {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => bar[name].baseVal.value);
    const [first, last] = [x + y, x + width + y + height];
    // Along a line across and down add up to the same: where it enters and leaves the bar, with corners between two.
    const enters = (sum) => [Math.min(x + width, sum - y), Math.max(y, sum - x - width)];
    const leaves = (sum) => [Math.max(x, sum - y - height), Math.min(y + height, sum - x)];
    const lines = [];
    for (let sum = SLANTS * Math.floor(first / SLANTS); sum < last + SLANTS; sum += SLANTS) {
      const [from, to] = [Math.max(first, sum - Math.SQRT2), Math.min(last, sum + Math.SQRT2)];
      const isIn = ([across, down]) => from < across + down && across + down < to;
      const corners = [[x + width, y], [x, y + height]].map((corner) => (isIn(corner) ? [corner] : []));
      const round = [enters(from), ...corners[0], enters(to), leaves(to), ...corners[1], leaves(from)];
      if (from < to) {
        lines.push(`M${round.map((place) => place.map((one) => Number(one.toFixed(2)))).join("L")}z`);
      }
    }
    return node("path", { d: lines.join(""), fill: getComputedStyle(document.body).backgroundColor });
  };

  /** A copy that needs no style sheet: what the page paints it with stands on each element. */
  const painted = (svg, place) => {
    const copy = svg.cloneNode(true);
    const copies = [copy, ...copy.querySelectorAll("*")];
    [svg, ...svg.querySelectorAll("*")].forEach((one, i) => {
      const style = getComputedStyle(one);
      const kept = copies[i];
      for (const { name } of [...kept.attributes]) {
        if (name === "class" || name === "id" || name === "role" || /^(aria|data)-/.test(name)) {
          kept.removeAttribute(name);
        }
      }
      PAINT.forEach((name) => kept.setAttribute(name, style.getPropertyValue(name)));
      if (one.matches("rect.against")) {
        kept.setAttribute("fill", style.fill.replace(/^url\(.*?\)\s*/, ""));
        kept.after(hatching(one));
      }
    });
    copy.querySelectorAll(":scope > title, :scope > desc").forEach((one) => one.remove());
    // A number at the edge may be wider in another typeface than there is room for.
    Object.entries({ ...place, overflow: "visible" }).forEach(([name, value]) => copy.setAttribute(name, value));
    return copy;
  };

  const sizeOf = (svg) => ({ width: svg.viewBox.baseVal.width, height: svg.viewBox.baseVal.height });
  const shownIn = (figure) =>
    [...figure.querySelectorAll("svg.fig:not(.key)")].filter((svg) => getComputedStyle(svg).display !== "none");

  /** Lines of a legend that a figure needs: its own, or of those above it without a sign, or with one that it has. */
  const legendOf = (figure, parts) => {
    const own = [...figure.querySelectorAll(".legend li")];
    if (own.length > 0) {
      return own;
    }
    // A sign stands by its line, or as one letter in all cells that are alike.
    const written = parts.flatMap((svg) => [...svg.querySelectorAll("text")]);
    const isSign = (text) => text.matches(".sign") || /^(\p{L})\1*$/u.test(text.textContent);
    const signs = new Set(written.filter(isSign).map((text) => text.textContent[0]));
    return [...figure.closest("main > section").querySelectorAll(".legend li")].filter((line) => {
      const isAbove = line.compareDocumentPosition(figure) & Node.DOCUMENT_POSITION_FOLLOWING;
      const sign = line.querySelector("strong")?.textContent;
      return isAbove && !line.closest("figure") && (!sign || signs.has(sign) || signs.has(sign.toLowerCase()));
    });
  };

  /** A text in lines that fit: broken between words, and between Chinese characters. */
  const wrapped = (text, width, font) => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = font;
    const lines = [""];
    for (const piece of text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) ?? []) {
      const longer = lines.at(-1) + piece;
      if (lines.at(-1) !== "" && pen.measureText(longer.trimEnd()).width > width) {
        lines.push(piece);
      } else {
        lines[lines.length - 1] = longer;
      }
    }
    return lines.map((line) => line.trimEnd());
  };

  /**
   * @param {Element} figure one of the page
   * @returns {object} `text` of an SVG with the figure's parts, two beside each other where there are many, its title where
   * none of them says one, and its legend; `width` and `height`
   */
  const drawn = (figure) => {
    const parts = shownIn(figure);
    const sizes = parts.map(sizeOf);
    const columns = parts.length > 2 ? 2 : 1;
    const wide = Math.max(...sizes.map(({ width }) => width));
    // Whole numbers: a picture's edge that is half a pixel is half see-through.
    const width = Math.ceil(columns * (wide + 2 * GAP));
    const { color: ink, backgroundColor: paper, fontFamily } = getComputedStyle(document.body);
    const texts = (tag) => [...figure.querySelectorAll(`svg.fig > ${tag}`)].map((one) => one.textContent);
    const title = [...new Set(texts("title"))].join("; ");
    const root = node("svg", { xmlns: SVG });
    const tell = (x, y, size, weight, text) => {
      const type = { "font-family": fontFamily, "font-size": size, "font-weight": weight };
      root.append(node("text", { x, y, ...type, fill: ink }, text));
    };
    let y = GAP;
    if (!parts.some((svg) => svg.querySelector("text.head"))) {
      for (const line of wrapped(title, width - 2 * GAP, `650 ${HEADING}px ${fontFamily}`)) {
        tell(GAP, y + HEADING, HEADING, 650, line);
        y += LINE;
      }
      y += GAP / 2;
    }
    for (let first = 0; first < parts.length; first += columns) {
      const row = parts.slice(first, first + columns);
      row.forEach((svg, i) => {
        root.append(painted(svg, { x: GAP + i * (wide + 2 * GAP), y, ...sizes[first + i] }));
      });
      y += Math.max(...row.map((_, i) => sizes[first + i].height)) + GAP;
    }
    for (const line of legendOf(figure, parts)) {
      const key = line.querySelector("svg");
      const size = sizeOf(key);
      root.append(painted(key, { x: GAP, y: y + (LINE - size.height) / 2, ...size }));
      const told = wrapped(line.textContent.trim(), width - size.width - 2 * GAP - 6, `${TOLD}px ${fontFamily}`);
      for (const text of told) {
        tell(GAP + size.width + 6, y + LINE - 6, TOLD, 400, text);
        y += LINE;
      }
    }
    const height = Math.ceil(y + GAP);
    root.prepend(
      node("title", {}, title),
      node("desc", {}, texts("desc").join(" ")),
      node("rect", { width, height, fill: paper }),
    );
    Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }).forEach((one) => root.setAttribute(...one));
    return { text: new XMLSerializer().serializeToString(root), width, height };
  };

  const png = async (figure) => {
    const { text, width, height } = drawn(figure);
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: SCALE * width, height: SCALE * height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  };

  return { svg: (figure) => drawn(figure).text, png };
})();

/** Unpacks what the page holds packed, its own script among it: what the policy lets run is told by its hash. */
const bytesOf = (text) => {
  // As bayestrace/report/page/packing.py has it: two of 91 signs say 13 bits, and zeros come before the first byte.
  const signs = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).filter((sign) => !'"&<'.includes(sign));
  const worth = Object.fromEntries(signs.map((sign, i) => [sign.charCodeAt(0), i]));
  const all = (13 * text.length) / 2;
  const bytes = new Uint8Array(all >> 3);
  let [held, bits, next] = [0, -(all & 7), 0];
  for (let i = 0; i < text.length; i += 2) {
    held = ((held & 255) << 13) | (91 * worth[text.charCodeAt(i)] + worth[text.charCodeAt(i + 1)]);
    for (bits += 13; bits >= 8; next += 1) {
      bits -= 8;
      bytes[next] = held >> bits;
    }
  }
  return bytes.subarray(bytes[0] ? 0 : 1);
};

const unpacked = async (element) => {
  const { writable, readable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  writer.write(bytesOf(element.textContent));
  writer.close();
  // Read piece by piece: one call that reads it all would wait until the page is laid out.
  const reader = readable.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    text += decoder.decode(piece.value, { stream: true });
  }
  return text;
};

// A browser that cannot unpack shows the page as one without script does: complete, and still.
if ("DecompressionStream" in window) {
  unpacked(document.getElementById("script")).then((text) => {
    const script = document.createElement("script");
    script.textContent = text;
    document.body.append(script);
  });
}

/** Unpacks what the page holds packed, its own script among it: what the policy lets run is told by its hash. */
const unpacked = async (element) => {
  const { writable, readable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  writer.write(Uint8Array.from(atob(element.textContent), (letter) => letter.charCodeAt(0)));
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

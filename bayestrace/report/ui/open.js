/** Unpacks what the page holds packed, its own script among it: what the policy lets run is told by its hash. */
const unpacked = async (element) => {
  const bytes = Uint8Array.from(atob(element.textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
};

// A browser that cannot unpack shows the page as one without script does: complete, and still.
if ("DecompressionStream" in window) {
  unpacked(document.getElementById("script")).then((text) => {
    const script = document.createElement("script");
    script.textContent = text;
    document.body.append(script);
  });
}

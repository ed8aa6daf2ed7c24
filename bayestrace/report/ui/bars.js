/** Opens the observations of a cluster from its bar; by keyboard the list below the figure does the same. */
const bars = (() => {
  /**
   * @param {object} page what start.js holds
   */
  const open = async ({ twins }) => {
    const known = await twins;
    for (const figure of document.querySelectorAll("#cases figure")) {
      const below = [...figure.closest("section").querySelectorAll(".opening details")];
      const rows = known[figure.querySelector("svg.fig > title").id.replace(/-t$/, "")].rows;
      for (const svg of figure.querySelectorAll("svg.fig")) {
        // The last bar is the whole case.
        [...svg.querySelectorAll("g:has(> rect)")].slice(0, -1).forEach((bar, place) => {
          const named = below.filter((one) => one.querySelector("summary span").textContent === rows[place][0]);
          if (named.length === 1) {
            bar.classList.add("opens");
            bar.addEventListener("click", () => {
              named[0].open = true;
              named[0].scrollIntoView({ block: "center" });
              named[0].querySelector("summary").focus({ preventScroll: true });
            });
          }
        });
      }
    }
  };

  return { open };
})();

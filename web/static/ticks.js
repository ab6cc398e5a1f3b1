// Says in a button's own words how many boxes are ticked: <span data-ticks="unlink" data-words=", unlink #">.
(() => {
  const count = () => {
    for (const said of document.querySelectorAll("[data-ticks]")) {
      const ticked = document.querySelectorAll(`input[name="${said.dataset.ticks}"]:checked`).length;
      said.textContent = ticked ? said.dataset.words.replace("#", ticked) : "";
    }
  };
  document.addEventListener("change", count);
  document.addEventListener("okr:changed", count);
})();

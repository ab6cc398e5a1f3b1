// Fetches the page again every few seconds and puts in only the parts that changed, so that focus and reading place stay.
// A part is any element with data-live; <body data-refresh="5"> says after how many seconds. Without this script the page
// is right when it was opened, and a reload shows the present.
(() => {
  const seconds = Number(document.body.dataset.refresh);
  if (!seconds) return;
  const lost = document.getElementById("lost");
  const parts = [...document.querySelectorAll("[data-live]")];
  const shown = new Map(parts.map((part) => [part, part.innerHTML]));
  let failures = 0;

  function isInUse(part) {
    return part.contains(document.activeElement) || part.querySelector("details[open]") !== null;
  }

  function putIn(fresh) {
    for (const part of parts) {
      const now = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (now === null || now.innerHTML === shown.get(part) || isInUse(part)) continue;
      shown.set(part, now.innerHTML);
      part.replaceChildren(...now.childNodes);
    }
    document.title = fresh.title;
    document.dispatchEvent(new Event("okr:changed"));
  }

  async function look() {
    const answer = await fetch(location.href, { headers: { "X-OKR-Refresh": "1" }, redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") return location.reload(); // the sign-in has ended
    if (!answer.ok) throw new Error(String(answer.status));
    return putIn(new DOMParser().parseFromString(await answer.text(), "text/html"));
  }

  async function turn() {
    if (!document.hidden) {
      failures = await look().then(() => 0, () => failures + 1);
      lost.hidden = failures < 2;
    }
    setTimeout(turn, 1000 * seconds * Math.min(1 + failures, 6));
  }

  setTimeout(turn, 1000 * seconds);
})();

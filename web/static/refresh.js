// Fetches the page again every few seconds and puts in only the parts that changed, so that focus and reading place stay.
// A part is any element with data-live; <body data-refresh="5"> says after how many seconds. Without this script the page
// is right when it was opened, and a reload shows the present.
(() => {
  const seconds = Number(document.body.dataset.refresh);
  const lost = document.getElementById("lost");
  const parts = new Map([...document.querySelectorAll("[data-live]")].map((part) => [part.dataset.live, part]));
  const shown = new Map([...parts].map(([name, part]) => [name, part.innerHTML]));
  let failures = 0;

  // Replacing what somebody has open, has focused or is just pressing would take it from under their hands.
  function isInUse(part) {
    return part.contains(document.activeElement) || part.matches(":active") || part.querySelector("details[open]");
  }

  function isAnyInUse() {
    return document.activeElement !== document.body || [...parts.values()].some(isInUse);
  }

  function putIn(fresh) {
    const news = [...fresh.querySelectorAll("[data-live]")];
    if (news.length !== parts.size && !isAnyInUse()) return location.reload(); // it has become another page
    for (const now of news) {
      const [name, html] = [now.dataset.live, now.innerHTML];
      const part = parts.get(name);
      if (part === undefined || html === shown.get(name) || isInUse(part)) continue;
      shown.set(name, html);
      part.replaceChildren(...now.childNodes);
    }
    document.title = fresh.title;
    return document.dispatchEvent(new Event("okr:changed"));
  }

  async function look() {
    const answer = await fetch(location.href, { headers: { "X-OKR-Refresh": "1" }, redirect: "manual", cache: "no-store" });
    // The sign-in has ended. A form keeps what was typed until its person sends it.
    if (answer.type === "opaqueredirect") return document.querySelector("textarea") ?? location.reload();
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

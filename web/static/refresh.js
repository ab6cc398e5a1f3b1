// Fetches the page again and puts in only the parts that changed, so that focus and reading place stay. A part is any
// element with data-live.
//   <body data-refresh="5">            after so many seconds, and again and again; 0: not by itself
//   <form method="get" data-live-form> whenever something was typed or chosen in it: as if it had been sent
//   <button data-preview>              the same for a form that is posted: as if this button had been pressed
//   <form data-ask-at-once>            as that, as soon as the page is there
//   <… data-live="name" data-asks>     a part with fields in which typing asks, too
// Without this script the page is right when it was opened, and its buttons do the same.
(() => {
  const seconds = Number(document.body.dataset.refresh);
  const lost = document.getElementById("lost");
  const parts = new Map([...document.querySelectorAll("[data-live]")].map((part) => [part.dataset.live, part]));
  const shown = new Map([...parts].map(([name, part]) => [name, part.innerHTML]));
  let failures = 0;
  let asking = new AbortController();
  let askingAgain;

  // Replacing what somebody has open, has focused or is just pressing would take it from under their hands.
  function isInUse(part) {
    return part.contains(document.activeElement) || part.matches(":active") || part.querySelector("details[open]");
  }

  function isAnyInUse() {
    return document.activeElement !== document.body || [...parts.values()].some(isInUse);
  }

  function putIn(fresh, asked) {
    const news = [...fresh.querySelectorAll("[data-live]")];
    if (!asked && news.length !== parts.size && !isAnyInUse()) return location.reload(); // it has become another page
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

  async function look(address, options, asked) {
    const answer = await fetch(address, { redirect: "manual", cache: "no-store", ...options });
    // The sign-in has ended. A form keeps what was typed until its person sends it.
    if (answer.type === "opaqueredirect") return asked || document.querySelector("textarea") || location.reload();
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    return putIn(new DOMParser().parseFromString(await answer.text(), "text/html"), asked);
  }

  async function turn() {
    if (!document.hidden) {
      failures = await look(location.href, { headers: { "X-OKR-Refresh": "1" } }, false).then(() => 0, () => failures + 1);
      lost.hidden = failures < 2;
    }
    setTimeout(turn, 1000 * seconds * Math.min(1 + failures, 6));
  }

  // Only the last answer counts. Until there is one, what stands there belongs to an older question: it stays faint,
  // and where none comes the page says so and asks again. The buttons work all the time.
  async function ask(form) {
    clearTimeout(askingAgain);
    asking.abort();
    asking = new AbortController();
    const [button, fields] = [form.querySelector("[data-preview]"), new FormData(form)];
    const busy = [...parts.values()];
    busy.forEach((part) => part.setAttribute("aria-busy", "true"));
    try {
      if (button) {
        if (button.name) fields.set(button.name, button.value);
        await look(button.formAction, { method: "POST", body: new URLSearchParams(fields), signal: asking.signal }, true);
      } else {
        const address = `${form.action.split("?")[0]}?${new URLSearchParams(fields)}`;
        history.replaceState(null, "", address);
        await look(address, { signal: asking.signal }, true);
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      askingAgain = setTimeout(ask, 3000, form);
      lost.hidden = false;
      return;
    }
    lost.hidden = true;
    busy.forEach((part) => part.removeAttribute("aria-busy"));
  }

  for (const form of document.querySelectorAll("form")) {
    if (!form.matches("[data-live-form]") && !form.querySelector("[data-preview]")) continue;
    if (form.matches("[data-ask-at-once]")) ask(form);
    let waiting;
    form.addEventListener("input", (event) => {
      clearTimeout(waiting);
      if (!event.target.closest("[data-live]:not([data-asks])")) waiting = setTimeout(ask, 300, form);
    });
  }

  // A double click sends a form once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    return setTimeout(() => delete form.dataset.sent, 5000);
  });

  document.documentElement.classList.add("js");
  if (seconds > 0) setTimeout(turn, 1000 * seconds);
})();

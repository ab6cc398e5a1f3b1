// The server writes every time in UTC; this shows it in the reader's own zone. data-show says how: clock, day or moment.
(() => {
  const locale = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const second = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const whole = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" });

  function words(when, how) {
    const isToday = when.toDateString() === new Date().toDateString();
    if (how === "day") return day.format(when);
    const time = (how === "second" ? second : clock).format(when);
    return isToday ? time : `${day.format(when)}, ${clock.format(when)}`;
  }

  function show() {
    for (const time of document.querySelectorAll("time[data-show]")) {
      const when = new Date(time.dateTime);
      if (Number.isNaN(when.getTime())) continue;
      time.title = whole.format(when);
      if (time.dataset.show !== "ago") time.textContent = words(when, time.dataset.show);
    }
  }

  document.addEventListener("okr:changed", show);
  show();
})();

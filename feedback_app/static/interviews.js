// The keyboard of a phone interview. Without it the page works by Tab, arrows and Space.
(function () {
  "use strict";
  const form = document.getElementById("form");
  const PATIENCE = 700; // milliseconds in which two digits are one number
  let typed = "", last = 0;

  // The operator's own clock.
  document.getElementById("offset").value = new Date().getTimezoneOffset();
  document.getElementById("zone").textContent = `(${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
  const later = new Date(Date.now() + 3600000 - new Date().getTimezoneOffset() * 60000);
  document.getElementById("call_back_at").value = `${later.toISOString().slice(0, 13)}:00`;

  const isShown = it => it.getClientRects().length > 0;
  const isWords = it => it.matches("textarea, input[type=text], input[type=datetime-local]");
  // What is asked one after the other: rows of ratings for themselves, cards otherwise.
  const steps = () => [...form.querySelectorAll(".consent, .card, .row")]
    .filter(it => isShown(it) && !it.querySelector(".row") && it.querySelector("input, textarea"));
  const fieldsOf = step => [...step.querySelectorAll("input, textarea")].filter(it => isShown(it) || it.closest(".n"));
  const choicesOf = step => fieldsOf(step).filter(it => it.matches("[type=radio], [type=checkbox]") && !it.closest(".undo"));

  function stepOf(element) {
    return element && element.closest(".row, .card, .consent");
  }

  function go(by) {
    const all = steps(), at = all.indexOf(stepOf(document.activeElement));
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (at === all.length - 1 && by > 0) form.querySelector("button.main").focus();
    else if (next) {
      const fields = fieldsOf(next);
      (fields.find(it => it.checked) || fields[0]).focus({ preventScroll: true });
      next.scrollIntoView({ block: "center", behavior: "instant" });
    }
  }

  function choose(digit) {
    const now = Date.now();
    typed = now - last < PATIENCE ? typed + digit : digit;
    last = now;
    const step = stepOf(document.activeElement);
    if (!step) return;
    const choices = choicesOf(step);
    const isScale = choices.some(it => it.closest(".n"));
    const find = number => choices.find((it, place) =>
      isScale && it.closest(".n") ? it.value === number : String(place + 1) === number);
    const before = typed.length > 1 ? find(typed.slice(0, -1)) : null;
    const chosen = find(typed) || find(digit);
    if (!chosen) return;
    // "1" then "2" meant twelve: the tick of the one goes again.
    if (before && before.type === "checkbox" && find(typed)) before.click();
    chosen.focus();
    chosen.click();
  }

  document.addEventListener("keydown", event => {
    const at = document.activeElement, writes = at && isWords(at);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Enter" && !event.altKey && (!at || at === document.body || at.matches("input"))
        && !(at && at.closest(".outcomes"))) {
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    } else if (event.key === "Enter" && event.shiftKey && at && at.matches("textarea, button.main")) {
      event.preventDefault();
      go(-1);
    } else if (writes || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (/^[0-9]$/.test(event.key)) {
      event.preventDefault();
      choose(event.key);
    } else {
      const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
      if (target) {
        event.preventDefault();
        target.focus(); // Enter does it: one wrong key must not end a call
      }
    }
  });
})();

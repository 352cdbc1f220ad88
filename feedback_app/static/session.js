// A page of a session: follows the phases, the clock and the connection, and makes its forms lively.
(function () {
  "use strict";
  const holder = document.getElementById("session-config");
  if (!holder) { return; }
  const config = JSON.parse(holder.textContent);
  const words = config.words;
  const el = window.SessionBoard.el;
  const fill = window.SessionBoard.fill;
  const stage = document.getElementById("stage");
  const announcer = document.getElementById("announcer");
  const toast = document.getElementById("toast");
  let shown = stage.firstElementChild ? Number(stage.firstElementChild.dataset.step) : -1;
  let isLoaded = false;
  let saidMinute = 0;

  function announce(sentence) {
    announcer.textContent = "";
    window.setTimeout(function () { announcer.textContent = sentence; }, 30);
  }
  // isHeard: for screen readers alone, where who sees can see it anyway.
  function say(sentence, isBad, isHeard) {
    announce(sentence);
    if (isHeard) { return; }
    toast.textContent = sentence;
    toast.className = "toast-line is-shown" + (isBad ? " is-bad" : "");
    window.clearTimeout(say.timer);
    say.timer = window.setTimeout(function () { toast.className = "toast-line"; }, isBad ? 6000 : 2500);
  }

  const sync = window.SessionSync(config, changed, function (isOnline) {
    const line = document.getElementById("offline");
    line.hidden = isOnline;
    line.textContent = isOnline ? "" : words.offline;
    if (isOnline) { say(words.online); }
  });
  const board = window.SessionBoard.Board(sync, say);

  // --- what follows the log ------------------------------------------------------------------

  const LONGEST_PRESS = 10000; // milliseconds: a release that nobody told us of
  const REFRESHED = new Set(["revealed", "withdrawn", "reworded", "hidden", "undone", "compared", "unsaid", "accepted"]);
  const DRAWN = new Set(["group", "tag", "decide"]);

  // Nothing is drawn anew between a press and its release: the click would fall on an element that
  // is gone, and be lost. What came meanwhile is drawn right after.
  let pressedAt = 0;
  let owed = null;
  function press() { pressedAt = Date.now(); }
  function release() {
    pressedAt = 0;
    if (owed) { window.setTimeout(function () { if (owed && !pressedAt) { const fresh = owed; owed = null; changed(sync, fresh); } }, 30); }
  }
  document.addEventListener("pointerdown", press, true);
  document.addEventListener("dragstart", press, true);
  ["pointerup", "dragend", "drop"].forEach(function (name) { document.addEventListener(name, release, true); });
  document.addEventListener("pointercancel", function (event) { if (event.pointerType !== "mouse") { release(); } }, true);

  function changed(_sync, fresh) {
    if (pressedAt && Date.now() - pressedAt < LONGEST_PRESS) { owed = (owed || []).concat(fresh); return; }
    if (owed) { fresh = owed.concat(fresh); owed = null; }
    tellPeople();
    const isNewStep = sync.board.step !== shown;
    const isStale = isLoaded && !DRAWN.has(sync.board.phase) && ["reveal", "compare", "over", "vote"].includes(sync.board.phase)
      && fresh.some(function (event) { return REFRESHED.has(event[1]); });
    isLoaded = true;
    if (isNewStep || isStale) { refresh(isNewStep); } else { board.draw(); }
    tick();
  }
  function refresh(isNewStep) {
    const step = sync.board.step;
    if (isNewStep) { shown = step; sync.setDone(false); }
    sync.stage().then(function (text) {
      if (step !== sync.board.step) { return; }
      // The server escaped every word in it.
      stage.innerHTML = text;
      wire();
      tellPeople();
      tick();
      if (isNewStep) {
        const phase = config.phases[sync.board.phase];
        announce(phase[0] + ". " + phase[1]); // who sees reads it at the head of the page
        document.querySelectorAll("[data-phase-dot]").forEach(function (dot) {
          if (dot.dataset.phaseDot === sync.board.phase) { dot.setAttribute("aria-current", "step"); } else { dot.removeAttribute("aria-current"); }
        });
        window.scrollTo(0, 0);
      }
      document.dispatchEvent(new CustomEvent("session:step", { detail: sync }));
    }).catch(function () { shown = -1; });
  }
  function tellPeople() {
    document.querySelectorAll("[data-here]").forEach(function (it) {
      it.hidden = sync.board.phase === "over";
      it.textContent = fill(words.here, { count: sync.here });
    });
    const isSilent = ["predict", "write", "vote"].includes(sync.board.phase);
    document.querySelectorAll("[data-done]").forEach(function (it) {
      it.hidden = !isSilent;
      it.textContent = fill(words.doneOf, { done: sync.done, here: sync.here });
    });
    document.querySelectorAll("[data-done-bar]").forEach(function (it) { it.max = Math.max(sync.here, 1); it.value = sync.done; });
    document.dispatchEvent(new CustomEvent("session:people", { detail: sync }));
  }

  // --- the clock: the server's deadline by the server's clock ----------------------------------

  function tick() {
    const ends = sync.board.ends_at;
    const clocks = document.querySelectorAll("[data-clock]");
    clocks.forEach(function (clock) { clock.hidden = !ends; });
    if (!ends) { return; }
    const left = Math.round((new Date(ends).getTime() - (Date.now() + sync.offset)) / 1000);
    const days = Math.floor(left / 86400);
    const hours = Math.floor(left / 3600);
    let text = words.timeUp;
    if (left > 172800) { text = new Date(ends).toLocaleDateString(config.language, { day: "numeric", month: "long" }); }
    else if (left >= 3600) { text = (days * 24 + hours % 24) + ":" + String(Math.floor(left / 60) % 60).padStart(2, "0") + ":" + String(left % 60).padStart(2, "0"); }
    else if (left > 0) { text = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0"); }
    clocks.forEach(function (clock) {
      clock.textContent = text;
      clock.classList.toggle("is-short", left <= 60);
    });
    if (left <= 60 && left > 55 && saidMinute !== sync.board.step) { saidMinute = sync.board.step; say(words.minuteLeft); }
  }
  window.setInterval(tick, 1000);

  // --- forms -----------------------------------------------------------------------------------

  function wire() {
    board.mount(stage.querySelector("[data-board]"));
    const fallback = stage.querySelector("[data-static]");
    if (fallback) { fallback.remove(); }
    wireWriting();
    wireChoices("[data-predict]", 5, config.urls.prediction, "causes", words.chosen);
    wireChoices("[data-vote]", sync.board.allowance || Number((stage.querySelector("[data-vote]") || { dataset: {} }).dataset.vote), config.urls.votes, "units", words.votesLeft, true);
    wireFilter();
    wireDone();
  }
  function wireDone() {
    const form = stage.querySelector("form[data-done-form]");
    if (!form) { return; }
    const button = form.querySelector("button");
    function show() {
      button.textContent = sync.isDone ? words.notDone : words.done;
      button.setAttribute("aria-pressed", sync.isDone ? "true" : "false");
      form.classList.toggle("is-done", sync.isDone);
    }
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      event.stopPropagation();
      sync.setDone(!sync.isDone);
      show();
    });
    show();
  }

  function wireWriting() {
    const form = stage.querySelector("form[data-write]");
    if (!form) { return; }
    const list = stage.querySelector("[data-own]");
    const text = form.elements.namedItem("text");
    function count() { stage.querySelector("[data-own-count]").textContent = list.children.length; }
    function add(id, side, value, state) {
      const li = el("li", { class: "card-paper side-edge-" + (side || "none"), "data-card": id },
        el("p", { class: "card-text" }, value), el("span", { class: "card-state" }, state || ""));
      list.prepend(li);
      wireOwn(li, side);
      count();
      return li;
    }
    function settled(li) {
      return function (isTaken, told) {
        li.querySelector(".card-state").textContent = isTaken ? "" : words.refused + ": " + (told.refused || "");
        li.classList.toggle("is-refused", !isTaken);
        if (isTaken && config.own) { config.own.push(li.dataset.card); }
        say(isTaken ? words.added : told.refused || words.failed, !isTaken);
      };
    }
    function submit() {
      const value = text.value.trim().replace(/\s+/g, " ");
      if (!value) { text.focus(); return; }
      const side = form.elements.namedItem("side").value;
      const id = sync.uuid();
      const li = add(id, side, value, words.sending);
      sync.send(config.urls.cards, { id: id, side: side, text: value }, settled(li));
      text.value = "";
      text.focus();
    }
    form.addEventListener("submit", function (event) { event.preventDefault(); event.stopPropagation(); submit(); });
    text.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); submit(); }
    });
    list.querySelectorAll("[data-card]").forEach(function (li) { wireOwn(li, li.dataset.side); });
    // Cards that an earlier page could not send yet.
    sync.waits().forEach(function (item) {
      if (item.url === config.urls.cards && !list.querySelector('[data-card="' + item.body.id + '"]')) {
        add(item.body.id, item.body.side, item.body.text, words.sending);
      }
    });
    count();
  }
  function wireOwn(li, side) {
    const shown = li.querySelector(".card-text");
    const old = li.querySelector("form");
    if (old) { old.remove(); }
    const id = li.dataset.card;
    const url = config.urls.cards + "/" + id;
    const edit = el("button", { type: "button", class: "quiet-button", "aria-label": words.edit + ": " + shown.textContent }, words.edit);
    const remove = el("button", { type: "button", class: "quiet-button", "aria-label": words.remove + ": " + shown.textContent }, words.remove);
    li.append(el("div", { class: "card-acts" }, edit, remove));
    remove.addEventListener("click", function () {
      sync.send(url, { act: "withdraw" }, function (isTaken, told) { say(isTaken ? words.removed : told.refused || words.failed, !isTaken); });
      li.remove();
      stage.querySelector("[data-own-count]").textContent = stage.querySelector("[data-own]").children.length;
      const field = stage.querySelector("form[data-write] textarea");
      if (field) { field.focus(); }
    });
    edit.addEventListener("click", function () {
      const area = el("textarea", { class: "form-control", rows: 2, maxlength: 280, "aria-label": words.edit });
      area.value = shown.textContent;
      const save = el("button", { type: "button", class: "btn btn-sm btn-primary" }, words.save);
      const box = el("div", { class: "card-edit" }, area, save);
      shown.hidden = true;
      shown.after(box);
      area.focus();
      function finish() {
        const value = area.value.trim().replace(/\s+/g, " ");
        if (value && value !== shown.textContent) {
          shown.textContent = value;
          sync.send(url, { text: value, side: side || "" }, function (isTaken, told) { say(isTaken ? words.saved : told.refused || words.failed, !isTaken); });
        }
        box.remove();
        shown.hidden = false;
        edit.focus();
      }
      save.addEventListener("click", finish);
      area.addEventListener("keydown", function (event) {
        if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); finish(); }
        if (event.key === "Escape") { box.remove(); shown.hidden = false; edit.focus(); }
      });
    });
  }

  // Check boxes of which only so many can be ticked; every change is sent at once.
  function wireChoices(selector, most, url, name, sentence, isLeft) {
    const form = stage.querySelector(selector);
    if (!form || !url) { return; }
    const boxes = Array.from(form.querySelectorAll("input[type=checkbox]"));
    const line = form.querySelector("[data-count]");
    form.querySelectorAll("[data-submit]").forEach(function (it) { it.hidden = true; });
    function ticked() { return boxes.filter(function (box) { return box.checked; }); }
    function show() {
      const number = ticked().length;
      boxes.forEach(function (box) { box.disabled = number >= most && !box.checked; });
      line.textContent = fill(sentence, { count: isLeft ? most - number : number, most: most });
    }
    form.addEventListener("change", function (event) {
      if (event.target.type !== "checkbox") { return; }
      const body = {};
      body[name] = ticked().map(function (box) { return box.value; });
      sync.send(url, body, function (isTaken, told) { if (!isTaken) { say(told.refused || words.failed, true); } });
      show();
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); event.stopPropagation(); });
    show();
  }
  function wireFilter() {
    const input = stage.querySelector("[data-filter]");
    if (!input) { return; }
    input.hidden = false;
    input.addEventListener("input", function () {
      const typed = input.value.trim().toLowerCase();
      stage.querySelectorAll("[data-words]").forEach(function (it) {
        it.hidden = Boolean(typed) && !it.dataset.words.toLowerCase().includes(typed) && !it.querySelector(":checked");
      });
    });
  }

  wire();
  sync.start();
  window.Session = sync;
  document.dispatchEvent(new CustomEvent("session:start", { detail: { sync: sync, say: say } }));
})();

// The facilitator's desk: steps that ask first, and who is here.
(function () {
  "use strict";
  const holder = document.getElementById("session-config");
  if (!holder || !window.Session) { return; }
  const sync = window.Session;
  const config = sync.config;
  const words = config.words;
  const el = window.SessionBoard.el;
  const fill = window.SessionBoard.fill;
  const dialog = document.getElementById("sure");
  const TRIES = 4;
  const AGAIN = 1000; // milliseconds

  function refusal(answer) {
    return answer.json().catch(function () { return {}; }).then(function (told) { return told.refused || words.failed; });
  }
  function say(sentence) { document.getElementById("announcer").textContent = sentence; document.getElementById("desk-told").textContent = sentence; }

  // One press is one gesture: it keeps its id and the step at which it was made, so that a double
  // click goes on once, and a press whose answer got lost is sent again and changes nothing twice.
  function gesture(url, body) {
    const seen = sync.events.length ? { step: sync.board.step } : {}; // before the first poll: as the page says
    return send(url, Object.assign({ id: sync.uuid() }, body, seen), TRIES);
  }
  function send(url, body, tries) {
    say("");
    return sync.post(url, body).then(function (answer) {
      if (answer.status === 409) { return answer.json().then(function (doubt) { return ask(doubt, url, body); }); }
      if (answer.status >= 500) { throw new Error(String(answer.status)); }
      if (!answer.ok) { return refusal(answer).then(say); }
      return sync.poll();
    }).catch(function () {
      if (tries < 1) { say(words.failed); return null; }
      return new Promise(function (done) { window.setTimeout(done, AGAIN); }).then(function () { return send(url, body, tries - 1); });
    });
  }
  function ask(doubt, url, body) {
    const isFew = doubt.tooFew !== null && doubt.tooFew !== undefined;
    dialog.querySelector("p").textContent = fill(isFew ? words.tooFew : words.still, { count: isFew ? doubt.tooFew : doubt.still });
    dialog.returnValue = "";
    if (!dialog.open) { dialog.showModal(); }
    dialog.onclose = function () {
      if (dialog.returnValue === "yes") { send(url, Object.assign({}, body, { sure: true }), TRIES); }
    };
  }
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (!form.matches("[data-desk]")) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    const body = {};
    new FormData(form, event.submitter).forEach(function (value, name) { if (name !== "csrf_token") { body[name] = value; } });
    gesture(form.getAttribute("action"), body);
  }, true);

  function draw() {
    const order = config.order;
    const here = order.indexOf(sync.board.phase);
    document.querySelectorAll("[data-go]").forEach(function (button) {
      const isHere = button.dataset.go === sync.board.phase;
      if (isHere) { button.setAttribute("aria-current", "step"); } else { button.removeAttribute("aria-current"); }
      button.classList.toggle("is-past", order.indexOf(button.dataset.go) < here);
      button.disabled = sync.board.phase === "over" || isHere;
    });
    const next = document.querySelector("[data-next]");
    const following = order[Math.min(here + 1, order.length - 1)];
    next.value = following;
    next.querySelector("span").textContent = config.phases[following][0];
    document.querySelectorAll("[data-only]").forEach(function (it) { it.hidden = !it.dataset.only.split(" ").includes(sync.board.phase); });
    document.querySelectorAll("[data-running]").forEach(function (it) { it.hidden = sync.board.phase === "over"; });
    const people = document.getElementById("people");
    if (people && sync.people) {
      people.replaceChildren.apply(people, sync.people.length ? sync.people.map(function (person) {
        return el("li", { class: person[2] ? "is-here" : "is-away" }, person[0], person[1] ? el("span", { class: "quiet" }, " " + words.guest) : null);
      }) : [el("li", { class: "quiet" }, words.nobodyYet)]);
    }
  }
  document.addEventListener("session:people", draw);
  document.addEventListener("session:step", draw);
  draw();
})();

// The review screen by keyboard: type to search, Enter confirms, the next statement is there
// already. Without this script the page is a form with buttons and a list.
(function () {
  "use strict";

  var review = document.getElementById("review");
  var announce = document.getElementById("announce");
  if (!review) { return; }

  var waiting = null;   // promise of the next statement's part of the page
  var under = [];       // statements that the server may not know as read yet
  var sending = 0;
  var onKey = null;     // what a key does that was pressed outside of the field

  function fetchPart(address) {
    return fetch(address, { headers: { Accept: "text/html" } })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(); })
      .then(function (text) {
        return new DOMParser().parseFromString(text, "text/html").getElementById("review") || Promise.reject();
      });
  }

  function prefetch() {
    var leave = under.concat(review.dataset.statement || []);
    var query = leave.map(function (id) { return "leave=" + encodeURIComponent(id); }).join("&");
    waiting = fetchPart(review.dataset.next + "?" + query);
    waiting.catch(function () { /* asked for again, as a page, when it is needed */ });
  }

  function show(part) {
    review.replaceWith(part);
    review = part;
    begin();
    var statement = document.getElementById("statement");
    announce.textContent = statement ? statement.textContent : review.textContent.trim();
  }

  function send(primary, others) {
    var form = document.getElementById("reading");
    if (!form || form.dataset.gone) { return; }
    form.dataset.gone = "yes";
    var id = review.dataset.statement;
    var body = new FormData();
    body.append("csrf_token", form.querySelector("[name=csrf_token]").value);
    body.append("primary", primary);
    others.forEach(function (code) { body.append("others", code); });
    under.push(id);
    sending += 1;
    fetch(form.getAttribute("action"), { method: "POST", body: body, headers: { "X-Wants": "nothing" }, keepalive: true })
      .then(function (answer) {
        if (!answer.ok) { return Promise.reject(); }
        under = under.filter(function (each) { return each !== id; });
        sending -= 1;
      })
      .catch(function () {
        // Not stored: the page is loaded anew and shows the statement again.
        window.location.assign(review.dataset.next + "?statement=" + encodeURIComponent(id));
      });
    waiting.then(show, function () { window.location.assign(review.dataset.next); });
  }

  // --- one statement ---------------------------------------------------------------------------

  function begin() {
    var form = document.getElementById("reading");
    onKey = null;
    if (!form) { return; }
    var select = document.getElementById("cause");
    var options = Array.from(select.querySelectorAll("option[data-search]"));
    var buttons = Array.from(form.querySelectorAll(".suggestion"));
    var tray = document.getElementById("tray");
    var keys = document.getElementById("keys");
    var several = document.getElementById("several");
    var chosen = [];
    var shown = [];
    var active = 0;

    document.getElementById("others-field").remove();
    if (keys) { keys.hidden = false; }
    several.hidden = false;
    several.addEventListener("click", function () {
      several.setAttribute("aria-pressed", String(several.getAttribute("aria-pressed") !== "true"));
    });

    var box = document.createElement("div");
    box.className = "cause-search";
    var input = document.createElement("input");
    input.type = "text";
    input.id = "cause-search";
    input.className = "form-control";
    input.placeholder = select.dataset.placeholder;
    input.autocomplete = "off";
    input.setAttribute("autocapitalize", "off");
    input.setAttribute("spellcheck", "false");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", "found");
    var list = document.createElement("ul");
    list.id = "found";
    list.className = "found";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.querySelector("label[for=cause]").textContent);
    box.append(list, input);
    form.querySelector("label[for=cause]").htmlFor = "cause-search";
    select.hidden = true;
    select.name = "";
    select.before(box);

    function labelOf(code) {
      var option = options.find(function (each) { return each.value === code; });
      return option ? option.textContent : code;
    }

    function search() {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      shown = find(words);
      // Another ending of the same word: its beginning is enough.
      for (var less = 1; !shown.length && less <= 3; less += 1) {
        shown = find(words.map(function (word) { return word.slice(0, Math.max(4, word.length - less)); }));
      }
      active = 0;
      draw(words.length > 0);
    }

    function find(words) {
      var found = [];
      if (words.length) {
        var ranked = options.map(function (option) {
          var text = option.dataset.search;
          var has = words.every(function (word) { return text.indexOf(word) >= 0; });
          var starts = words.every(function (word) { return (" " + text).indexOf(" " + word) >= 0; });
          var label = option.textContent.toLowerCase().indexOf(words[0]) === 0;
          return { option: option, score: has ? 1 + starts + 2 * label : 0 };
        });
        found = ranked
          .filter(function (each) { return each.score; })
          .sort(function (a, b) { return b.score - a.score; })
          .slice(0, 8)
          .map(function (each) { return each.option; });
      }
      return found;
    }

    function draw(isOpen) {
      list.replaceChildren();
      shown.forEach(function (option, place) {
        var item = document.createElement("li");
        item.id = "found-" + place;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(place === active));
        item.className = "side-" + option.dataset.side;
        var words = document.createElement("span");
        words.textContent = option.textContent;
        var side = document.createElement("small");
        side.textContent = option.dataset.sideWords;
        item.append(words, side);
        item.addEventListener("mousedown", function (event) {
          event.preventDefault();
          take(option.value);
        });
        list.append(item);
      });
      if (isOpen && !shown.length) {
        var nothing = document.createElement("li");
        nothing.className = "nothing";
        nothing.setAttribute("role", "option");
        nothing.setAttribute("aria-selected", "false");
        nothing.textContent = select.dataset.nothing;
        list.append(nothing);
      }
      list.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen));
      if (isOpen && shown.length) {
        input.setAttribute("aria-activedescendant", "found-" + active);
        list.children[active].scrollIntoView({ block: "nearest" });
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    function drawTray() {
      tray.replaceChildren();
      chosen.forEach(function (code) {
        var chip = document.createElement("button");
        chip.type = "button";
        chip.className = "tag";
        chip.textContent = labelOf(code) + " ×";
        chip.setAttribute("aria-label", tray.dataset.without.replace("…", labelOf(code)));
        chip.addEventListener("click", function () {
          chosen = chosen.filter(function (each) { return each !== code; });
          drawTray();
        });
        tray.append(chip);
      });
    }

    function add(code) {
      if (chosen.indexOf(code) < 0 && chosen.length < 4) { chosen.push(code); }
      drawTray();
      input.value = "";
      search();
    }

    // The first of the tray decides; what comes with Enter joins it.
    function confirmWith(code) {
      if (code === "none" || code === "skip") { send(code, []); return; }
      var all = chosen.concat(chosen.indexOf(code) < 0 && code ? code : []);
      if (all.length) { send(all[0], all.slice(1, 4)); }
    }

    // A finger or a mouse has no Shift: the button "several" says that more will follow.
    function take(code) {
      if (several.getAttribute("aria-pressed") === "true" && code !== "none" && code !== "skip") { add(code); } else { confirmWith(code); }
    }

    function meant() {
      if (shown.length) { return shown[active].value; }
      if (input.value.trim()) { return ""; }
      return buttons.length && buttons[0].classList.contains("is-first") && !chosen.length ? buttons[0].value : "";
    }

    function move(step) {
      if (!shown.length) { return; }
      active = (active + step + shown.length) % shown.length;
      draw(true);
    }

    input.addEventListener("input", search);
    input.addEventListener("blur", function () { draw(false); });
    input.addEventListener("keydown", press);
    onKey = function (event) { input.focus({ preventScroll: true }); press(event); };

    function press(event) {
      var isEmpty = input.value === "";
      if (event.isComposing) { return; }
      if (event.key === "Enter") {
        event.preventDefault();
        var code = meant();
        if (event.shiftKey) { if (code) { add(code); } } else { confirmWith(code); }
      } else if (event.key === "ArrowDown") {
        event.preventDefault(); move(1);
      } else if (event.key === "ArrowUp") {
        event.preventDefault(); move(-1);
      } else if (event.key === "Escape") {
        input.value = ""; search();
      } else if (event.key === "Backspace" && isEmpty && chosen.length) {
        event.preventDefault(); chosen.pop(); drawTray();
      } else if ((event.ctrlKey || event.metaKey) && event.code === "KeyZ" && isEmpty) {
        event.preventDefault(); takeBack();
      } else if (isEmpty && !event.ctrlKey && !event.metaKey && !event.altKey) {
        var digit = event.shiftKey && /^Digit[1-4]$/.test(event.code) ? event.code.slice(5) : "";
        var button = buttons.find(function (each) { return each.dataset.key === (digit || event.key); });
        if (button) {
          event.preventDefault();
          if (digit) { add(button.value); } else { confirmWith(button.value); }
        }
      }
    }

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var button = event.submitter;
      if (button && button.value) { take(button.value); } else { confirmWith(meant()); }
    });

    prefetch();
    if (!window.matchMedia("(hover: none) and (pointer: coarse)").matches) {
      input.focus({ preventScroll: true });
    }
  }

  function takeBack() {
    var form = document.querySelector(".reading-foot form");
    if (!form) { return; }
    // What was sent last must be stored before it can be taken back.
    if (sending) { window.setTimeout(takeBack, 50); return; }
    form.submit();
  }

  // Keys count wherever on the page the reader clicked last, but in no other field or button.
  document.addEventListener("keydown", function (event) {
    var at = event.target;
    if (onKey && (at === document.body || at.id === "statement" || at.classList.contains("suggestion") && event.key !== "Enter")) { onKey(event); }
  });

  begin();
})();

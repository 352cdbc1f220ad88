// Draws the shared board: groups, causes, ideas. Every gesture works by mouse, finger and keyboard.
(function () {
  "use strict";

  function el(tag, attributes) {
    const made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      const value = attributes[name];
      if (name.startsWith("on")) { made.addEventListener(name.slice(2), value); }
      else if (value === true) { made.setAttribute(name, ""); }
      else if (value !== false && value !== null && value !== undefined) { made.setAttribute(name, value); }
    });
    Array.prototype.slice.call(arguments, 2).forEach(function (child) {
      if (child === null || child === undefined || child === false) { return; }
      (Array.isArray(child) ? child : [child]).forEach(function (it) {
        made.append(it instanceof Node ? it : document.createTextNode(String(it)));
      });
    });
    return made;
  }
  function fill(words, values) {
    return words.replace(/%\((\w+)\)s/g, function (_all, name) { return values[name]; });
  }

  // Draws `items` into `list`, keeping every element whose content did not change and never one in use.
  function reconcile(list, items, draw) {
    const there = new Map(Array.from(list.children).map(function (it) { return [it.dataset.key, it]; }));
    const active = document.activeElement;
    const focus = active && list.contains(active) ? active.dataset.focus : null;
    let before = null;
    items.forEach(function (item) {
      const signature = JSON.stringify(item);
      let node = there.get(item.key);
      const inUse = node && node.contains(active) && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName);
      if (!node || (node.dataset.signature !== signature && !inUse)) {
        const fresh = draw(item);
        fresh.dataset.key = item.key;
        fresh.dataset.signature = signature;
        const opened = new Set(node ? Array.from(node.querySelectorAll("details[open]")).map(function (it) { return it.className; }) : []);
        fresh.querySelectorAll("details").forEach(function (it) { it.open = it.open || opened.has(it.className); });
        if (node) { node.replaceWith(fresh); } else if (before) { before.after(fresh); } else { list.prepend(fresh); }
        node = fresh;
      }
      there.delete(item.key);
      const follows = before ? before.nextElementSibling : list.firstElementChild;
      if (follows !== node && !inUse) { if (before) { before.after(node); } else { list.prepend(node); } }
      before = node;
    });
    there.forEach(function (node) { node.remove(); });
    if (focus && document.activeElement === document.body) {
      const again = list.querySelector('[data-focus="' + focus + '"]');
      if (again) { again.focus(); }
    }
  }

  function Board(sync, say) {
    const config = sync.config;
    const words = config.words;
    const canMove = config.canMove;
    const refused = new Set();
    let picked = null;
    let root = null;

    function titleOf(unit) { return window.SessionFold.title(sync.board, unit); }
    function cardsOf(unit) {
      const found = sync.board.units.find(function (it) { return it[0] === unit; });
      return found ? found[1] : [];
    }
    function isGroup(unit) { return !(unit in sync.board.cards); }
    function sideOf(unit) {
      const tag = sync.board.tags[unit];
      if (tag && tag.side) { return tag.side; }
      const count = {};
      cardsOf(unit).forEach(function (card) {
        const side = sync.board.cards[card].side;
        if (side) { count[side] = (count[side] || 0) + 1; }
      });
      return Object.keys(count).sort(function (a, b) { return count[b] - count[a]; })[0] || "";
    }
    function taken(sentence) {
      return function (isTaken, told) { say(isTaken ? sentence : told.refused || words.failed, !isTaken); };
    }

    // --- grouping ---------------------------------------------------------------------------

    function together(one, other) {
      if (!one || !other || one === other || !canMove) { return; }
      const into = isGroup(other) ? other : (isGroup(one) ? one : sync.uuid());
      sync.move("merged", { units: [other, one], into: into }, taken(fill(words.merged, { title: titleOf(other) })));
      letGo();
    }
    function pick(unit) {
      if (picked === unit) { letGo(); return; }
      if (picked) { together(picked, unit); return; }
      picked = unit;
      say(fill(words.picked, { title: titleOf(unit) }), false, true);
      draw();
    }
    function letGo() { picked = null; draw(); }
    // Anywhere on a card is a place to tap, but for what has an act of its own.
    function tapped(event, unit) {
      if (!event.target.closest("button, input, textarea, select, a, summary")) { pick(unit); }
    }
    // A group that has just grown or shrunk shows for a moment where it is.
    const sizes = new Map();
    function isFresh(item) {
      const before = sizes.get(item.key);
      sizes.set(item.key, item.cards.length);
      return item.cards.length > 1 && sizes.size > 1 && before !== item.cards.length;
    }
    function undo() {
      const event = sync.lastOwnMove();
      if (event) { sync.move("undone", { event: event }, taken(words.undone)); }
    }

    function drawGroupUnit(item) {
      const unit = item.key;
      const isPicked = item.picked === unit;
      const label = !item.picked ? words.pick : (isPicked ? words.letGo : words.putHere);
      const li = el("li", {
        class: "unit side-edge-" + (item.side || "none") + (item.cards.length > 1 ? " is-group" : "") + (isPicked ? " is-picked" : "") + (isFresh(item) ? " is-fresh" : ""),
        onclick: canMove ? function (event) { tapped(event, unit); } : function () { /* nothing to move here */ },
        draggable: canMove ? "true" : null,
      });
      if (item.cards.length > 1 || item.name) {
        li.append(canMove
          ? el("input", {
            class: "unit-name", value: item.name, placeholder: words.nameGroup, "aria-label": words.nameGroup,
            maxlength: 120, "data-focus": "name-" + unit,
            onchange: function (event) { sync.move("named", { unit: unit, name: event.target.value }, taken(words.saved)); },
            onkeydown: function (event) { if (event.key === "Enter") { event.target.blur(); } },
          })
          : item.name ? el("p", { class: "unit-title" }, item.name) : "");
      }
      li.append(el("ul", { class: "unit-cards" }, item.cards.map(function (card) {
        return el("li", {}, el("span", {}, card.text),
          item.cards.length > 1 && canMove ? el("button", {
            type: "button", class: "take-out", "data-focus": "split-" + card.id, title: words.takeOut, "aria-label": words.takeOut + ": " + card.text,
            onclick: function () { sync.move("split", { card: card.id }, taken(words.undone)); },
          }, "×") : null,
          card.isOwn ? el("button", {
            type: "button", class: "quiet-button", "aria-label": words.withdraw + ": " + card.text,
            onclick: function () { sync.send(config.urls.cards + "/" + card.id, { act: "withdraw" }, taken(words.removed)); },
          }, words.withdraw) : null,
          config.mode === "desk" ? el("button", {
            type: "button", class: "quiet-button", "aria-label": words.hide + ": " + card.text,
            onclick: function () { sync.move("hidden", { card: card.id, is_hidden: true }, taken(words.hidden)); },
          }, words.hide) : null);
      })));
      if (canMove) {
        li.append(el("button", {
          type: "button", class: "btn btn-sm pick" + (item.picked && !isPicked ? " btn-primary" : " btn-outline-secondary"),
          "aria-pressed": isPicked ? "true" : "false", "data-focus": "pick-" + unit, "aria-label": label + ": " + item.title,
          onclick: function () { pick(unit); },
        }, label));
        wireDrag(li, unit);
      }
      return li;
    }
    function wireDrag(li, unit) {
      li.addEventListener("dragstart", function (event) {
        event.dataTransfer.setData("text/plain", unit);
        event.dataTransfer.effectAllowed = "move";
        li.classList.add("is-dragged");
      });
      li.addEventListener("dragend", function () { li.classList.remove("is-dragged"); });
      li.addEventListener("dragover", function (event) { event.preventDefault(); li.classList.add("is-over"); });
      li.addEventListener("dragleave", function () { li.classList.remove("is-over"); });
      li.addEventListener("drop", function (event) {
        event.preventDefault();
        li.classList.remove("is-over");
        together(event.dataTransfer.getData("text/plain"), unit);
      });
    }
    function groupItems() {
      const own = new Set(config.own || []);
      return sync.board.units.map(function (it) {
        return {
          key: it[0], title: titleOf(it[0]), name: sync.board.names[it[0]] || "", side: sideOf(it[0]), picked: picked,
          cards: it[1].map(function (card) {
            return { id: card, text: sync.board.cards[card].text, isOwn: own.has(card) };
          }),
        };
      });
    }
    function drawGroup() {
      const tools = part("tools", function () { return el("div", { class: "board-tools" }); });
      const groups = sync.board.units.filter(function (it) { return it[1].length > 1; }).length;
      const loose = sync.board.units.length - groups;
      tools.replaceChildren(
        el("p", { class: "quiet" }, fill(words.groupsCount, { count: groups }) + ", " + fill(words.groupsLoose, { count: loose })),
        canMove ? el("button", { type: "button", class: "btn btn-sm btn-outline-secondary", "data-focus": "undo", disabled: !sync.lastOwnMove(), onclick: undo }, words.undo) : "",
      );
      const hint = part("hint", function () {
        return el("div", { class: "notice pick-hint" }, el("span", {}), el("button", { type: "button", class: "btn btn-sm btn-outline-secondary", "aria-keyshortcuts": "Escape", onclick: letGo }, words.letGo));
      });
      hint.hidden = !picked;
      hint.firstChild.textContent = picked ? fill(words.pickedShort, { title: titleOf(picked) }) : "";
      drawAlike();
      const list = part("units", function () { return el("ul", { class: "units" }); });
      reconcile(list, groupItems(), drawGroupUnit);
      if (!sync.board.units.length) { list.replaceChildren(el("li", { class: "quiet" }, words.nothing)); }
    }
    function drawAlike() {
      const box = part("alike", function () { return el("div", { class: "alike" }); });
      const texts = sync.board.units.map(function (it) {
        return [it[0], it[1].map(function (card) { return sync.board.cards[card].text; })];
      });
      const found = canMove && texts.length <= 200 ? window.SessionAlike.pairs(texts, refused).slice(0, 2) : [];
      box.hidden = !found.length;
      const signature = JSON.stringify(found);
      if (box.dataset.signature === signature) { return; }
      box.dataset.signature = signature;
      box.replaceChildren(el("h3", {}, words.alike), el("ul", {}, found.map(function (pair) {
        return el("li", {},
          el("p", {}, fill(words.quoted, { title: titleOf(pair[0]) }) + " · " + fill(words.quoted, { title: titleOf(pair[1]) })),
          el("button", { type: "button", class: "btn btn-sm btn-outline-secondary", onclick: function () { together(pair[1], pair[0]); } }, words.together),
          el("button", { type: "button", class: "quiet-button", onclick: function () { refused.add(pair[3]); draw(); } }, words.notAlike));
      })));
    }

    // --- causes -----------------------------------------------------------------------------

    function labelOf(code) {
      const found = config.causes.find(function (cause) { return cause[0] === code; });
      return found ? found[2] : code;
    }
    function suggestionsFor(unit) {
      const own = sync.board.suggestions[unit];
      if (own) { return own; }
      const counts = {};
      cardsOf(unit).forEach(function (card) {
        (sync.board.suggestions[card] || []).forEach(function (code) { counts[code] = (counts[code] || 0) + 1; });
      });
      return Object.keys(counts).sort(function (a, b) { return counts[b] - counts[a]; }).slice(0, 3);
    }
    function tagItems() {
      return sync.board.units.map(function (it) {
        const unit = it[0];
        return {
          key: unit, title: titleOf(unit), side: sideOf(unit), tag: sync.board.tags[unit] || null,
          suggestions: suggestionsFor(unit), whys: sync.board.whys[unit] || {},
          cards: it[1].map(function (card) { return sync.board.cards[card].text; }),
        };
      });
    }
    function tag(unit, payload) { sync.move("tagged", Object.assign({ unit: unit, side: "", cause: "", label: "" }, payload), taken(words.saved)); }
    function causeButton(unit, code, style) {
      const cause = config.causes.find(function (it) { return it[0] === code; });
      return el("button", {
        type: "button", class: "cause-chip side-" + (cause ? cause[1] : "none") + (style || ""), "data-focus": "cause-" + unit + code,
        onclick: function () { tag(unit, { cause: code }); },
      }, labelOf(code));
    }
    function search(unit) {
      const results = el("div", { class: "found-causes", role: "group", "aria-label": words.searchCause });
      const input = el("input", {
        type: "search", class: "form-control", placeholder: words.searchCause, "aria-label": words.searchCause + ", " + words.searchHint,
        autocomplete: "off", "data-focus": "search-" + unit,
        oninput: function () {
          const typed = input.value.trim().toLowerCase();
          const fits = !typed ? [] : config.causes.filter(function (cause) { return (cause[3] + " " + cause[0]).toLowerCase().includes(typed); }).slice(0, 6);
          results.replaceChildren.apply(results, fits.map(function (cause) { return causeButton(unit, cause[0]); }));
          if (typed && !fits.length) { results.append(el("p", { class: "quiet" }, words.noneFound)); }
        },
        onkeydown: function (event) {
          if (event.key === "Enter") { event.preventDefault(); const first = results.querySelector("button"); if (first) { first.click(); } }
        },
      });
      return [input, results];
    }
    function propose(unit, side) {
      const label = el("input", { class: "form-control", maxlength: 120, "aria-label": words.newLabel, placeholder: words.newLabel });
      const sides = el("select", { class: "form-select", "aria-label": words.side }, Object.keys(config.sides).map(function (code) {
        return el("option", { value: code, selected: code === side }, config.sides[code]);
      }));
      return el("details", { class: "propose" }, el("summary", {}, words.newCause),
        el("div", { class: "propose-row" }, sides, label, el("button", {
          type: "button", class: "btn btn-sm btn-outline-secondary",
          onclick: function () { if (label.value.trim()) { tag(unit, { side: sides.value, label: label.value }); } },
        }, words.propose)));
    }
    function askWhy(item) {
      const told = Object.keys(item.whys).filter(function (level) { return item.whys[level]; });
      const box = el("details", { class: "whys", open: told.length > 0 }, el("summary", {}, words.whys + (told.length ? " (" + told.length + ")" : "")));
      for (let level = 1; level <= Math.min(told.length + 1, 5); level += 1) {
        box.append(el("input", {
          class: "form-control", maxlength: 280, value: item.whys[level] || "", "aria-label": fill(words.why, { level: level }),
          placeholder: fill(words.why, { level: level }), disabled: !canMove, "data-focus": "why-" + item.key + level,
          onchange: function (event) { sync.move("why", { unit: item.key, level: level, text: event.target.value }, taken(words.saved)); },
          onkeydown: function (event) { if (event.key === "Enter") { event.target.blur(); } },
        }));
      }
      return box;
    }
    // What the cards of a group say beside its title, each wording once.
    function others(item) {
      return Array.from(new Set(item.cards)).filter(function (text) { return text !== item.title; });
    }
    function drawTagUnit(item) {
      const chosen = item.tag && (item.tag.cause || item.tag.label);
      const li = el("li", { class: "unit tagging side-edge-" + (item.side || "none") },
        el("h3", { class: "unit-title" }, item.title),
        others(item).length ? el("p", { class: "unit-more quiet" }, others(item).join(" · ")) : null);
      if (chosen) {
        li.append(el("p", { class: "chosen-cause" },
          el("span", { class: "tag side-" + item.tag.side }, item.tag.cause ? labelOf(item.tag.cause) : item.tag.label),
          item.tag.cause ? null : el("span", { class: "quiet" }, " " + words.proposed),
          canMove ? el("button", { type: "button", class: "quiet-button", "data-focus": "change-" + item.key, "aria-label": words.change + ": " + item.title, onclick: function () { tag(item.key, {}); } }, words.change) : null));
      } else if (canMove) {
        if (item.suggestions.length) {
          li.append(el("div", { class: "suggested" }, el("span", { class: "quiet" }, words.suggested), item.suggestions.map(function (code, at) {
            return causeButton(item.key, code, at ? "" : " is-first");
          })));
        }
        li.append.apply(li, search(item.key));
      } else {
        li.append(el("p", { class: "quiet" }, words.untagged));
      }
      li.append(el("div", { class: "tag-more" }, !chosen && canMove ? propose(item.key, item.side) : "", askWhy(item)));
      return li;
    }
    function drawTag() {
      const tools = part("tools", function () { return el("div", { class: "board-tools" }); });
      const done = sync.board.units.filter(function (it) {
        const tagged = sync.board.tags[it[0]];
        return tagged && (tagged.cause || tagged.label);
      }).length;
      tools.replaceChildren(
        el("progress", { max: sync.board.units.length || 1, value: done, "aria-label": words.change }),
        el("span", { class: "quiet" }, done + " / " + sync.board.units.length),
        canMove ? el("button", { type: "button", class: "btn btn-sm btn-outline-secondary", disabled: !sync.lastOwnMove(), onclick: undo }, words.undo) : "");
      reconcile(part("units", function () { return el("ul", { class: "units is-wide" }); }), tagItems(), drawTagUnit);
    }

    // --- ideas ------------------------------------------------------------------------------

    function ideaItems() {
      const counts = sync.board.votes ? sync.board.votes.counts : {};
      const rows = sync.board.units.map(function (it) { return [it[0], counts[it[0]] || 0]; });
      rows.sort(function (a, b) { return b[1] - a[1]; });
      const least = rows.length ? rows[Math.min(4, rows.length - 1)][1] : 0;
      return rows.filter(function (row, at) { return at < 5 || (row[1] === least && least > 0); }).map(function (row) {
        const tagged = sync.board.tags[row[0]];
        return {
          key: row[0], title: titleOf(row[0]), votes: sync.board.votes ? row[1] : null, side: sideOf(row[0]),
          cause: tagged ? (tagged.cause ? labelOf(tagged.cause) : tagged.label) : "",
          idea: sync.board.ideas[row[0]] || { idea: "", owner: "", due: "", measure: "" },
        };
      });
    }
    function drawIdeaUnit(item) {
      const values = Object.assign({}, item.idea);
      function field(name, tagName, more) {
        const id = "idea-" + item.key + "-" + name;
        const input = el(tagName, Object.assign({
          id: id, class: "form-control", "data-focus": id, disabled: !canMove,
          onchange: function (event) {
            values[name] = event.target.value;
            sync.move("idea", Object.assign({ unit: item.key }, values), taken(words.saved));
          },
        }, more));
        if (tagName === "textarea") { input.value = item.idea[name]; } else { input.setAttribute("value", item.idea[name]); }
        return el("div", { class: "field" }, el("label", { for: id }, words[name]), input);
      }
      return el("li", { class: "unit deciding side-edge-" + (item.side || "none") },
        el("div", { class: "deciding-head" }, el("h3", { class: "unit-title" }, item.title),
          el("p", { class: "quiet" }, [item.cause, item.votes === null ? "" : fill(words.votes, { count: item.votes })].filter(Boolean).join(" · "))),
        el("div", { class: "deciding-fields" },
          field("idea", "textarea", { rows: 2, maxlength: 500 }), field("owner", "input", { maxlength: 120 }),
          field("due", "input", { type: "date", min: config.today }), field("measure", "input", { maxlength: 280 })));
    }
    function drawDecide() {
      reconcile(part("units", function () { return el("ul", { class: "units is-rows" }); }), ideaItems(), drawIdeaUnit);
    }

    // --- all of it --------------------------------------------------------------------------

    const parts = {};
    function part(name, make) {
      if (!parts[name]) { parts[name] = make(); root.append(parts[name]); }
      return parts[name];
    }
    const DRAW = { group: drawGroup, tag: drawTag, decide: drawDecide };
    function draw() { if (root && DRAW[sync.board.phase]) { DRAW[sync.board.phase](); } }

    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && picked) { letGo(); }
      const isField = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && !isField && root && canMove) { event.preventDefault(); undo(); }
    });
    return {
      mount: function (element) {
        root = element;
        picked = null;
        Object.keys(parts).forEach(function (name) { delete parts[name]; });
        if (root) { root.replaceChildren(); draw(); }
      },
      draw: draw,
    };
  }

  window.SessionBoard = { Board: Board, el: el, fill: fill };
})();

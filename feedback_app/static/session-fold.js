// From the log to the board, by the same rules as brainstorms/rules/fold.py; a test compares the two.
(function () {
  "use strict";
  const UNDOABLE = new Set(["hidden", "merged", "split", "named", "tagged", "why", "idea"]);

  function emptyBoard() {
    return {
      phase: "lobby", round: 0, step: 0, ends_at: null, allowance: 0,
      cards: {}, place: {}, names: {}, tags: {}, whys: {}, ideas: {}, suggestions: {},
      predicted: null, votes: null, unsaid: null, compared: null, accepted: {}, undone: [], last_move: 0,
    };
  }

  function has(object, key) { return Object.prototype.hasOwnProperty.call(object, key); }

  const APPLY = {
    phase: function (board, it) {
      board.phase = it.phase;
      board.round = it.round;
      board.ends_at = it.ends_at;
      if (has(it, "allowance")) { board.allowance = it.allowance; }
    },
    extended: function (board, it) { board.ends_at = it.ends_at; },
    revealed: function (board, it) {
      it.cards.forEach(function (card) {
        if (!has(board.cards, card.id)) {
          board.cards[card.id] = { side: card.side, text: card.text, is_hidden: false };
        }
      });
    },
    withdrawn: function (board, it) { delete board.cards[it.card]; delete board.place[it.card]; },
    reworded: function (board, it) { if (has(board.cards, it.card)) { board.cards[it.card].text = it.text; } },
    hidden: function (board, it) { if (has(board.cards, it.card)) { board.cards[it.card].is_hidden = it.is_hidden; } },
    merged: function (board, it) {
      const moved = Object.keys(board.cards).filter(function (card) {
        return it.units.includes(has(board.place, card) ? board.place[card] : card);
      });
      if (has(board.cards, it.into) || !moved.length) { return; }
      moved.forEach(function (card) { board.place[card] = it.into; });
      [board.names, board.tags, board.whys, board.ideas].forEach(function (about) {
        it.units.forEach(function (unit) {
          if (has(about, unit) && !has(about, it.into)) { about[it.into] = about[unit]; }
        });
      });
    },
    split: function (board, it) { delete board.place[it.card]; },
    named: function (board, it) { board.names[it.unit] = it.name; },
    tagged: function (board, it) { board.tags[it.unit] = { side: it.side, cause: it.cause, label: it.label }; },
    why: function (board, it) {
      const whys = Object.assign({}, board.whys[it.unit]);
      whys[String(it.level)] = it.text;
      board.whys[it.unit] = whys; // keys are numbers: they stand in order by themselves
    },
    idea: function (board, it) {
      board.ideas[it.unit] = { idea: it.idea, owner: it.owner, due: it.due, measure: it.measure };
    },
    suggested: function (board, it) { board.suggestions = it.causes; },
    predicted: function (board, it) { board.predicted = it; },
    voted: function (board, it) { board.votes = it; },
    unsaid: function (board, it) { board.unsaid = it; },
    compared: function (board, it) { board.compared = it; },
    accepted: function (board, it) { board.accepted[it.unit] = it.cause; },
  };

  // events: [n, kind, payload] in the order of the log.
  function fold(events) {
    const kinds = {};
    const undone = new Set();
    events.forEach(function (event) {
      if (event[1] === "undone" && UNDOABLE.has(kinds[event[2].event])) { undone.add(event[2].event); }
      kinds[event[0]] = event[1];
    });
    const board = emptyBoard();
    board.undone = Array.from(undone).sort(function (a, b) { return a - b; });
    events.forEach(function (event) {
      if (undone.has(event[0])) { return; }
      if (has(APPLY, event[1])) { APPLY[event[1]](board, event[2]); }
      if (event[1] === "phase") { board.step = event[0]; }
      if (UNDOABLE.has(event[1])) { board.last_move = event[0]; }
    });
    board.units = units(board);
    return board;
  }

  // Each unit with its visible cards, in the order in which the cards were revealed.
  function units(board) {
    const found = new Map();
    Object.keys(board.cards).forEach(function (card) {
      if (board.cards[card].is_hidden) { return; }
      const unit = has(board.place, card) ? board.place[card] : card;
      if (!found.has(unit)) { found.set(unit, []); }
      found.get(unit).push(card);
    });
    return Array.from(found);
  }

  function title(board, unit) {
    if (board.names[unit]) { return board.names[unit]; }
    const found = board.units.find(function (it) { return it[0] === unit; });
    return found ? board.cards[found[1][0]].text : "";
  }

  window.SessionFold = { fold: fold, title: title, undoable: UNDOABLE };
})();

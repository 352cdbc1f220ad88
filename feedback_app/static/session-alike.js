// Which cards look alike: the words' three-letter pieces that two cards share. Suggests, decides nothing.
(function () {
  "use strict";
  const LEAST = 0.34;
  const kept = new Map();

  function pieces(text) {
    if (kept.has(text)) { return kept.get(text); }
    const found = new Set();
    text.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}\s]/gu, "").split(/\s+/).forEach(function (word) {
      if (word.length < 3) { return; }
      const padded = " " + word.slice(0, 12);
      for (let at = 0; at + 3 <= padded.length; at += 1) { found.add(padded.slice(at, at + 3)); }
    });
    kept.set(text, found);
    return found;
  }

  function likeness(one, other) {
    const a = pieces(one);
    const b = pieces(other);
    if (!a.size || !b.size) { return 0; }
    let shared = 0;
    a.forEach(function (piece) { if (b.has(piece)) { shared += 1; } });
    return (2 * shared) / (a.size + b.size);
  }

  // units: [id, texts]; gives pairs [one, other, likeness], the likest first.
  function pairs(units, refused) {
    const found = [];
    for (let i = 0; i < units.length; i += 1) {
      for (let j = i + 1; j < units.length; j += 1) {
        let best = 0;
        units[i][1].slice(0, 6).forEach(function (one) {
          units[j][1].slice(0, 6).forEach(function (other) { best = Math.max(best, likeness(one, other)); });
        });
        const name = units[i][0] + " " + units[j][0];
        if (best >= LEAST && !refused.has(name)) { found.push([units[i][0], units[j][0], best, name]); }
      }
    }
    return found.sort(function (a, b) { return b[2] - a[2]; });
  }

  window.SessionAlike = { pairs: pairs, likeness: likeness };
})();

// Keeps a page of a session up to date by polling, and sends what people do, also after a lost network.
(function () {
  "use strict";
  const USUAL_WAIT = 1000; // milliseconds, with as much again of chance
  const LONGEST_WAIT = 15000;
  const BEAT = 15000;
  const NUDGE_SPREAD = 120; // not all at one moment
  const LISTEN_AGAIN = 30000;

  function uuid() {
    if (window.crypto.randomUUID) { return window.crypto.randomUUID(); }
    const bytes = window.crypto.getRandomValues(new Uint8Array(16)); // on plain http there is no randomUUID
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  // config: see script_config; onChange(sync, news) after every change; onStatus(isOnline).
  function Sync(config, onChange, onStatus) {
    const sync = {
      config: config, events: [], board: window.SessionFold.fold([]), last: 0,
      here: 0, done: 0, people: null, offset: 0, isOnline: true, isDone: false, nudges: 0,
    };
    const store = "session-" + config.code + "-" + config.mode;
    let mark = "";
    let failures = 0;
    let queue = read("queue", []);
    let isSending = false;
    let timer = 0;
    let asking = null;
    let isOwed = false;

    function read(name, otherwise) {
      try { return JSON.parse(window.localStorage.getItem(store + "-" + name)) || otherwise; } catch (error) { return otherwise; }
    }
    function keep(name, value) {
      try { window.localStorage.setItem(store + "-" + name, JSON.stringify(value)); } catch (error) { /* private window: memory will do */ }
    }
    function setOnline(isOnline) {
      if (sync.isOnline !== isOnline) { sync.isOnline = isOnline; onStatus(isOnline); }
    }
    function withLanguage(url) {
      return url + (url.includes("?") ? "&" : "?") + "lang=" + config.language;
    }

    function take(news) {
      const fresh = news.events.filter(function (event) { return event[0] > sync.last; });
      if (fresh.length) {
        sync.events = sync.events.concat(fresh);
        sync.last = fresh[fresh.length - 1][0];
        sync.board = window.SessionFold.fold(sync.events);
      }
      sync.here = news.here;
      sync.done = news.done;
      if (news.people) { sync.people = news.people; }
      sync.offset = new Date(news.now).getTime() - Date.now();
      onChange(sync, fresh);
    }

    function ask() {
      const headers = mark ? { "If-None-Match": mark } : {};
      return fetch(config.urls.events + "?after=" + sync.last, { headers: headers, cache: "no-store" })
        .then(function (answer) {
          if (answer.status === 404 || answer.status === 403) { window.location.reload(); return null; }
          if (answer.status !== 304 && !answer.ok) { throw new Error(String(answer.status)); }
          failures = 0;
          setOnline(true);
          if (answer.status === 304) { return null; }
          mark = answer.headers.get("ETag") || "";
          return answer.json().then(take);
        })
        .catch(function () { failures += 1; if (failures > 1) { setOnline(false); } });
    }
    function wait() {
      const slow = document.hidden ? 4 : 1;
      const pause = Math.min(USUAL_WAIT * slow * Math.pow(1.7, Math.min(failures, 8)), LONGEST_WAIT);
      again(pause * (1 + Math.random()));
    }
    function again(pause) {
      window.clearTimeout(timer);
      timer = window.setTimeout(poll, pause);
    }
    // One question at a time; whoever asks meanwhile has it asked once more.
    function poll() {
      window.clearTimeout(timer);
      if (asking) { isOwed = true; return asking; }
      asking = ask().then(function () {
        asking = null;
        if (isOwed) { isOwed = false; return poll(); }
        return wait();
      });
      return asking;
    }

    // The stream says that something changed, and the page polls at once. Without it the page
    // polls as ever: no stream, no place left, a proxy that holds it back, a browser without.
    let source = null;
    function listen() {
      if (!config.urls.stream || !window.EventSource || source || document.hidden || sync.board.phase === "over") { return; }
      source = new window.EventSource(config.urls.stream);
      source.onmessage = function () {
        sync.nudges += 1;
        if (asking) { isOwed = true; } else { again(Math.random() * NUDGE_SPREAD); }
        if (sync.board.phase === "over") { hangUp(); }
      };
      source.onerror = function () {
        if (source && source.readyState === window.EventSource.CLOSED) { hangUp(); window.setTimeout(listen, LISTEN_AGAIN * (1 + Math.random())); }
      };
    }
    function hangUp() { if (source) { source.close(); source = null; } }

    function post(url, body) {
      return fetch(url, {
        method: "POST", cache: "no-store", body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "X-CSRFToken": config.token },
      });
    }
    // Sends what waits, the oldest first; what the server once took is never sent again.
    function send() {
      if (isSending || !queue.length) { return; }
      isSending = true;
      const item = queue[0];
      post(withLanguage(item.url), item.body)
        .then(function (answer) {
          if (answer.status >= 500 || answer.status === 429) { throw new Error(String(answer.status)); }
          setOnline(true);
          return answer.json().catch(function () { return {}; }).then(function (told) {
            queue.shift();
            keep("queue", queue);
            settle(item, answer.ok, told);
            isSending = false;
            if (queue.length) { send(); } else { poll(); }
          });
        })
        .catch(function () {
          isSending = false;
          setOnline(false);
          window.setTimeout(send, 1500 + Math.random() * 1500);
        });
    }
    const waiting = {};
    function settle(item, isTaken, told) {
      if (isTaken && told.n) {
        const own = read("own-moves", []);
        if (item.body.kind !== "undone") { keep("own-moves", own.concat(told.n).slice(-300)); }
      }
      (waiting[item.body.id] || function () { /* sent by an earlier page */ })(isTaken, told);
      delete waiting[item.body.id];
    }

    sync.uuid = uuid;
    // Puts a change into the queue; `then(isTaken, told)` once the server has answered.
    sync.send = function (url, body, then) {
      const item = { url: url, body: Object.assign({ id: uuid() }, body) };
      waiting[item.body.id] = then;
      if (!then) { delete waiting[item.body.id]; }
      queue.push(item);
      keep("queue", queue);
      send();
      return item.body.id;
    };
    sync.post = function (url, body) { return post(withLanguage(url), Object.assign({ id: uuid() }, body)); };
    sync.waits = function () { return queue.slice(); };
    sync.move = function (kind, payload, then) { sync.send(config.urls.moves, { kind: kind, payload: payload }, then); };
    // The newest move of one's own (of anybody for the facilitator) that can still be taken back.
    sync.lastOwnMove = function () {
      const undone = new Set(sync.board.undone);
      const own = new Set(read("own-moves", []));
      for (let place = sync.events.length - 1; place >= 0; place -= 1) {
        const event = sync.events[place];
        const isMine = config.mode === "desk" || own.has(event[0]);
        if (isMine && window.SessionFold.undoable.has(event[1]) && !undone.has(event[0])) { return event[0]; }
      }
      return 0;
    };
    sync.stage = function () {
      return fetch(withLanguage(config.urls.stage), { cache: "no-store" }).then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.text();
      });
    };
    sync.setDone = function (isDone) { sync.isDone = isDone; };
    // "I am here" goes out at an even pace, and "I am done" with it, whatever one does meanwhile.
    function beat() {
      if (config.urls.here && sync.board.phase !== "over") {
        sync.post(config.urls.here, { done: sync.isDone }).catch(function () { /* the next one will do */ });
      }
      window.setTimeout(beat, BEAT * (0.85 + Math.random() * 0.3));
    }
    sync.start = function () {
      poll();
      send();
      listen();
      window.setTimeout(beat, Math.random() * 2000);
      window.addEventListener("online", function () { failures = 0; send(); poll(); });
      document.addEventListener("visibilitychange", function () { if (document.hidden) { hangUp(); } else { poll(); listen(); } });
    };
    sync.poll = poll;
    return sync;
  }

  window.SessionSync = Sync;
})();

// The survey at a counter: start, questions, thanks, and from the beginning. Answers are sealed
// as soon as they are given and wait in the page until the site has taken them, each once.
(() => {
  "use strict";
  const IDLE = 20, WARNING = 10, THANKS = 8, TRY_AGAIN = 15, FRESH = 600; // seconds
  const BLOCK = 4096; // bytes: what waits says nothing by its length
  const $ = id => document.getElementById(id);
  const given = $("kiosk").dataset, form = $("form"), idle = $("idle"), heading = $("heading");
  const words = JSON.parse(given.words), checks = JSON.parse(given.checks);
  const title = heading.textContent, letters = new TextEncoder();
  const keeps = Boolean(self.crypto && crypto.subtle && self.indexedDB);
  let state = "", quiet = 0, busy = false, sending = false;

  // --- what is shown -------------------------------------------------------------------
  function show(name) {
    state = $("kiosk").dataset.state = name;
    quiet = 0;
    for (const each of ["start", "form", "thanks"]) $(each).hidden = each !== name;
    $("seal").hidden = name !== "thanks";
    heading.textContent = name === "thanks" ? given.thanks : title;
    if (idle.open) idle.close();
    scrollTo({ top: 0, behavior: "instant" });
  }

  function begin() {
    clear();
    show("form");
    heading.focus({ preventScroll: true });
    const whole = document.documentElement;
    if (whole.requestFullscreen && !document.fullscreenElement) whole.requestFullscreen().catch(() => {});
  }

  function clear() {
    form.reset();
    form.querySelectorAll(".kiosk-error").forEach(it => it.remove());
  }

  function reset() {
    clear();
    show("start");
  }

  $("begin").addEventListener("click", begin);
  $("again").addEventListener("click", reset);
  $("leave").addEventListener("click", reset);
  $("stay").addEventListener("click", () => { quiet = 0; idle.close(); });
  $("leave").hidden = false;
  history.scrollRestoration = "manual";
  addEventListener("pageshow", event => { if (event.persisted) reset(); });
  // Another language is another page; none of them is left behind for the back button.
  document.querySelectorAll("header a[hreflang]").forEach(link => {
    link.addEventListener("click", event => {
      event.preventDefault();
      location.replace(link.href);
    });
  });

  // --- nobody there ----------------------------------------------------------------------
  for (const sign of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
    addEventListener(sign, () => { if (!idle.open) quiet = 0; }, { passive: true });
  }
  setInterval(() => {
    quiet += 1;
    if (state === "thanks" && quiet >= THANKS) reset();
    if (state === "start" && quiet >= FRESH && navigator.onLine) location.replace(given.base);
    if (state !== "form") return;
    if (quiet >= IDLE + WARNING) reset();
    else if (quiet >= IDLE) {
      if (!idle.open) idle.showModal();
      $("left").textContent = words.left.replace("#", IDLE + WARNING - quiet);
    }
  }, 1000);

  // --- is it complete? ---------------------------------------------------------------------
  const named = name => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  const isAnswered = it => (it.type === "radio" || it.type === "checkbox" ? it.checked && it.value : it.value.trim());

  for (const check of checks) {
    if (!check.longest) continue;
    check.fields.flatMap(named).filter(it => it.type === "text" || it.type === "textarea")
      .forEach(it => { it.maxLength = check.longest; });
  }

  function isComplete() {
    form.querySelectorAll(".kiosk-error").forEach(it => it.remove());
    let first = null;
    for (const check of checks) {
      const fields = check.fields.flatMap(named);
      if (!check.required || !fields.length || fields.some(isAnswered)) continue;
      const card = fields[0].closest(".card");
      if (!card || !card.getClientRects().length) continue; // it does not apply
      const line = document.createElement("p");
      line.className = "error kiosk-error";
      line.setAttribute("role", "alert");
      line.textContent = words.missing;
      const head = card.querySelector("legend, h2");
      head.after(line);
      first = first || fields[0];
    }
    if (first) {
      first.focus({ preventScroll: true });
      first.closest(".card").scrollIntoView({ block: "start", behavior: "instant" });
    }
    return !first;
  }

  // --- sealed for the site ----------------------------------------------------------------
  const base64 = bytes => {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const unbase64 = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));

  async function seal(text) {
    const kind = { name: "ECDH", namedCurve: "P-256" };
    const site = await crypto.subtle.importKey("raw", unbase64(given.key), kind, false, []);
    const own = await crypto.subtle.generateKey(kind, false, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: site }, own.privateKey, 256);
    const agreed = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const key = await crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: point, info: letters.encode("an answer in transit") },
      agreed, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const plain = letters.encode(text);
    const padded = new Uint8Array(Math.ceil((plain.length + 1) / BLOCK) * BLOCK).fill(32);
    padded.set(plain);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, padded);
    return base64([...point, ...new Uint8Array(sealed)]);
  }

  // --- what waits ---------------------------------------------------------------------------
  let shelf = null;
  function store(mode) {
    shelf = shelf || new Promise((resolve, reject) => {
      const asked = indexedDB.open(`kiosk ${given.base}`, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("answers", { keyPath: "id" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return shelf.then(it => it.transaction("answers", mode).objectStore("answers"));
  }

  const done = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const written = async act => {
    const answers = await store("readwrite");
    const finished = new Promise((resolve, reject) => {
      answers.transaction.oncomplete = resolve;
      answers.transaction.onabort = () => reject(answers.transaction.error);
    });
    act(answers);
    return finished;
  };

  async function tell() {
    const number = await done((await store("readonly")).count());
    $("waiting").textContent = number ? words.waiting.replace("#", number) : "";
  }

  async function send() {
    if (sending) return;
    sending = true;
    try {
      const ids = await done((await store("readonly")).getAllKeys());
      ids.sort(() => Math.random() - 0.5);
      for (const id of ids) {
        const parcel = await done((await store("readonly")).get(id));
        const answer = await fetch(`${given.base}/answers`, {
          method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(parcel),
        });
        // 204: it is stored. 422: it can not be read, and never will be.
        if (answer.status === 204 || answer.status === 422) await written(it => it.delete(id));
        else if (answer.status === 410) {
          await written(it => it.clear());
          location.replace(given.base);
          return;
        } else {
          if (answer.status === 403 && state === "start") location.replace(given.base);
          return;
        }
        await tell();
      }
    } catch {
      // The line is down: what waits is tried again.
    } finally {
      sending = false;
      tell().catch(() => {});
    }
  }

  async function keep(event) {
    event.preventDefault();
    if (busy || !isComplete()) return;
    busy = true;
    const fields = new FormData(form);
    for (const name of ["token", "step"]) fields.delete(name);
    const text = JSON.stringify({
      version: given.version, language: given.language, form: new URLSearchParams(fields).toString(),
    });
    try {
      const parcel = { id: crypto.randomUUID(), sealed: await seal(text) };
      await written(it => it.add(parcel));
    } catch {
      form.submit(); // nothing can be kept here: an ordinary form then
      return;
    } finally {
      busy = false;
    }
    clear();
    show("thanks");
    heading.focus({ preventScroll: true });
    send();
  }

  if (keeps) {
    form.addEventListener("submit", keep);
    addEventListener("online", send);
    setInterval(send, TRY_AGAIN * 1000);
    send();
  }
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(`${given.base}/worker.js`, { scope: given.base }).catch(() => {});
  }
  show("start");
})();

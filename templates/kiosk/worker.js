// Keeps the kiosk's page for a reload while the line is down. KEPT: its addresses, by language.
const PAGE = new URL(KEPT[0], location).pathname;
const SHELF = `kiosk ${PAGE}`;
const isOpen = answer => answer.ok && answer.headers.get("X-Kiosk-Open") === "yes";

async function fill() {
  const shelf = await caches.open(SHELF);
  await Promise.all(KEPT.map(async address => {
    const answer = await fetch(address, { cache: "reload" });
    if (isOpen(answer)) await shelf.put(address, answer);
  }));
}

async function show(request) {
  try {
    const answer = await fetch(request);
    if (new URL(request.url).pathname === PAGE) {
      // A locked device keeps nothing.
      if (isOpen(answer)) await (await caches.open(SHELF)).put(request.url, answer.clone());
      else await caches.delete(SHELF);
    }
    return answer;
  } catch (error) {
    const shelf = await caches.open(SHELF);
    const kept = (await shelf.match(request)) || (await shelf.match(request, { ignoreSearch: true }));
    if (kept) return kept;
    throw error;
  }
}

addEventListener("install", event => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", event => event.waitUntil(clients.claim()));
addEventListener("fetch", event => {
  const request = event.request;
  if (request.method === "GET" && request.mode === "navigate") event.respondWith(show(request));
});

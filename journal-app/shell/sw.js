// Keeps the files of one version of the journal. A version is complete or not there at all; a newer one waits
// until the person says so. Nothing but files of the journal goes through here.
const BUILD = "__BUILD__";
const FILES = __FILES__;
const PAGE = "/journal";
const CACHE = `keepwell-journal-${BUILD}`;

/** Without cookies: who asks for these files is nobody's business. What has its contents in its name is good
    as the browser has it. */
const get = (url) => fetch(new Request(url, { credentials: "omit", cache: /\.[0-9a-f]{20}\.\w+$/.test(url) ? "default" : "no-cache" }));

addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    const page = await get(PAGE);
    // A server that was replaced in between has the page of another version: try again later.
    if (!page.ok || !(await page.clone().text()).includes(`data-build="${BUILD}"`)) throw new Error("another version");
    await cache.put(PAGE, page);
    await Promise.all(FILES.map(async (url) => {
      const answer = await get(url);
      if (!answer.ok) throw new Error("incomplete");
      await cache.put(url, answer);
    }));
    // The first version need not wait: there is no other.
    if (!registration.active) await skipWaiting();
  })());
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("keepwell-journal-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  })());
});

addEventListener("message", (event) => {
  if (event.data === "switch") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = request.mode === "navigate" && (url.pathname === PAGE || url.pathname === `${PAGE}/`);
  const key = isPage ? PAGE : url.pathname;
  if (!isPage && !FILES.includes(key)) return;
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    return (await cache.match(key, { ignoreSearch: true, ignoreVary: true })) ?? get(key);
  })());
});

// A tap on a reminder: the open page does what it says.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const pages = await clients.matchAll({ type: "window" });
    const page = pages.find((p) => new URL(p.url).pathname.startsWith(PAGE));
    if (event.action) page?.postMessage({ tag: event.notification.tag, action: event.action });
    else if (page) await page.focus();
    else await clients.openWindow(PAGE);
  })());
});

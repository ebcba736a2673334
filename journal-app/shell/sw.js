// Keeps the files of one version of the journal. A version is complete or not there at all; a newer one waits
// until the person says so. Nothing but files of the journal goes through here.
const BUILD = "__BUILD__";
/** Every file, and the first ten bytes of what SHA-256 makes of it. */
const FILES = __FILES__;
const PAGE = "/journal";
const CACHE = `keepwell-journal-${BUILD}`;

const NAMED = /\.[0-9a-f]{20}\.\w+$/;

/** Without cookies: who asks for these files is nobody's business. What has its contents in its name is good
    as the browser has it. */
const get = (url, kept = "default") =>
  fetch(new Request(url, { credentials: "omit", cache: NAMED.test(url) ? kept : "no-cache" }));

/** Whether a file is that of this version. Something between here and the server may answer whatever is asked for. */
async function isOurs(url, answer) {
  if (!answer.ok) return false;
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer()));
  return FILES[url] === [...sum.slice(0, 10)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Puts a file into the cache, past what the browser keeps where that is something else. */
async function keep(cache, url) {
  for (const kept of ["default", "reload"]) {
    const answer = await get(url, kept);
    if (await isOurs(url, answer)) return cache.put(url, answer);
  }
  throw new Error("incomplete");
}

async function keepAll(cache) {
  const page = await get(PAGE);
  // A server that was replaced in between has the page of another version: try again later.
  if (!page.ok || !(await page.clone().text()).includes(`data-build="${BUILD}"`)) throw new Error("another version");
  await cache.put(PAGE, page);
  await Promise.all(Object.keys(FILES).map((url) => keep(cache, url)));
}

addEventListener("install", (event) => {
  event.waitUntil((async () => {
    // Where it is there already, the worker that runs may live by it.
    const isNew = !(await caches.has(CACHE));
    try {
      await keepAll(await caches.open(CACHE));
    } catch (e) {
      if (isNew) await caches.delete(CACHE);
      throw e;
    }
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
    // A window of another version has no files any more: it loads anew.
    for (const page of await clients.matchAll({ type: "window" })) page.postMessage({ build: BUILD });
  })());
});

/** Says to a window which version is served here. It is taken over where it is of the same, and all files are kept. */
async function answer(build, port) {
  if (build === BUILD) {
    await clients.claim();
    const cache = await caches.open(CACHE);
    if ((await cache.keys()).length <= Object.keys(FILES).length) await keepAll(cache);
  }
  port.postMessage(BUILD);
}

addEventListener("message", (event) => {
  if (event.data === "switch") skipWaiting();
  if (event.data.claim) event.waitUntil(answer(event.data.claim, event.ports[0]));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = request.mode === "navigate" && (url.pathname === PAGE || url.pathname === `${PAGE}/`);
  const key = isPage ? PAGE : url.pathname;
  if (!isPage && !Object.hasOwn(FILES, key)) return;
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    return (await cache.match(key, { ignoreSearch: true, ignoreVary: true })) ?? get(key);
  })());
});

/** Tells a page something; what it answers, within two seconds. */
const told = (page, what) =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => done(data);
    setTimeout(done, 2000);
    page.postMessage(what, [port2]);
  });

// A tap on a reminder: the open page does what it says. It comes to the front where it has to be opened with
// the passphrase first; without a page there is one with what is due.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const pages = await clients.matchAll({ type: "window" });
    const page = pages.find((p) => new URL(p.url).pathname.startsWith(PAGE));
    const { action, notification: { tag } } = event;
    if (!page) return clients.openWindow(action ? `${PAGE}#/?tag=${tag}&action=${action}` : PAGE);
    if (action && (await told(page, { tag, action })) === "done") return;
    // Refused where the system does not take this for the person's own act.
    await page.focus().catch(() => {});
  })());
});

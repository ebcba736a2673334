// Starts the journal: the only Trusted Types policy, the program, and the worker that keeps the files of this
// version for when there is no network.
globalThis.trustedTypes?.createPolicy("default", {
  createHTML(html) {
    if (/<(script|iframe|object|embed|base)|\son\w+\s*=|javascript:/i.test(html)) throw new TypeError("refused");
    return html;
  },
  createScriptURL(url) {
    const { origin, pathname } = new URL(url, location);
    if (origin !== location.origin || !pathname.startsWith("/journal/")) throw new TypeError("refused");
    return url;
  },
});

const remembered = (name) => {
  try { return localStorage.getItem(`keepwell-journal-${name}`); } catch { return null; }
};
// Another name and icon, for those who want one.
if (remembered("look") === "notes") {
  document.querySelector('link[rel="icon"]').href = "/journal/notes.svg";
  document.querySelector('link[rel="manifest"]').href = "/journal/notes.webmanifest";
  document.title = "Notes";
}

const { default: load, start } = await import("__APP__");
await load({ module_or_path: "__WASM__" });
start();
document.documentElement.dataset.hydrated = "true";

/** Seconds until the files of this version are fetched again after a try that failed; the last ones over and over. */
const PAUSES = [4, 15, 60, 300];
const say = (what) => dispatchEvent(new Event(`journal-${what}`));
const { build } = document.documentElement.dataset;

/** Whether the worker of a registration runs. One that cannot fetch all files is thrown away, and nothing is kept. */
const comes = ({ active, waiting, installing }) =>
  new Promise((done) => {
    const worker = active ?? waiting ?? installing;
    const look = () => {
      const state = worker?.state ?? "redundant";
      if (state === "activated" || state === "redundant") done(state === "activated");
    };
    worker?.addEventListener("statechange", look);
    look();
  });

/** A while, or until there is a network again. */
const pause = (seconds) =>
  new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", () => (clearTimeout(timer), done()), { once: true });
  });

/**
 * Of which version the worker says it is, once it serves this window with all files: one that was opened just as the
 * worker took over the others was passed over, and files may be gone from the cache. Nothing where it does not say.
 */
const serves = (worker) =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => done(data);
    setTimeout(done, 30_000);
    worker.postMessage({ claim: build }, [port2]);
  });

function keep() {
  const { serviceWorker } = navigator;
  let [kept, typed, asked] = [false, false, false];
  let registration;
  addEventListener("input", () => (typed = true), { once: true });
  serviceWorker.addEventListener("controllerchange", () => {
    // The first one takes over a page that is of its own version.
    if (asked) location.reload();
  });
  // The word was given in another window, or this page came from a server that was replaced since. Where that shows only
  // when somebody has begun to write, it loads anew on the person's word.
  serviceWorker.addEventListener("message", ({ data }) => {
    if (!data.build || data.build === build) return;
    if (typed && !kept) say("newer");
    else location.reload();
  });
  addEventListener("journal-switch", () => {
    asked = true;
    if (registration?.waiting) registration.waiting.postMessage("switch");
    else location.reload();
  });
  // A window that stays open for weeks asks for a newer version, too.
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - looked < 12 * 3600_000) return;
    looked = Date.now();
    registration?.update().catch(() => {});
  });
  const watch = (worker) => {
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && (registration.active ?? worker) !== worker) say("newer");
    });
  };
  const once = async () => {
    registration = await serviceWorker.register("/journal/sw.js", { scope: "/journal", updateViaCache: "none" });
    if (registration.waiting && registration.active) say("newer");
    watch(registration.installing);
    registration.addEventListener("updatefound", () => watch(registration.installing));
    return (await comes(registration)) && serves(registration.active);
  };
  return (async () => {
    for (let tries = 0; (await once().catch(() => "")) !== build; tries += 1) {
      // A page of a newer version than the worker that runs: the newer worker is fetched, too.
      registration?.update().catch(() => {});
      if (tries > 0) say("unkept");
      await pause(PAUSES[Math.min(tries, PAUSES.length - 1)]);
    }
    kept = true;
    document.documentElement.dataset.offline = "";
    say("kept");
  })();
}

// Some private windows have no workers: there the journal works as long as there is a network.
if ("serviceWorker" in navigator) await keep();
else say("unkept");

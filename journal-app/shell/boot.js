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

if ("serviceWorker" in navigator) {
  const announce = () => dispatchEvent(new Event("journal-newer"));
  let asked = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first one takes over a page that is of its own version.
    if (asked) location.reload();
  });
  // The word was given in another window, or this page came from a server that was replaced since.
  navigator.serviceWorker.addEventListener("message", ({ data: { build } }) => {
    if (build && build !== document.documentElement.dataset.build) location.reload();
  });
  try {
    const registration = await navigator.serviceWorker.register("/journal/sw.js", { scope: "/journal", updateViaCache: "none" });
    const watch = (worker) => {
      worker?.addEventListener("statechange", () => {
        if (worker.state === "installed" && navigator.serviceWorker.controller) announce();
      });
    };
    if (registration.waiting && navigator.serviceWorker.controller) announce();
    watch(registration.installing);
    registration.addEventListener("updatefound", () => watch(registration.installing));
    addEventListener("journal-switch", () => {
      asked = true;
      registration.waiting?.postMessage("switch");
    });
    // A window that stays open for weeks asks for a newer version, too.
    let looked = Date.now();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || Date.now() - looked < 12 * 3600_000) return;
      looked = Date.now();
      registration.update().catch(() => {});
    });
    document.documentElement.dataset.offline = (await navigator.serviceWorker.ready) ? "" : undefined;
  } catch {
    // A private window, or storage is off: the journal works as long as there is a network, and says so itself.
  }
}

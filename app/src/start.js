// The only Trusted Types policy: the framework makes elements from pieces of HTML that stand in the program.
// None of them could run code; one that could is refused.
globalThis.trustedTypes?.createPolicy("default", {
  createHTML(html) {
    if (/<(script|iframe|object|embed|base)|\son\w+\s*=|javascript:/i.test(html)) throw new TypeError("refused");
    return html;
  },
  createScriptURL(url) {
    if (new URL(url, location).origin !== location.origin) throw new TypeError("refused");
    return url;
  },
});
const root = document.documentElement;
// Who hides the journal hides the link to it, on this device and nowhere else.
try {
  if (localStorage.getItem("keepwell-journal-link") === "hidden") root.dataset.journal = "hidden";
} catch {}
// The code of a letter's link: into its field, and out of the address and the history.
const code = document.querySelector("input[name=code]"), token = location.hash.slice(1);
if (code && /^[\w-]{43}$/.test(token)) {
  code.value = token;
  history.replaceState(history.state, "", location.pathname + location.search);
}
// A passkey is asked at the first press, before the page's program is there.
addEventListener("click", (e) => {
  const button = e.target.closest?.("[data-passkey]");
  if (button) import("/passkey.js").then((p) => p.go(button));
});
const kinds = ["pointermove", "pointerdown", "wheel", "keydown", "focusin", "input", "change", "dragenter"];
const missed = new Map(), ended = new AbortController();
const touched = document.querySelector("progress, .is-queued, .is-reading, .Review, .Proof, .Countdown") ? Promise.resolve() : new Promise((go) => {
  for (const kind of kinds) addEventListener(kind, (e) => { missed.set(kind, e); go(); }, { capture: true, passive: true, signal: ended.signal });
});
// What is still under way when a page is left fails, and nobody need hear of it. Where it was no leaving but a download,
// the page is there some seconds later.
let stays;
const leaves = () => {
  root.dataset.left = "true";
  clearTimeout(stays);
  stays = setTimeout(() => delete root.dataset.left, 5000);
};
for (const kind of ["beforeunload", "pagehide"]) addEventListener(kind, leaves);
addEventListener("error", (e) => {
  if (e.error instanceof WebAssembly.RuntimeError) addEventListener("click", (e) => e.stopImmediatePropagation(), true);
});
const part = async (path) => {
  const answer = await fetch(path);
  if (!answer.ok) throw new TypeError(path);
  return answer;
};
// The program as one module. Its code is compiled while it arrives; its data, where they lie apart, follow the first touch.
const module = async () => {
  const head = await part(wasm), pipe = new TransformStream();
  const all = async () => {
    await head.body.pipeTo(pipe.writable, { preventClose: true });
    root.dataset.script = "";
    await touched;
    if (data) await (await part(data)).body.pipeTo(pipe.writable);
    else await pipe.writable.close();
  };
  all().catch((e) => pipe.writable.abort(e).catch(() => {}));
  return new Response(pipe.readable, { headers: { "content-type": "application/wasm" } });
};
// The page was left, or the line broke, before the program came: the page works without it.
const program = await import(js).then(async (p) => (await p.default({ module_or_path: module() }), p)).catch((e) => {
  if (!(e instanceof TypeError)) throw e;
});
if (program) {
  await program.hydrate();
  ended.abort();
  for (const kind of ["pointermove", "input", "change"]) {
    const e = missed.get(kind);
    const at = e?.target?.isConnected ? e.target : e?.clientX >= 0 ? document.elementFromPoint(e.clientX, e.clientY) : null;
    at?.dispatchEvent(new e.constructor(kind, e));
  }
}

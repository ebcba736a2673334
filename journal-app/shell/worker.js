// Stretches passphrases beside the page. Answers the parts, or the code of what went wrong.
import load, { work } from "__APP__";
const ready = load({ module_or_path: "__WASM__" });
onmessage = async ({ data: [task, secret, bytes] }) => {
  try {
    await ready;
    postMessage(await work(task, secret, bytes));
  } catch (e) {
    postMessage(typeof e === "string" ? e : "failed");
  }
};

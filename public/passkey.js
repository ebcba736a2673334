// Asks a passkey for the form around a button. Loaded when such a button is first pressed.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const keys = (list) => list?.map((key) => ({ ...key, id: bytes(key.id) }));

async function ask(button, form) {
  const ticket = form.elements.ticket.value;
  const isEnrol = button.dataset.passkey === "create";
  const body = ticket ? { ticket } : {};
  const answer = await fetch(button.dataset.ask, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (answer.status === 403) return location.assign(`/prove?next=${encodeURIComponent(location.pathname)}`);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { ticket: named, publicKey } = await answer.json();
  publicKey.challenge = bytes(publicKey.challenge);
  let made;
  if (isEnrol) {
    publicKey.user.id = bytes(publicKey.user.id);
    publicKey.excludeCredentials = keys(publicKey.excludeCredentials);
    made = await navigator.credentials.create({ publicKey });
  } else {
    publicKey.allowCredentials = keys(publicKey.allowCredentials);
    made = await navigator.credentials.get({ publicKey });
  }
  const response = {};
  for (const part of ["attestationObject", "clientDataJSON", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[part]) response[part] = text(made.response[part]);
  }
  form.elements.ticket.value = named;
  form.elements.answer.value = JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
  HTMLFormElement.prototype.submit.call(form);
}

export async function go(button) {
  const form = button.form, note = form.querySelector("[data-note]");
  if (!form.reportValidity()) return;
  const { origin, elsewhere, cancelled, failed } = note.dataset;
  note.textContent = "";
  if (location.origin !== origin) return void (note.textContent = elsewhere);
  button.disabled = true;
  try {
    await ask(button, form);
  } catch (e) {
    note.textContent = e.name === "NotAllowedError" || e.name === "AbortError" ? cancelled : failed;
  }
  button.disabled = false;
}

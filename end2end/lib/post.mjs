// A mail server for tests: takes every letter and keeps it.
import net from "node:net";

const unquote = (text) =>
  Buffer.from(
    text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
    "latin1",
  ).toString("utf8");

function plainPart(data) {
  const part = data.slice(data.indexOf("Content-Type: text/plain"));
  const [head, ...rest] = part.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n").split("\r\n--")[0];
  if (/base64/i.test(head)) return Buffer.from(body, "base64").toString("utf8");
  return /quoted-printable/i.test(head) ? unquote(body) : body;
}

export async function startPost() {
  const letters = [];
  const server = net.createServer((socket) => {
    let [text, data, to] = ["", null, []];
    const say = (line) => socket.write(`${line}\r\n`);
    socket.on("error", () => {});
    socket.on("data", (part) => {
      text += part.toString("latin1");
      for (;;) {
        if (data !== null) {
          const end = text.indexOf("\r\n.\r\n");
          if (end < 0) return;
          letters.push({ to: to.join(" "), text: plainPart(text.slice(0, end)) });
          [text, data, to] = [text.slice(end + 5), null, []];
          say("250 taken");
          continue;
        }
        const end = text.indexOf("\r\n");
        if (end < 0) return;
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (/^RCPT TO:/i.test(line)) to.push(line.slice(8));
        if (/^DATA/i.test(line)) {
          data = "";
          say("354 go on");
        } else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
        else say("250 ok");
      }
    });
    say("220 post ESMTP");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  /** Waits for a letter to this address that holds a link to this page; gives the link and its code. */
  const link = async (address, page) => {
    for (let n = 0; n < 600; n += 1) {
      const at = letters.findIndex((l) => l.to.includes(address) && l.text.includes(`${page}#`));
      if (at >= 0) {
        const [letter] = letters.splice(at, 1);
        const url = letter.text.match(/https?:\S+#\S+/)[0];
        return { url, code: url.split("#")[1] };
      }
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`no letter to ${address} with ${page}; there are ${letters.map((l) => l.text).join("\n---\n")}`);
  };
  return { url: `smtp://127.0.0.1:${port}`, link, stop: () => new Promise((done) => server.close(() => done(undefined))) };
}

// A thread that holds slow connections against a server: whenever one is dropped, another comes.
import net from "node:net";
import { parentPort, workerData } from "node:worker_threads";

const { port, connections, addresses } = workerData;
const AGAIN_MS = 1000;
const DRIP_MS = 1000;
const KINDS = [
  // Nothing at all.
  () => ({ first: "", drip: "" }),
  // Headers that never end.
  () => ({ first: "GET / HTTP/1.1\r\nHost: localhost\r\n", drip: "X-a: b\r\n" }),
  // A body that never ends.
  () => ({ first: "POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{", drip: " " }),
];

const open = new Set();
let [opened, dropped] = [0, 0];

function connect(n) {
  // Many addresses of this machine, as an attacker has many.
  const host = n % addresses;
  const socket = net.connect({ port, host: "127.0.0.1", localAddress: `127.0.${1 + (host >> 8)}.${host & 255}` });
  const { first, drip } = KINDS[n % KINDS.length]();
  socket.setNoDelay(true);
  socket.on("error", () => {});
  socket.on("data", () => {});
  socket.on("connect", () => {
    opened += 1;
    open.add(socket);
    if (first) socket.write(first);
    if (drip) socket.timer = setInterval(() => socket.write(drip), DRIP_MS);
  });
  socket.on("close", () => {
    clearInterval(socket.timer);
    if (open.delete(socket)) dropped += 1;
    setTimeout(() => connect(n), AGAIN_MS);
  });
}

// In steps: a burst would overflow the backlog, and some would only come after a second.
for (let n = 0; n < connections; n += 100) {
  setTimeout(() => {
    for (let m = n; m < Math.min(n + 100, connections); m += 1) connect(m);
  }, n / 5);
}
setInterval(() => parentPort.postMessage({ open: open.size, opened, dropped }), 200);

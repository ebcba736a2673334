// Sealing and opening in memory, and onto the disk.
import { example, figures, onOneCore, scale, workFolder } from "./lib/env.mjs";
import { row } from "./lib/report.mjs";

// The last line is `AES-256-GCM 1234567.89k`, in thousands of bytes a second.
function openssl() {
  const text = onOneCore("openssl", ["speed", "-elapsed", "-seconds", "2", "-bytes", "16384", "-evp", "aes-256-gcm"], { stdio: ["ignore", "pipe", "ignore"] });
  return Number(text.trim().split("\n").at(-1).match(/([\d.]+)k\s*$/)[1]) / 1000;
}

// Both sides give their best of several rounds: another process on the core harms neither.
const best = Math.max(openssl(), openssl(), openssl());
const ours = figures(onOneCore(example("seal_bench"), []));
const beside = { peer: "openssl speed -evp aes-256-gcm, one core", peer_value: best, target: "1.5 times" };
row("Sealing 16 kB blocks in memory", ours.seal_mb_s, "MB/s", { ...beside, ok: ours.seal_mb_s >= 1.5 * best });
row("Opening 16 kB blocks in memory", ours.open_mb_s, "MB/s", { ...beside, ok: ours.open_mb_s >= 1.5 * best });

const disk = figures(onOneCore(example("seal_file"), [workFolder(), String(scale(1024))]));
row("Sealing a file onto the disk", disk.seal_mb_s, "MB/s", {
  peer: "plain copy with fsync",
  peer_value: disk.copy_mb_s,
  target: "0.7 of the copy",
  ok: disk.seal_mb_s >= 0.7 * disk.copy_mb_s,
});

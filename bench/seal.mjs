// Sealing and opening in memory, and onto the disk.
import { example, figures, onOneCore, scale, workFolder } from "./lib/env.mjs";
import { row } from "./lib/report.mjs";

const speed = onOneCore("openssl", ["speed", "-elapsed", "-seconds", "3", "-bytes", "16384", "-evp", "aes-256-gcm"], { stdio: ["ignore", "pipe", "ignore"] });
// The last line is `AES-256-GCM 1234567.89k`, in thousands of bytes a second.
const kilobytes = Number(speed.trim().split("\n").at(-1).match(/([\d.]+)k\s*$/)[1]);
const openssl = kilobytes / 1000;
const ours = figures(onOneCore(example("seal_bench"), []));
const beside = { peer: "openssl speed -evp aes-256-gcm, one core", peer_value: openssl, target: "1.5 times" };
row("Sealing 16 kB blocks in memory", ours.seal_mb_s, "MB/s", { ...beside, ok: ours.seal_mb_s >= 1.5 * openssl });
row("Opening 16 kB blocks in memory", ours.open_mb_s, "MB/s", { ...beside, ok: ours.open_mb_s >= 1.5 * openssl });

const disk = figures(onOneCore(example("seal_file"), [workFolder(), String(scale(1024))]));
row("Sealing a file onto the disk", disk.seal_mb_s, "MB/s", {
  peer: "plain copy with fsync",
  peer_value: disk.copy_mb_s,
  target: "0.7 of the copy",
  ok: disk.seal_mb_s >= 0.7 * disk.copy_mb_s,
});

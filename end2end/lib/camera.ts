// A browser whose camera sees what a test puts before it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { chromium, type Browser, type Locator } from "@playwright/test";
import { launchOptions } from "./browser.mjs";

const [WIDTH, HEIGHT] = [1280, 720];

/** Starts such a browser; `show` is to be called before a page asks for the camera. */
export async function withCamera() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "keepwell-camera-"));
  const film = path.join(folder, "film.y4m");
  const browser = await chromium.launch({
    ...launchOptions,
    args: [...launchOptions.args, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${film}`],
  });
  const close = async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  };
  /** What a screen shows, a little turned, as somebody holds a device. */
  const show = async (what: Locator) => writeFile(film, video(await seen(browser, await what.screenshot())));
  return { browser, close, show };
}

/** The brightness of each pixel of a picture that fills most of the height. */
async function seen(browser: Browser, picture: Buffer) {
  const page = await browser.newPage();
  const grey = await page.evaluate(
    async ([encoded, width, height]) => {
      const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = new OffscreenCanvas(width, height);
      const drawing = canvas.getContext("2d")!;
      drawing.fillStyle = "#999";
      drawing.fillRect(0, 0, width, height);
      drawing.translate(width / 2, height / 2);
      drawing.rotate(0.05);
      const side = height * 0.9;
      drawing.drawImage(bitmap, -side / 2, -side / 2, side, side);
      const { data } = drawing.getImageData(0, 0, width, height);
      let text = "";
      for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]));
      return btoa(text);
    },
    [picture.toString("base64"), WIDTH, HEIGHT] as const,
  );
  await page.close();
  return Buffer.from(grey, "base64");
}

/** A film of one picture, as YUV4MPEG2 in 4:2:0: brightness in video range, then two planes without colour. */
function video(grey: Buffer) {
  const luma = Buffer.from(grey.map((value) => 16 + Math.round((value * 219) / 255)));
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F15:1 Ip A1:1 C420jpeg\n`), frame, frame]);
}

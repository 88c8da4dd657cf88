// A fresh headless Chromium with one page, everything that its console says kept for when something fails. What is
// injected into the page is in `watch.mjs`.

import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { watch } from "./watch.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // One page, one process: memory is counted by process.
  "--disable-features=SpareRendererForSitePerProcess,PaintHolding",
];
/// How long a page goes on after an error that nobody caught, in milliseconds.
const AFTER_ERROR = 3_000;

export class Browser {
  #browser;
  #session;
  #said = [];
  #broken;

  /// @param screen false to have frames without waiting for a screen
  static async start(modules, chromium, { screen = true } = {}) {
    const entry = createRequire(path.join(modules, "x")).resolve("puppeteer-core");
    const { default: puppeteer } = await import(pathToFileURL(entry));
    const started = new Browser();
    started.#browser = await puppeteer.launch({
      executablePath: chromium,
      headless: true,
      pipe: true,
      args: FLAGS,
      defaultViewport: { width: 1440, height: 900 },
      protocolTimeout: 0,
    });
    try {
      await started.#prepare(screen);
    } catch (error) {
      await started.close();
      throw error;
    }
    return started;
  }

  async #prepare(screen) {
    this.version = await this.#browser.version();
    [this.page] = await this.#browser.pages();
    const { page } = this;
    this.#broken = new Promise((_, reject) => {
      page.on("error", (error) => reject(new Error(`the page crashed: ${error.message}`)));
      page.on("pageerror", (error) => {
        this.#said.push(`error: ${error?.message ?? error}`);
        setTimeout(() => reject(new Error("an error was not caught")), AFTER_ERROR);
      });
    });
    this.#broken.catch(() => {});
    page.on("console", (message) => this.#said.push(`${message.type()}: ${message.text()}`));
    page.on("requestfailed", (request) => this.#said.push(`${request.url()}: ${request.failure()?.errorText}`));
    page.on("response", (response) => {
      if (response.status() >= 400) this.#said.push(`${response.url()}: status ${response.status()}`);
    });
    await page.evaluateOnNewDocument(watch, screen);
  }

  /// Process ids of everything that runs pages.
  async renderers() {
    this.#session ??= this.#browser.target().createCDPSession();
    const { processInfo } = await (await this.#session).send("SystemInfo.getProcessInfo");
    return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  }

  /// What `work` makes of the page, within a time; what the console said comes with the error.
  async within(seconds, what, work) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what} took longer than ${seconds} s`)), seconds * 1_000);
    });
    try {
      return await Promise.race([work(this.page), late, this.#broken]);
    } catch (error) {
      const said = this.#said.slice(-12).map((line) => `the page said ${line.slice(0, 500)}`);
      throw new Error([`${what}: ${error.message}`, ...(said.length ? said : ["the page said nothing"])].join("\n"));
    } finally {
      clearTimeout(timer);
    }
  }

  async close() {
    const process = this.#browser.process();
    const ended = this.#browser.close().catch(() => {});
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 5_000))]);
    // Only the browser that we started; what it left behind goes with its group.
    if (process && process.exitCode === null) process.kill("SIGKILL");
  }
}

// node bundle.mjs MODULES PAGES OUT: each peer in one minified file, as a page that uses it would be served, beside the
// pages' HTML.

import { cp, mkdir, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const [modules, pages, out] = process.argv.slice(2).map((argument) => path.resolve(argument));
const esbuild = createRequire(path.join(modules, "x"))("esbuild");

await mkdir(out, { recursive: true });
const engines = (await readdir(path.join(pages, "engines"))).map((name) => path.join(pages, "engines", name));
await esbuild.build({
  entryPoints: engines,
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  nodePaths: [modules],
  logLevel: "warning",
});
for (const name of await readdir(pages)) {
  if (name.endsWith(".html")) await cp(path.join(pages, name), path.join(out, name));
}

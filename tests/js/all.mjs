/** Runs every test of this folder in one process: `node tests/js/all.mjs`. A process for each file takes three times as long. */

import { readdirSync } from "node:fs";

const files = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".test.mjs"));
for (const name of files.sort()) {
  await import(`./${name}`);
}

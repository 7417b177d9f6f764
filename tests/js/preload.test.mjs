import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const STATIC = new URL("../../static/", import.meta.url);
const IMPORT = /^import (?:[^;"]* from )?"(\.[^"]+)";/gms;

/** Addresses of the modules that a module imports statically, itself included. */
function graph(address, found = new Set()) {
  if (found.has(address.href)) return found;
  found.add(address.href);
  for (const [, path] of readFileSync(address, "utf8").matchAll(IMPORT)) graph(new URL(path, address), found);
  return found;
}

test("the page preloads exactly the modules that it needs at its start, in one wave", () => {
  const html = readFileSync(new URL("index.html", STATIC), "utf8");
  const preloaded = [...html.matchAll(/<link rel="modulepreload" href="([^"]+)">/g)].map(([, path]) => new URL(path, STATIC).href);
  const needed = [...graph(new URL("js/main.js", STATIC))].filter((address) => !address.endsWith("js/main.js"));
  assert.deepEqual(preloaded, needed.sort());
  assert.ok(!needed.some((address) => address.includes("fallback")));
});

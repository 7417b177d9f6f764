/** Prints what the official parser says of an AsyncAPI document, as JSON: `node validate.mjs FILE...` */

import { readFileSync } from "node:fs";

import { Parser } from "@asyncapi/parser";

const SEVERITIES = ["error", "warning", "information", "hint"];
const results = {};
for (const file of process.argv.slice(2)) {
  const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"));
  results[file] = {
    isValid: document !== undefined,
    operations: document?.allOperations().length ?? 0,
    diagnostics: diagnostics.map(({ severity, code, message, path }) => ({
      ...{ severity: SEVERITIES[severity], code, message, path: path.join("/") },
    })),
  };
}
console.log(JSON.stringify(results));

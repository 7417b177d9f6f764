/**
 * Prints the diagnostics of the official parser for AsyncAPI documents, as JSON: `node validate.mjs FILE...`
 *
 * The rule that checks the document with every reference replaced by its object is off: each object is checked where it is
 * defined, and the rule takes two thirds of the time. tests/contract/test_specs.py checks the kinds of the references.
 */

import { readFileSync } from "node:fs";

import { Parser } from "@asyncapi/parser";

const SEVERITIES = ["error", "warning", "information", "hint"];
const parser = new Parser({ ruleset: { rules: { "asyncapi-document-resolved": "off" } } });
const results = {};
for (const file of process.argv.slice(2)) {
  const diagnostics = await parser.validate(readFileSync(file, "utf8"));
  results[file] = diagnostics.map(({ severity, code, message, path }) => ({
    ...{ severity: SEVERITIES[severity], code, message, path: path.join("/") },
  }));
}
console.log(JSON.stringify(results));

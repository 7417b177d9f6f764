/**
 * Writes the generated part of the TypeScript client from the committed specs.
 *
 *     node generate.mjs [FOLDER]      FOLDER: where to write, typescript/src/generated unless given
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import openapiTS, { astToString } from "openapi-typescript";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, "typescript/src/generated");
const NOTE = "// Generated from the specs by `make clients`; changes belong into the server's models.\n\n";

const read = (name) => JSON.parse(readFileSync(join(here, "specs", name), "utf8"));
const write = (name, text) => writeFileSync(join(target, name), NOTE + text);
const nameOf = (ref) => ref.split("/").pop();

/** The types of an OpenAPI document, as openapi-typescript writes them. */
const types = async (document) => astToString(await openapiTS(document, { alphabetize: true, defaultNonNullable: false }));

/** Method, path and parameters of each operation, for the thin client at run time. */
function operationTable(document) {
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => [operationId, method.toUpperCase(), path]),
  );
  const lines = rows.sort().map(([id, method, path]) => `  ${id}: [${JSON.stringify(method)}, ${JSON.stringify(path)}],\n`);
  return `/** Method and path of every operation. */\nexport const OPERATIONS = {\n${lines.join("")}} as const;\n`;
}

/** Enumerations as constant objects: `Side.BUY`. */
function codes(document) {
  return Object.entries(document.components.schemas)
    .filter(([, schema]) => schema["x-enum-varnames"])
    .map(([name, schema]) => {
      const members = schema["x-enum-varnames"].map((member, at) => `  ${member}: ${JSON.stringify(schema.enum[at])},\n`);
      return `/** ${schema.description ?? name} */\nexport const ${name} = {\n${members.join("")}} as const;\n`;
    })
    .join("\n");
}

/** What is sent to subscribe to each route, and what comes back. */
function routeTable(document) {
  const { messages, schemas } = document.components;
  const payload = (message) => schemas[nameOf(message.payload.$ref)].properties.payload;
  const type = (schema) => `components["schemas"][${JSON.stringify(nameOf(schema.$ref))}]`;
  const byName = Object.fromEntries(Object.values(messages).map((message) => [message.name, message]));
  const routes = Object.keys(byName).filter((name) => name.endsWith(".update")).map((name) => name.slice(0, -7)).sort();
  const shapes = routes.map((route) => {
    const subscription = type(payload(byName[`${route}.subscribe`]));
    const update = type(payload(byName[`${route}.update`]).properties.payload);
    return `  ${JSON.stringify(route)}: { subscription: ${subscription}; update: ${update} };\n`;
  });
  const delivery = routes.map((route) => `  ${JSON.stringify(route)}: ${JSON.stringify(byName[`${route}.update`]["x-delivery"])},\n`);
  return (
    `\n/** Subscription and update of every route. */\nexport interface Routes {\n${shapes.join("")}}\n` +
    "\n/** Whether every update of a route comes, or the newest state. */\n" +
    `export const DELIVERY: Readonly<Record<keyof Routes, "exact" | "conflated">> = {\n${delivery.join("")}};\n`
  );
}

const openapi = read("openapi.json");
const asyncapi = read("asyncapi.json");
const carrier = { openapi: "3.1.0", info: openapi.info, paths: {}, components: { schemas: asyncapi.components.schemas } };
mkdirSync(target, { recursive: true });
write("rest.ts", await types(openapi));
write("operations.ts", operationTable(openapi));
write("codes.ts", codes(openapi));
write("stream.ts", (await types(carrier)) + routeTable(asyncapi));

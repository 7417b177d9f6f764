/**
 * Writes from the committed specs the generated part of the TypeScript client and the wire types of the page.
 *
 *     node generate.mjs [FOLDER]      FOLDER: write there, under the same names, instead of into this checkout
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const here = dirname(fileURLToPath(import.meta.url));
const root = process.argv[2] ?? dirname(here);
const CLIENT = "clients/typescript/src/generated";
const PAGE = "static/js/types";
const NOTE = "// Generated from the specs by `make clients`; changes belong into the server's models.\n\n";

const read = (name) => JSON.parse(readFileSync(join(here, "specs", name), "utf8"));
const write = (folder, name, text) => {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, name), NOTE + text);
};
const nameOf = (ref) => ref.split("/").pop();

const unknown = ts.factory.createKeywordTypeNode(ts.SyntaxKind.UnknownKeyword);
/** A field for any JSON value takes a value of any type. */
const transform = (_, { path }) => (path?.endsWith("/schemas/JsonValue") ? unknown : undefined);

/** The types of an OpenAPI document, as openapi-typescript writes them. */
const types = async (document, options = {}) =>
  astToString(await openapiTS(document, { alphabetize: true, defaultNonNullable: false, transform, ...options }));

/** Media type of answers that are no JSON value, which the client does not read. */
const LINES = "application/x-ndjson";

/** Method and path of each operation with a JSON answer, for the thin client at run time. */
function operationTable(document) {
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { responses }]) => !JSON.stringify(responses).includes(LINES))
      .map(([method, { operationId }]) => [operationId, method.toUpperCase(), path]),
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
const carrier = (schemas) => ({ openapi: "3.1.0", info: openapi.info, paths: {}, components: { schemas } });
/** Shapes of the wire, but not the envelopes around them and not what only other clients use. */
const shapes = Object.entries({ ...asyncapi.components.schemas, ...openapi.components.schemas })
  .filter(([name]) => !/Message$|^Udf/.test(name) || /^(Order|Account)Message$/.test(name));

write(CLIENT, "rest.ts", await types(openapi));
write(CLIENT, "operations.ts", operationTable(openapi));
write(CLIENT, "codes.ts", codes(openapi));
write(CLIENT, "stream.ts", (await types(carrier(asyncapi.components.schemas))) + routeTable(asyncapi));
write(PAGE, "wire.d.ts", await types(carrier(Object.fromEntries(shapes)), { rootTypes: true, rootTypesNoSchemaPrefix: true, rootTypesKeepCasing: true }));

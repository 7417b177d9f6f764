import assert from "node:assert/strict";
import { test } from "node:test";

import { curlOf, requestOf } from "../../static/specs/curl.js";

const ORIGIN = "http://localhost:8000";

test("arguments go to their places, and those without a value are left out", () => {
  const args = [
    { name: "orderId", place: "path", value: "A/1" }, { name: "symbol", place: "query", value: "A B" },
    { name: "side", place: "query", value: "" }, { name: "X-Account", place: "header", value: "DEMO" },
  ];
  const request = requestOf({ method: "DELETE", path: "/orders/{orderId}", origin: ORIGIN, args });
  assert.deepEqual(request, { method: "DELETE", url: `${ORIGIN}/orders/A%2F1?symbol=A%20B`, headers: { "X-Account": "DEMO" } });
});

test("a body is JSON, and is written on one line of the command", () => {
  const request = requestOf({ method: "POST", path: "/orders", origin: ORIGIN, args: [], body: '{\n  "text": "it\'s"\n}' });
  assert.equal(request.headers["Content-Type"], "application/json");
  assert.equal(curlOf(request, false), [
    "curl -X POST", "'http://localhost:8000/orders'", "-H 'Content-Type: application/json'", `-d '{"text":"it'\\''s"}'`,
  ].join(" \\\n  "));
});

test("the command has a variable in the place of the token", () => {
  const request = requestOf({ method: "GET", path: "/config", origin: ORIGIN, args: [] });
  assert.equal(curlOf(request, true), `curl \\\n  '${ORIGIN}/config' \\\n  -H "Authorization: Bearer $TOKEN"`);
});

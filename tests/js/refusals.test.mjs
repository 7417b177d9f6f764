import assert from "node:assert/strict";
import { test } from "node:test";

import { fieldOfError, fieldOfReason } from "../../static/js/views/refusals.js";

const ROWS = [
  ["BAD_QTY_STEP", "qty 1.5 is not a multiple of 1 for AAPL", "qty"],
  ["INSUFFICIENT_MARGIN", "", "qty"],
  ["BAD_PRICE_TICK", "limitPrice 1.005 is not a multiple of 0.01", "limitPrice"],
  ["BAD_PRICE_TICK", "stopPrice 1.005 is not a multiple of 0.01", "stopPrice"],
  ["STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY", "", "stopPrice"],
  ["UNSUPPORTED_COMBINATION", "", "type"],
  ["MARKET_CLOSED", "", "form"],
  ["SOMETHING_NEW", "", "form"],
];

for (const [code, text, field] of ROWS) {
  test(`${code} ${text} belongs to ${field}`, () => assert.equal(fieldOfReason(code, text), field));
}

test("a value that does not validate belongs to the field in its path", () => {
  const error = { code: "VALIDATION", message: "", errors: [{ loc: ["body", "stopPrice"], msg: "", type: "" }] };
  assert.equal(fieldOfError(error), "stopPrice");
});

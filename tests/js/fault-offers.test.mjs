import assert from "node:assert/strict";
import { test } from "node:test";

import { FAULT_OFFERS, faultOf, faultStatus, faultText } from "../../static/js/lib/fault-offers.js";

const SUBJECT = { account: "DEMO", session: "s1" };
const RULES = {
  "Reject next order": { stage: "order", match: { account: "DEMO" }, action: "reject" },
  "Lose next reply": { stage: "request", match: { method: "POST", path: "*/broker/orders", account: "DEMO" }, action: "status" },
  "Cut the socket": { stage: "connection", match: { session: "s1" }, action: "close" },
};
for (const offer of FAULT_OFFERS) {
  test(`${offer.name} is one rule that is applied once`, () => {
    const { name, stage, match, times, do: action } = faultOf(offer, SUBJECT);
    const rule = RULES[offer.name];
    assert.deepEqual({ name, stage, match, times, action: Object.keys(action) }, { ...rule, name: offer.name, times: 1, action: [rule.action] });
  });
}

test("a lost reply is that of an order that was placed", () => {
  assert.equal(faultOf(FAULT_OFFERS[1], SUBJECT).phase, "after");
});

for (const [times, applied, status] of [[1, 0, "waiting"], [1, 1, "applied"], [undefined, 7, "waiting"]]) {
  test(`a fault of ${times} times that was applied ${applied} times is ${status}`, () => {
    assert.equal(faultStatus({ times, stats: { matched: applied, applied } }), status);
  });
}

test("a fault without a name is said by its stage and action", () => {
  assert.equal(faultText({ name: "", stage: "push", do: { drop: true } }), "push: drop");
  assert.equal(faultText({ name: "mine", stage: "push", do: { drop: true } }), "mine");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { marginShare } from "../../static/js/views/account.js";
import { secondsToRetry } from "../../static/js/views/status.js";

const SHARES = [[0, 0, 0], [1000, 250, 0.25], [600, 1002, 1.67], [-5, 100, Infinity], [-5, 0, 0]];
for (const [equity, marginUsed, share] of SHARES) {
  test(`margin ${marginUsed} of equity ${equity} is ${share}`, () => assert.equal(marginShare({ equity, marginUsed }), share));
}

const [CONNECTED, CONNECTING] = [1, 2];
const RETRIES = [
  [{ status: CONNECTING, retryAt: 4200 }, 4],
  [{ status: CONNECTING, retryAt: 1001 }, 1],
  [{ status: CONNECTING, retryAt: 1000 }, null],
  [{ status: CONNECTING }, null],
  [{ status: CONNECTED, retryAt: 4200 }, null],
];
for (const [connection, seconds] of RETRIES) {
  test(`countdown of ${JSON.stringify(connection)} is ${seconds}`, () => assert.equal(secondsToRetry(connection, 1000), seconds));
}

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiAdapter } from "../../static/js/adapters/api-adapter.js";
import { Credentials } from "../../static/js/adapters/credentials.js";
import { WebSocketClient } from "../../static/js/adapters/ws-client.js";
import { FakeSocket, FakeTimers } from "./fakes.mjs";

const WISH = { reason: "a token is needed", isUrgent: true };
const [CONNECTING, DISCONNECTED] = [2, 3];
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A person who is asked for tokens and answers when the test says so. */
function person() {
  const wishes = [];
  const answers = [];
  const credentials = new Credentials((wish) => {
    wishes.push(wish);
    return new Promise((resolve) => answers.push(resolve));
  });
  return { credentials, wishes, answer: async (token) => {
    answers.shift()(token);
    await turn();
  } };
}

test("many refusals are one question", async () => {
  const { credentials, wishes, answer } = person();
  const renewals = [credentials.renew("", WISH), credentials.renew("", WISH)];
  await answer("fresh");
  assert.deepEqual(await Promise.all(renewals), [true, true]);
  assert.deepEqual(wishes, [WISH]);
  assert.equal(credentials.token, "fresh");
});

test("the refusal of a token that was replaced meanwhile is no question", async () => {
  const { credentials, wishes, answer } = person();
  credentials.renew("", WISH);
  await answer("fresh");
  assert.equal(await credentials.renew("", WISH), true);
  assert.equal(wishes.length, 1);
});

test("a question that was put off leaves the old token", async () => {
  const { credentials, answer } = person();
  const renewal = credentials.renew("", WISH);
  await answer(null);
  assert.equal(await renewal, false);
  assert.equal(credentials.token, "");
});

for (const [claims, account] of [[{ sub: "ANN" }, "ANN"], [{ sub: "desk", accounts: ["D-1", "D-2"] }, "D-1"], [null, undefined]]) {
  test(`token of ${JSON.stringify(claims)} opens ${account}`, async () => {
    const { credentials, answer } = person();
    credentials.renew("", WISH);
    await answer(claims ? `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s` : "garbage");
    assert.equal(credentials.account, account);
  });
}

test("a refused request is sent again with the new token, until one is good", async () => {
  const { credentials, wishes, answer } = person();
  const sent = [];
  const api = new ApiAdapter("/api/v1", async (address, { headers }) => {
    sent.push(headers.Authorization);
    if (headers.Authorization === "Bearer good") return new Response("[]");
    return new Response(JSON.stringify({ code: "UNAUTHORIZED", detail: `not ${sent.length}` }), { status: 401 });
  }, credentials);
  const orders = api.orders();
  await turn();
  await answer("bad");
  await answer("good");
  assert.deepEqual(await orders, []);
  assert.deepEqual(sent, [undefined, "Bearer bad", "Bearer good"]);
  assert.deepEqual(wishes.map(({ reason }) => reason), ["not 1", "not 2"]);
});

test("a refusal without a new token is an error", async () => {
  const { credentials, answer } = person();
  const api = new ApiAdapter("/api/v1", async () => new Response('{"code": "UNAUTHORIZED"}', { status: 401 }), credentials);
  const refused = assert.rejects(api.orders(), ({ status, code }) => status === 401 && code === "UNAUTHORIZED");
  await turn();
  await answer(null);
  await refused;
});

test("an account that the token names and nobody opened is opened", async () => {
  const { credentials, answer } = person();
  const bodies = [];
  const api = new ApiAdapter("/api/v1", async (address, { method, body }) => {
    if (method === "POST") bodies.push(JSON.parse(body));
    return new Response(address.endsWith("/accounts") ? '[{"id": "BOB", "name": "Bob"}]' : '{"id": "ANN", "name": "ANN"}');
  }, credentials);
  credentials.renew("", WISH);
  await answer(`h.${btoa('{"sub":"ANN"}')}.s`);
  assert.equal((await api.account()).id, "ANN");
  assert.deepEqual(bodies, [{ id: "ANN", name: "ANN" }]);
});

function connected() {
  const sockets = [];
  const states = [];
  const timers = new FakeTimers();
  const asked = person();
  const client = new WebSocketClient("ws://server/api/v1/ws", (state) => states.push(state), {
    createSocket: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1);
    },
    setTimer: timers.set, clearTimer: timers.clear, random: () => 0, credentials: asked.credentials,
  });
  client.connect();
  sockets[0].open();
  return { ...asked, client, sockets, states, timers };
}

for (const code of [4500, 4502]) {
  test(`closed with ${code}, the page asks for a token and comes back with it in hello`, async () => {
    const { sockets, states, wishes, answer } = connected();
    assert.deepEqual(sockets[0].sentOf("hello")[0].payload, {});
    sockets[0].drop(code, "a token is needed");
    assert.deepEqual(states.at(-1), { status: CONNECTING, message: "a token is needed", needsToken: true });
    assert.deepEqual(wishes, [WISH]);
    await answer("fresh");
    sockets[1].open();
    assert.deepEqual(sockets[1].sentOf("hello")[0].payload, { token: "fresh" });
  });
}

test("a notice of the token's end is answered by a hello on the same connection", async () => {
  const { sockets, wishes, answer } = connected();
  sockets[0].receive({ type: "notice", payload: { code: "TOKEN", message: "the token ends", inMs: 60_000 } });
  assert.deepEqual(wishes, [{ reason: "it is good for another 60 seconds", isUrgent: false }]);
  await answer("fresh");
  assert.deepEqual(sockets[0].sentOf("hello").at(-1).payload, { token: "fresh" });
  assert.equal(sockets.length, 1);
});

test("another notice is no question", () => {
  const { sockets, wishes } = connected();
  sockets[0].receive({ type: "notice", payload: { code: "AGE", message: "the connection ends", inMs: 60_000 } });
  assert.deepEqual(wishes, []);
});

for (const code of [4501, 4504, 4505, 4507]) {
  test(`closed with ${code}, the page says why and stays away`, async () => {
    const { client, sockets, states, timers, wishes } = connected();
    sockets[0].drop(code, "too much");
    await turn();
    client.retryNow();
    timers.advance(120_000);
    assert.deepEqual(states.at(-1), { status: DISCONNECTED, message: "too much" });
    assert.deepEqual([sockets.length, wishes.length], [1, 0]);
  });
}

test("an ended token is a reason to come back, and to be asked for another one then", () => {
  const { sockets, states, timers, wishes } = connected();
  sockets[0].drop(4005, "the token has expired");
  assert.equal(states.at(-1).status, CONNECTING);
  timers.advance(0);
  sockets[1].open();
  sockets[1].drop(4500, "the token has expired");
  assert.equal(wishes.length, 1);
});

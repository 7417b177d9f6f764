/** Follows the orders of the demo account and prints what the client says: `node follow.mjs CLIENT SOCKET`. */

const { Stream } = await import(process.argv[2]);
const say = (...words) => console.log(words.join(" "));

const stream = new Stream({
  address: process.argv[3],
  pauseMs: 20,
  onStatus: (status, code) => say("status", status, code ?? ""),
});
const payload = { accountId: "DEMO-ACCOUNT" };
const first = await stream.subscribe("orders", payload, {
  onUpdate: (order, seq) => say("first", order.id, seq),
  onReset: (snapshot) => say("reset", snapshot?.length ?? "nothing"),
});
const second = await stream.subscribe("orders", payload, (order) => say("second", order.id));
say("topics", first.topic === second.topic ? "shared" : "different");
try {
  await stream.subscribe("bars", { symbol: "NOPE", resolution: "1" }, () => {});
} catch (error) {
  say("refused", error.code);
}
for await (const command of process.stdin) {
  if (String(command).includes("cancel")) {
    await first.cancel();
    await second.cancel();
    say("cancelled");
  }
  if (String(command).includes("close")) break;
}
stream.close();
process.exit(0);

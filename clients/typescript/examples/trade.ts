/** Follow an account and the price of a symbol, buy at the market, close again: `node trade.js http://127.0.0.1:8000`. */

import { createApi, OrderType, Refused, Side, Stream, type StreamTypes } from "../src/index.js";

declare const process: { argv: string[] };

type Execution = StreamTypes["schemas"]["Execution"];

const address = process.argv[2] ?? "http://127.0.0.1:8000";
const symbol = process.argv[3] ?? "AAPL";
const api = createApi({ address });
const stream = new Stream({ address: `${address.replace("http", "ws")}/api/v1/ws` });

const { id: accountId } = await api.getAccountInfo();
const executions: Execution[] = [];
let onExecution: () => void = () => {};
await stream.subscribe("executions", { accountId, symbol }, (execution) => {
  console.log(`${execution.side === Side.BUY ? "bought" : "sold"} ${execution.qty} ${symbol} at ${execution.price}`);
  executions.push(execution);
  onExecution();
});
const executed = (count: number): Promise<void> =>
  new Promise((resolve) => {
    onExecution = () => executions.length >= count && resolve();
    onExecution();
  });

const quote = await new Promise<number>((resolve, reject) => {
  stream
    .subscribe("quotes", { symbols: [], fast_symbols: [symbol] }, ({ v }) => "lp" in v && resolve(v.lp))
    .catch(reject);
});
console.log(`${symbol} trades at ${quote}`);

await api.placeOrder({ body: { symbol, type: OrderType.MARKET, side: Side.BUY, qty: 10 } });
await executed(1);
await api.closePosition({ path: { positionId: symbol } });
await executed(2);

try {
  await api.placeOrder({ body: { symbol, type: OrderType.LIMIT, side: Side.BUY, qty: 10 } });
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.log(`refused: ${error.code}`);
}
const { realizedPL, currency } = await api.getAccountState();
console.log(`realized ${realizedPL.toFixed(2)} ${currency}`);
stream.close();

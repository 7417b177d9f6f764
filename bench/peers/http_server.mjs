// Node's http: reads the body, answers a constant.
import { createServer } from "node:http";

const ANSWER = JSON.stringify({ orderId: "1" });
const HEADERS = { "Content-Type": "application/json", "Content-Length": ANSWER.length };

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.writeHead(200, HEADERS);
    response.end(ANSWER);
  });
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
setTimeout(() => process.exit(1), 120_000).unref();

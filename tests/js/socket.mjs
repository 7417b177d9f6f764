/** The browser's WebSocket, as much of it as the page uses, for Node versions that have none: text frames over `node:http`. */
import { randomBytes } from "node:crypto";
import { request } from "node:http";

const OPEN = 1;
const CLOSED = 3;
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** A client's frame: always masked. */
function frame(opcode, payload) {
  const mask = randomBytes(4);
  const { length } = payload;
  const head = length < 126 ? Buffer.from([0x80 | opcode, 0x80 | length]) : Buffer.from([0x80 | opcode, 0x80 | 126, length >> 8, length & 255]);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ mask[index % 4])]);
}

/** Take whole frames off the front of a buffer: [frames, what is left]. */
function parse(buffer) {
  const frames = [];
  for (;;) {
    if (buffer.length < 2) return [frames, buffer];
    const short = buffer[1] & 127;
    const extra = { 126: 2, 127: 8 }[short] ?? 0;
    if (buffer.length < 2 + extra) return [frames, buffer];
    const length = extra === 2 ? buffer.readUInt16BE(2) : extra === 8 ? Number(buffer.readBigUInt64BE(2)) : short;
    const end = 2 + extra + length;
    if (buffer.length < end) return [frames, buffer];
    frames.push({ opcode: buffer[0] & 15, payload: buffer.subarray(2 + extra, end) });
    buffer = buffer.subarray(end);
  }
}

export class Socket {
  readyState = 0;
  #stream = null;

  /** @param {string} url ws://host:port/path */
  constructor(url) {
    const { hostname, port, pathname } = new URL(url);
    const headers = {
      Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": 13, "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    };
    const asked = request({ hostname, port, path: pathname, headers });
    asked.on("upgrade", (_, stream, head) => this.#opened(stream, head));
    asked.on("response", () => this.#lost());
    asked.on("error", () => this.#lost());
    asked.end();
  }

  #opened(stream, head) {
    this.#stream = stream;
    this.readyState = OPEN;
    let buffer = head;
    const take = (chunk) => {
      const [frames, rest] = parse(Buffer.concat([buffer, chunk]));
      buffer = rest;
      for (const { opcode, payload } of frames) this.#received(opcode, payload);
    };
    stream.on("data", take);
    stream.on("close", () => this.#lost());
    stream.on("error", () => {});
    this.onopen?.();
    take(Buffer.alloc(0));
  }

  #received(opcode, payload) {
    if (opcode === TEXT) this.onmessage?.({ data: payload.toString() });
    else if (opcode === PING) this.#stream.write(frame(PONG, payload));
    else if (opcode === CLOSE) this.close();
  }

  #lost() {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.onclose?.({ code: 1006, reason: "" });
  }

  send(text) {
    this.#stream?.write(frame(TEXT, Buffer.from(text)));
  }

  close() {
    this.#stream?.destroy();
  }
}

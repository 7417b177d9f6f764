/** Market time that a client moves; the server needs `--control`. */

import type { components } from "./generated/rest.js";
import type { Api } from "./rest.js";

type Schemas = components["schemas"];

/**
 * Move the clock forward, and wait until that is done. Rejects with `Refused`.
 *
 * It waits `waitS` seconds, at most 300; when the move takes longer, the status of the answer is `advancing`.
 */
export function moveClock(api: Api, target: Schemas["ClockAdvance"], waitS = 60): Promise<Schemas["ClockState"]> {
  return api.advanceClock({ body: target, headers: { Prefer: `wait=${waitS}` } });
}

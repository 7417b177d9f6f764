/** Faults around a piece of work; the server needs `--control`. */

import type { components } from "./generated/rest.js";
import { Refused, type Api } from "./rest.js";

type Schemas = components["schemas"];
const NOT_FOUND = 404;

/** What the work may ask about its fault. */
export interface ActiveFault {
  readonly id: string;
  /** How many cases it matched, and how often it was applied. */
  stats(): Promise<Schemas["FaultStats"]>;
}

/** Let something go wrong while `work` runs. Rejects with what `work` rejects with; the fault ends in any case. */
export async function withFault<T>(
  api: Api,
  fault: Schemas["FaultRequest"],
  work: (active: ActiveFault) => Promise<T>,
): Promise<T> {
  const { id } = await api.addFault({ body: fault });
  const path = { faultId: id };
  try {
    return await work({ id, stats: async () => (await api.getFault({ path })).stats });
  } finally {
    await api.removeFault({ path }).catch((error: unknown) => {
      if (!(error instanceof Refused) || error.status !== NOT_FOUND) throw error;
    });
  }
}

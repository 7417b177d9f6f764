// @ts-check
/**
 * Decides when the page is painted: once for a burst of changes, in however many tasks it comes. Pure: timers and frames are arguments.
 */

/** A burst that goes on for longer is painted in parts. */
const LONGEST_BURST_MS = 24;

/**
 * @typedef {object} Clockwork
 * @property {(callback: () => void) => unknown} nextTask calls back behind the tasks that wait already
 * @property {(callback: () => void) => unknown} requestFrame calls back in the next frame
 * @property {() => number} now milliseconds
 */

/** @returns {Clockwork} that of this browser */
export function browserClockwork() {
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void)[]} */
  const waiting = [];
  port1.onmessage = () => waiting.shift()?.();
  return {
    nextTask(callback) {
      waiting.push(callback);
      port2.postMessage(null);
    },
    requestFrame: (callback) => requestAnimationFrame(callback),
    now: () => performance.now(),
  };
}

/**
 * Collects what has to be painted and paints each thing once per frame, however often it was marked.
 *
 * A tick is some fifty messages, and each comes as a task of its own. A frame between them would show a part of the tick and
 * delay the rest by its own length, so a frame that comes before the burst is over does nothing and asks for the next one:
 * over is a burst when a task passed in which nothing was marked. The frame is asked for at the first mark all the same,
 * because the browser needs a while to begin with frames.
 */
export class Painter {
  /** @type {Set<() => void>} */
  #dirty = new Set();
  /** @type {Set<() => void>} */
  #early = new Set();
  #isAsked = false;
  #isOver = false;
  #awaitsEnd = false;
  /** Counts the marks. */
  #turn = 0;
  #clockwork;

  /** @param {Clockwork} clockwork */
  constructor(clockwork) {
    this.#clockwork = clockwork;
  }

  /**
   * Paint this in the next frame.
   * @param {() => void} paint
   */
  mark(paint) {
    this.#dirty.add(paint);
    this.#ask();
  }

  /**
   * Do this before the next frame, at the end of the burst: for what asks for a frame itself and would come one too late.
   * @param {() => void} work
   */
  prepare(work) {
    this.#early.add(work);
    this.#ask();
  }

  /**
   * Do not paint or prepare this after all.
   * @param {() => void} paint
   */
  forget(paint) {
    this.#dirty.delete(paint);
    this.#early.delete(paint);
  }

  #ask() {
    this.#turn += 1;
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#isOver = false;
    if (!this.#awaitsEnd) this.#awaitEnd();
    this.#awaitFrame(this.#clockwork.now());
  }

  #awaitEnd() {
    const turn = this.#turn;
    this.#awaitsEnd = true;
    this.#clockwork.nextTask(() => {
      if (turn !== this.#turn) {
        this.#awaitEnd();
        return;
      }
      this.#awaitsEnd = false;
      this.#isOver = true;
      run(this.#early);
    });
  }

  /** @param {number} since when the burst began */
  #awaitFrame(since) {
    this.#clockwork.requestFrame(() => {
      if (this.#isOver || this.#clockwork.now() - since >= LONGEST_BURST_MS) this.#flush();
      else this.#awaitFrame(since);
    });
  }

  #flush() {
    this.#isAsked = false;
    run(this.#early);
    run(this.#dirty);
  }
}

/** @param {Set<() => void>} works emptied; what is added meanwhile is for the next time */
function run(works) {
  const now = [...works];
  works.clear();
  for (const work of now) work();
}

// @ts-check
/** A view whose code is loaded when it is opened for the first time. The layout opens and closes it like any other. */

/** @typedef {Pick<import("./view.js").View, "open" | "close">} Openable */

export class LazyView {
  #load;
  #onFailure;
  #isOpen = false;
  /** @type {Promise<Openable> | null} */
  #loading = null;
  /** @type {Openable | null} */
  #view = null;

  /**
   * @param {() => Promise<Openable>} load
   * @param {() => void} onFailure the code could not be loaded; it is asked for again when the view is opened again
   */
  constructor(load, onFailure) {
    this.#load = load;
    this.#onFailure = onFailure;
  }

  open() {
    this.#isOpen = true;
    if (this.#view) this.#view.open();
    else if (!this.#loading) this.#openLoaded();
  }

  close() {
    this.#isOpen = false;
    this.#view?.close();
  }

  async #openLoaded() {
    this.#loading = this.#load();
    try {
      this.#view = await this.#loading;
    } catch {
      this.#loading = null;
      this.#onFailure();
      return;
    }
    if (this.#isOpen) this.#view.open();
  }
}

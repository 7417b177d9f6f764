// @ts-check
/**
 * Visibility: folded panels, the tab of the account manager, and on a narrow page one section at a time. Views that
 * are not visible are closed, and a closed view follows nothing.
 *
 * @import {Memory} from "../lib/memory.js"
 * @import {Openable} from "./lazy.js"
 */
import { byId } from "../lib/dom.js";

const NARROW = "(max-width: 820px)";
/** Below this width the depth is folded until the trader opens it. */
const WIDE_PX = 1200;

/**
 * @typedef {object} Views
 * @property {Openable} chart
 * @property {Openable} watchlist
 * @property {Openable} ticket
 * @property {Openable} depth
 * @property {Record<string, Openable>} tabs views of the account manager by the id of their tab panel
 */

export class Layout {
  #views;
  #isNarrow = matchMedia(NARROW);
  #section = "chart";
  #tab;
  /** Ids of folded panels. @type {Set<string>} */
  #folded;
  #memory;

  /**
   * @param {Views} views
   * @param {Memory} memory
   */
  constructor(views, memory) {
    this.#views = views;
    this.#memory = memory;
    this.#folded = new Set(memory.recall("folded", innerWidth < WIDE_PX ? ["depth"] : []));
    const names = Object.keys(views.tabs);
    const remembered = memory.recall("tab", names[0] ?? "");
    this.#tab = names.includes(remembered) ? remembered : names[0] ?? "";
    this.#isNarrow.addEventListener("change", () => this.apply());
    this.#wireFolds();
    this.#wireTabs();
    for (const button of byId("sections").querySelectorAll("button")) {
      button.addEventListener("click", () => this.show(button.dataset.section ?? "chart"));
    }
    this.apply();
  }

  /**
   * Bring a section to the front and unfold its panel.
   * @param {string} section
   */
  show(section) {
    this.#section = section;
    const panel = document.querySelector(`.panel[data-section="${section}"]`);
    if (panel) this.#folded.delete(panel.id);
    this.apply();
  }

  /** A symbol was chosen: on a narrow page that is a wish to see its chart. */
  symbolChosen() {
    if (this.#isNarrow.matches && this.#section === "market") this.show("chart");
  }

  /**
   * Put a panel away: fold it, or on a narrow page go back to the chart.
   * @param {string} panel
   */
  hide(panel) {
    if (this.#isNarrow.matches) this.#section = "chart";
    else this.#folded.add(panel);
    this.apply();
  }

  #wireFolds() {
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".fold, [data-fold]"))) {
      const panel = button.dataset.fold ?? button.closest(".panel")?.id ?? "";
      button.addEventListener("click", () => {
        if (!this.#folded.delete(panel)) this.#folded.add(panel);
        this.#memory.remember("folded", [...this.#folded]);
        this.apply();
      });
    }
  }

  #wireTabs() {
    for (const tab of /** @type {NodeListOf<HTMLElement>} */ (byId("tabs").querySelectorAll("[role=tab]"))) {
      const name = tab.getAttribute("aria-controls") ?? "";
      tab.hidden = !(name in this.#views.tabs);
      tab.addEventListener("click", () => this.#choose(name));
      tab.addEventListener("keydown", (event) => this.#step(event));
    }
  }

  /** @param {string} name */
  #choose(name) {
    this.#tab = name;
    this.#folded.delete("manager");
    this.#memory.remember("tab", name);
    this.apply();
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const names = Object.keys(this.#views.tabs);
    const next = names[(names.indexOf(this.#tab) + step + names.length) % names.length];
    this.#choose(next);
    byId(`tab-${next}`).focus();
    event.preventDefault();
  }

  /** @param {string} panel */
  #isVisible(panel) {
    const element = byId(panel);
    if (this.#isNarrow.matches) return element.dataset.section === this.#section;
    return !this.#folded.has(panel);
  }

  /** Open the views that are visible and close the others. */
  apply() {
    document.body.dataset.section = this.#section;
    for (const button of byId("sections").querySelectorAll("button")) {
      if (button.dataset.section === this.#section) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    for (const panel of ["watchlist", "ticket", "depth", "manager"]) this.#applyFold(panel);
    const isManagerVisible = this.#isVisible("manager");
    for (const name of Object.keys(this.#views.tabs)) this.#applyTab(name);
    const { chart, watchlist, ticket, depth, tabs } = this.#views;
    /** @type {[Openable, boolean][]} */
    const wanted = [
      [chart, this.#isVisible("chart")],
      [watchlist, this.#isVisible("watchlist")],
      [ticket, this.#isVisible("ticket")],
      [depth, this.#isVisible("depth")],
      ...Object.entries(tabs).map(([name, view]) => /** @type {[Openable, boolean]} */ ([view, isManagerVisible && name === this.#tab])),
    ];
    for (const [view, isOpen] of wanted) if (!isOpen) view.close();
    for (const [view, isOpen] of wanted) if (isOpen) view.open();
  }

  /** @param {string} panel */
  #applyFold(panel) {
    const isFolded = this.#folded.has(panel) && !this.#isNarrow.matches;
    byId(panel).classList.toggle("folded", isFolded);
    document.body.classList.toggle(`${panel}-folded`, isFolded);
    const button = document.querySelector(`#${panel} .fold, [data-fold="${panel}"]`);
    button?.setAttribute("aria-expanded", String(!isFolded));
  }

  /** @param {string} name */
  #applyTab(name) {
    const isChosen = name === this.#tab;
    const tab = byId(`tab-${name}`);
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    byId(name).hidden = !isChosen;
  }
}

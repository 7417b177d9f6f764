// @ts-check
/**
 * The address of the page names the symbol and the resolution that it shows: a link opens them, and a copied address is a link.
 *
 * @import {Link} from "./lib/links.js"
 * @import {State} from "./state.js"
 */
import { readLink, writeLink } from "./lib/links.js";

/** @returns {Link | null} null when the address names none; names of elements of the page are no symbols */
export function linkOfPage() {
  const isElement = location.hash.length > 1 && document.getElementById(location.hash.slice(1)) !== null;
  return isElement ? null : readLink(location.hash);
}

/**
 * Keep address and state together.
 * @param {Pick<State, "symbol" | "resolution">} state
 * @param {(symbol: string) => Promise<boolean>} isKnown says aloud when the symbol is not known
 */
export function followAddress({ symbol, resolution }, isKnown) {
  const write = () => history.replaceState(null, "", location.pathname + location.search + writeLink(symbol.value(), resolution.value()));
  symbol.subscribe(write);
  resolution.subscribe(write);
  window.addEventListener("hashchange", async () => {
    const link = linkOfPage();
    if (!link) return;
    if (await isKnown(link.symbol)) {
      symbol.setValue(link.symbol);
      if (link.resolution) resolution.setValue(link.resolution);
    }
    write();
  });
  write();
}

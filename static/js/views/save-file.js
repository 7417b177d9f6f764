// @ts-check
/** Saves a file on the trader's computer. */
import { h } from "../lib/dom.js";

/**
 * @param {string} name of the file
 * @param {Blob} content
 */
export function saveFile(name, content) {
  const address = URL.createObjectURL(content);
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(address);
}

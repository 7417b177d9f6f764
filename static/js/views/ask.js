// @ts-check
/** Asks a trader once before a command that concerns many orders or positions. */
import { h } from "../lib/dom.js";

/**
 * @param {{title: string, text: string, confirm: string}} question `confirm` is the text of the button
 * @returns {Promise<boolean>} false also when the dialog is closed with Escape
 */
export function askOnce({ title, text, confirm }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const dialog = h("dialog", { class: "dialog", "aria-labelledby": "ask-title", "aria-describedby": "ask-text" },
      h("form", { method: "dialog" },
        h("h2", { id: "ask-title" }, title),
        h("p", { id: "ask-text" }, text),
        h("p", { class: "dialog-buttons" },
          h("button", { class: "small", value: "no" }, "Back"),
          h("button", { class: "small primary", value: "yes" }, confirm))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before instanceof HTMLElement) before.focus();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

// @ts-check
/**
 * Asks a person for a token. Where nothing works without one the dialog is modal and stays. Where the old token is still valid
 * the dialog takes no focus, leaves the page usable and can be put off. The token is not stored here.
 *
 * @import {TokenWish} from "../adapters/credentials.js"
 */
import { h } from "../lib/dom.js";

/** Options of the command that makes a token; NAME and FILE are to be replaced. */
const OPTIONS = "token --account NAME --jwt-key-file FILE";

/** Return the command that makes a token. How the program is called depends on its installation, so the server says it. */
async function tokenCommand() {
  const program = await fetch("/command.json").then((answer) => answer.json()).catch(() => ({ command: "trading-pro" }));
  return `${program.command} ${OPTIONS}`;
}

/**
 * Write a reason as a sentence, without what only programs need of it.
 * @param {string} reason
 */
function sentence(reason) {
  const [text] = reason.split(":");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/**
 * @param {TokenWish} wish
 * @returns {Promise<string | null>} null: put off
 */
export function askForToken({ reason, isUrgent }) {
  return new Promise((resolve) => {
    const input = h("input", {
      type: "password", id: "token", required: true, autocomplete: "off", spellcheck: "false", "aria-describedby": "token-reason token-hint",
    });
    const command = h("code", { class: "command" });
    void tokenCommand().then((text) => command.append(text));
    const close = (/** @type {string | null} */ token) => {
      dialog.remove();
      resolve(token);
    };
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      const token = input.value.trim().replace(/^Bearer\s+/i, "");
      if (token) close(token);
    };
    const later = h("button", { type: "button", class: "small", onclick: () => close(null) }, "Later");
    const dialog = h("dialog", { class: "token", "aria-labelledby": "token-title" },
      h("form", { onsubmit: submit },
        h("h2", { id: "token-title" }, isUrgent ? "This server asks for a token" : "The token ends soon"),
        h("p", { id: "token-reason" }, sentence(reason)),
        h("label", { for: "token" }, "Token"), input,
        h("p", { id: "token-hint", class: "muted" }, "Kept in this page only, until it is closed or reloaded. ",
          "The operator of the server makes a token with the key file of the server:", command),
        h("p", { class: "token-buttons" }, !isUrgent && later, h("button", { type: "submit", class: "small primary" }, "Use this token"))));
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    document.body.append(dialog);
    if (!isUrgent) {
      // `show()` would take the focus away from a field in which somebody types.
      dialog.setAttribute("open", "");
      return;
    }
    dialog.showModal();
    input.focus();
  });
}

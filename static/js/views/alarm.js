// @ts-check
/** Draws the attention of a trader who may look elsewhere: a short sound, and a notification of the system where it is allowed. */

const TONES_HZ = [880, 1175];
const TONE_S = 0.14;
const VOLUME = 0.15;

/** Play two short tones. A browser refuses sound until somebody has clicked in the page. */
export function ring() {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.gain.value = VOLUME;
  gain.connect(context.destination);
  TONES_HZ.forEach((frequency, index) => {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(context.currentTime + index * TONE_S);
    tone.stop(context.currentTime + (index + 1) * TONE_S);
    if (index === TONES_HZ.length - 1) tone.addEventListener("ended", () => context.close());
  });
}

/** Ask once whether the system may show notifications. */
export async function askForNotifications() {
  if ("Notification" in globalThis && Notification.permission === "default") await Notification.requestPermission();
}

/**
 * @param {string} title
 * @param {string} text
 */
export function notifySystem(title, text) {
  if ("Notification" in globalThis && Notification.permission === "granted" && document.hidden) new Notification(title, { body: text });
}

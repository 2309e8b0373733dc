/**
 * Tells the other tabs of this origin. It carries access tokens, never a refresh token; without BroadcastChannel nobody is
 * told, and each tab finds out from the marker.
 * @param {string} name
 * @param {(message: any) => void} hear
 */
export function openChannel(name, hear) {
  /** @type {BroadcastChannel | undefined} */
  let channel;
  try {
    channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => hear(data);
  } catch {
    // As if nobody was there.
  }
  return {
    /** @param {object} message */
    post(message) {
      channel?.postMessage(message);
    },
    close() {
      channel?.close();
      channel = undefined;
    },
  };
}

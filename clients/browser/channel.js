/**
 * Tells the other tabs of this origin, and hears them. It carries access tokens, never a refresh token.
 * @param {string} name
 * @param {(message: any) => Promise<void>} hear
 * @returns {BroadcastChannel | undefined} nothing where there is none: then each tab finds out from the marker
 */
export function openChannel(name, hear) {
  try {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => void hear(data).catch(() => {});
    return channel;
  } catch {
    return;
  }
}

const KEY = 'symbolon.device';
const BROWSERS = [['Edg', 'Edge'], ['OPR', 'Opera'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['Safari', 'Safari']];
const SYSTEMS = [['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Android', 'Android'], ['Windows', 'Windows'], ['CrOS', 'ChromeOS'], ['Mac', 'macOS'], ['Linux', 'Linux']];

/** @param {string[][]} table @param {string} text @returns {string | undefined} the name in the first row that occurs in the text */
const firstOf = (table, text) => table.find(([part]) => text.includes(part))?.[1];

/** @returns {string} such as "Chrome on Linux": enough to tell one's devices apart, too little to tell people apart */
function deviceName() {
  const hints = navigator.userAgentData;
  const brand = hints?.brands.map(({ brand }) => brand).find((name) => !/not.?a.?brand|^chromium$/i.test(name.replace(/[^a-z ]/gi, ' ')));
  const browser = brand?.replace('Google ', '').replace('Microsoft ', '') ?? firstOf(BROWSERS, navigator.userAgent) ?? 'Browser';
  const system = hints?.platform || firstOf(SYSTEMS, navigator.userAgent);
  return system ? `${browser} on ${system}` : browser;
}

/** @returns {string | undefined} this browser's own id, no secret: signing in again from here replaces its older session; none where storage is blocked */
function deviceId() {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept) return kept;
    const id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    localStorage.setItem(KEY, id);
    return id;
  } catch {
    return undefined;
  }
}

/** @returns {{ id?: string, name: string, type: "browser" }} what this browser says about itself when it signs in */
export const thisDevice = () => ({ id: deviceId(), name: deviceName(), type: 'browser' });

/** What `<symbolon-devices>` says, in each of its languages. A device's name comes from its owner and is put in as text. */

/**
 * @typedef {object} Texts
 * @property {string} title @property {string} loading @property {string} signedOut @property {string} alone @property {string} current @property {string} now
 * @property {string} unnamed @property {string} end @property {string} rename @property {string} save @property {string} cancel @property {string} name
 * @property {string} others @property {string} again @property {string} failed @property {string} offline @property {string} nameHint
 * @property {(when: string) => string} seen @property {(when: string) => string} since
 * @property {(name: string) => string} ended @property {(n: number) => string} othersEnded @property {(name: string) => string} renamed
 * @property {(action: string, name: string, when: string) => string} which  names of buttons for those who hear them: two devices may bear the same name
 */

/** @type {Record<'en' | 'zh', Texts>} */
const TEXTS = {
  en: {
    title: 'Devices',
    loading: 'Loading devices…',
    signedOut: 'Sign in to see your devices.',
    alone: 'No other device is signed in.',
    current: 'This device',
    now: 'Active now',
    unnamed: 'Unnamed device',
    end: 'Sign out',
    rename: 'Rename',
    save: 'Save',
    cancel: 'Cancel',
    name: 'Name of the device',
    nameHint: 'Write a name.',
    others: 'Sign out all other devices',
    again: 'Try again',
    failed: 'That did not work. Try again in a moment.',
    offline: 'You are offline. Try again when you are connected.',
    seen: (when) => `Last seen ${when}`,
    since: (when) => `Signed in ${when}`,
    ended: (name) => `${name} is signed out.`,
    othersEnded: (n) => (n === 1 ? 'One other device is signed out.' : `${n} other devices are signed out.`),
    renamed: (name) => `The device is now called ${name}.`,
    which: (action, name, when) => `${action}: ${name}, ${when}`,
  },
  zh: {
    title: '设备',
    loading: '正在加载设备…',
    signedOut: '登录后即可查看您的设备。',
    alone: '没有其他已登录的设备。',
    current: '本设备',
    now: '当前在线',
    unnamed: '未命名设备',
    end: '退出登录',
    rename: '重命名',
    save: '保存',
    cancel: '取消',
    name: '设备名称',
    nameHint: '请输入名称。',
    others: '退出所有其他设备',
    again: '重试',
    failed: '操作未成功，请稍后重试。',
    offline: '网络已断开，请在恢复连接后重试。',
    seen: (when) => `上次活动：${when}`,
    since: (when) => `登录时间：${when}`,
    ended: (name) => `“${name}”已退出登录。`,
    othersEnded: (n) => `已退出其他 ${n} 台设备。`,
    renamed: (name) => `设备已重命名为“${name}”。`,
    which: (action, name, when) => `${action}：${name}，${when}`,
  },
};

/** @param {string} lang a language tag @returns {{ tag: string, texts: Texts }} English for those we do not speak */
export function textsFor(lang) {
  const language = /^zh\b/i.test(lang) ? 'zh' : 'en';
  return { tag: lang.toLowerCase().startsWith(language) ? lang : language, texts: TEXTS[language] };
}

const UNITS = /** @type {const} */ ([['year', 31_557_600_000], ['month', 2_629_800_000], ['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000]]);

/** @param {string} tag @param {number} ms how long ago; never in the future @returns {string} such as "3 days ago" */
export function ago(tag, ms) {
  const [unit, length] = UNITS.find(([, size]) => ms >= size) ?? ['minute', 60_000];
  return new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }).format(-Math.floor(Math.max(0, ms) / length), unit);
}

/** @param {string} tag @param {string} instant @returns {string} */
export const dateAndTime = (tag, instant) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant));

import { byId, setText } from './dom.js';

const KEY = 'symbolon.mock.language';

const en = {
  title: 'Symbolon mock',
  about: (profile, seed) => `${profile ? `Profile ${profile}, seed` : 'Seed'} ${seed}`,
  otherLanguage: '中文',
  live: 'Live', away: 'No answer',
  reset: 'Reset everything', resetDone: 'Everything is as at the start.',
  clock: 'Clock', advance: 'Advance', advanceBy: 'Advance by', advanced: (length) => `The clock was advanced by ${length}.`,
  lengthHint: 'Such as 300ms, 90s, 11m, 1.5h or 14d.',
  realTime: 'real time', ahead: (length) => `${length} ahead of real time`, behind: (length) => `${length} behind real time`,
  sessions: 'Sessions', noSessions: 'Nobody has logged in.',
  expireAllAccess: 'Expire all access tokens', expireAllSessions: 'Expire all sessions', revokeAll: 'End all sessions', revokeReason: 'Reason for ending',
  expireAccess: 'Expire token', expireSession: 'Expire session', revoke: 'End',
  accessExpired: (n) => `Sessions whose access tokens expired: ${n}.`, sessionsExpired: (n) => `Sessions expired: ${n}.`, ended: (n) => `Sessions ended: ${n}.`,
  generation: (n) => `generation ${n}`, until: (when) => `until ${when}`, alive: 'live', over: 'ended',
  users: 'Users', rolesHint: 'Roles, separated by spaces. Tokens with the old ones are refused with claims_stale.',
  rolesOf: (who) => `Roles of ${who}`, save: 'Save', rolesSaved: (who, roles) => `Roles of ${who}: ${roles || 'none'}.`,
  faults: 'Faults', noFaults: 'Everything works.', clearFaults: 'Clear faults', faultsCleared: 'No faults any more.', addFault: 'Another fault', add: 'Add', remove: 'Remove',
  faultAdded: (what) => `Added: ${what}.`, faultRemoved: (what) => `Removed: ${what}.`,
  faultKind: 'Kind', faultMethod: 'Method', faultPath: 'Path', faultTimes: 'Times', faultSkip: 'Let pass first', faultProbability: 'Probability', faultDelay: 'Delay', faultStatus: 'Status', faultRetryAfter: 'Retry-After',
  faultHint: 'What is left empty: any method, any path, without end, at once. Status and Retry-After are for the kind “status”.',
  everything: 'everything', times: (n) => `${n} ×`,
  loseRefresh: 'Lose the next refresh’s answer', refreshDown: 'Next 3 refreshes: 503', portal: 'Captive portal', slow: 'Everything 300 ms late',
  log: 'Log', noLog: 'No request yet.', clearLog: 'Clear log', logCleared: 'The log is empty.',
  routes: 'Routes', anonymous: 'anyone', anyToken: 'any valid token', role: (roles) => `role ${roles}`, scope: (scope) => `scope ${scope}`,
};

const zh = {
  title: 'Symbolon 模拟后端',
  about: (profile, seed) => (profile ? `配置 ${profile}，种子 ${seed}` : `种子 ${seed}`),
  otherLanguage: 'English',
  live: '已连接', away: '无响应',
  reset: '全部重置', resetDone: '一切已恢复到启动时的状态。',
  clock: '时钟', advance: '前进', advanceBy: '前进时长', advanced: (length) => `时钟已前进 ${length}。`,
  lengthHint: '例如 300ms、90s、11m、1.5h 或 14d。',
  realTime: '与真实时间一致', ahead: (length) => `比真实时间快 ${length}`, behind: (length) => `比真实时间慢 ${length}`,
  sessions: '会话', noSessions: '尚无人登录。',
  expireAllAccess: '使所有访问令牌过期', expireAllSessions: '使所有会话过期', revokeAll: '结束所有会话', revokeReason: '结束原因',
  expireAccess: '令牌过期', expireSession: '会话过期', revoke: '结束',
  accessExpired: (n) => `访问令牌已过期的会话：${n}。`, sessionsExpired: (n) => `已过期的会话：${n}。`, ended: (n) => `已结束的会话：${n}。`,
  generation: (n) => `第 ${n} 代`, until: (when) => `有效至 ${when}`, alive: '有效', over: '已结束',
  users: '用户', rolesHint: '角色以空格分隔。带有旧角色的令牌会被拒绝（claims_stale）。',
  rolesOf: (who) => `${who} 的角色`, save: '保存', rolesSaved: (who, roles) => `${who} 的角色：${roles || '无'}。`,
  faults: '故障', noFaults: '一切正常。', clearFaults: '清除故障', faultsCleared: '已无故障。', addFault: '其他故障', add: '添加', remove: '移除',
  faultAdded: (what) => `已添加：${what}。`, faultRemoved: (what) => `已移除：${what}。`,
  faultKind: '类型', faultMethod: '方法', faultPath: '路径', faultTimes: '次数', faultSkip: '先放行', faultProbability: '概率', faultDelay: '延迟', faultStatus: '状态码', faultRetryAfter: 'Retry-After',
  faultHint: '留空表示：任意方法、任意路径、不限次数、立即生效。状态码和 Retry-After 仅用于 “status” 类型。',
  everything: '所有请求', times: (n) => `${n} 次`,
  loseRefresh: '丢失下一次刷新的响应', refreshDown: '接下来 3 次刷新：503', portal: '强制门户', slow: '所有请求延迟 300 毫秒',
  log: '日志', noLog: '尚无请求。', clearLog: '清空日志', logCleared: '日志已清空。',
  routes: '路由', anonymous: '任何人', anyToken: '任意有效令牌', role: (roles) => `角色 ${roles}`, scope: (scope) => `范围 ${scope}`,
};

let language = remembered() ?? (/^zh\b/i.test(navigator.language) ? 'zh' : 'en');

/** The texts in the language that is shown. @returns {typeof en} */
export const words = () => (language === 'zh' ? zh : en);

/** The page's language, for what formats dates and numbers. */
export const locale = () => (language === 'zh' ? 'zh-Hans' : 'en');

/** Writes the texts that never change. */
export function translate() {
  document.documentElement.lang = locale();
  document.title = words().title;
  for (const element of document.querySelectorAll('[data-text]')) setText(element, words()[element.dataset.text]);
  setText(byId('language'), words().otherLanguage);
  byId('language').lang = language === 'zh' ? 'en' : 'zh-Hans';
}

/** Changes to the other language, and remembers it. */
export function switchLanguage() {
  language = language === 'zh' ? 'en' : 'zh';
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Blocked storage: it is chosen anew next time.
  }
}

function remembered() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'zh' || kept === 'en' ? kept : null;
  } catch {
    return null;
  }
}

/** @param {string} instant @returns {string} date and time, to the second */
export const showInstant = (instant) => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant));

/** @param {string} instant @returns {string} */
export const showTime = (instant) => new Intl.DateTimeFormat(locale(), { timeStyle: 'medium' }).format(new Date(instant));

/** @param {number} ms @returns {string} in the form that the clock takes, such as 1h 30m */
export function showLength(ms) {
  const seconds = Math.round(ms / 1000);
  const parts = [['d', 86_400, Infinity], ['h', 3_600, 24], ['m', 60, 60], ['s', 1, 60]].map(([unit, size, wrap]) => [Math.floor(seconds / size) % wrap, unit]);
  return parts.filter(([value]) => value > 0).map((part) => part.join('')).join(' ') || '0s';
}

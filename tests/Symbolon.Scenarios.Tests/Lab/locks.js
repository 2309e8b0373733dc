/** Remembers the names of the locks that are asked for, and holds one for ever when told to. */
(() => {
  const { lab } = window;
  lab.lockNames = [];
  if (typeof LockManager === 'undefined') return; // not a secure context
  const request = LockManager.prototype.request;
  LockManager.prototype.request = function (name, ...rest) {
    if (!lab.lockNames.includes(name)) lab.lockNames.push(name);
    return request.call(this, name, ...rest);
  };
  lab.holdLock = (name) => new Promise((held) => {
    request.call(navigator.locks, name, () => {
      held();
      return new Promise(() => {});
    }).catch(() => {}); // it was stolen
  });
})();

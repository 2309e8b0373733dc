import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder for what was passed as objects and the program reads as files. Accounts carry passwords, so nobody else may look into it.
 * @returns {{ put: (name: string, value: string | object) => string, remove: () => void }}
 */
export function temporaryFiles() {
  /** @type {string | null} */
  let folder = null;
  const remove = () => {
    if (folder) rmSync(folder, { recursive: true, force: true });
    folder = null;
    process.removeListener('exit', remove);
  };
  return {
    /** A path is passed on as it is; an object becomes a file, and its path comes back. */
    put(name, value) {
      if (typeof value === 'string') return value;
      if (!folder) {
        folder = mkdtempSync(join(tmpdir(), 'symbolon-mock-')); // mode 0700
        process.once('exit', remove);
      }
      const file = join(folder, name);
      writeFileSync(file, JSON.stringify(value, null, 2), { mode: 0o600 });
      return file;
    },
    remove,
  };
}

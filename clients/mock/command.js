import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MockError } from './errors.js';

/** A program and the arguments that come before `mock`. @typedef {{ file: string, args: string[] }} Command */

const NAMES = process.platform === 'win32' ? ['symbolon.exe'] : ['symbolon'];
const BUILDS = ['Release', 'Debug'].map((configuration) => fileURLToPath(new URL(`../../src/Symbolon.Server/bin/${configuration}/net10.0/symbolon.dll`, import.meta.url)));

/**
 * Where the `symbolon` program is: as told, in SYMBOLON_COMMAND, on the PATH, or, inside its own repository, the newest build.
 * @param {string | string[] | undefined} told a program, a .dll for `dotnet`, or both with leading arguments
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} builds
 * @returns {Command}
 * @throws {MockError} `not_found`
 */
export function findCommand(told, env = process.env, builds = BUILDS) {
  if (told) return commandOf(Array.isArray(told) ? told : [told]);
  if (env.SYMBOLON_COMMAND) return commandOf([env.SYMBOLON_COMMAND]);
  const found = onPath(env.PATH ?? '') ?? newestOf(builds);
  if (found) return commandOf([found]);
  throw new MockError('not_found', 'There is no `symbolon` program. Put it on the PATH, name it in SYMBOLON_COMMAND (a program or symbolon.dll), '
    + 'pass startMock({ command }), or, inside Symbolon\'s repository, run `dotnet build src/Symbolon.Server`.');
}

/** @param {string[]} words @returns {Command} */
function commandOf([first = '', ...rest]) {
  return first.endsWith('.dll') ? { file: 'dotnet', args: [first, ...rest] } : { file: first, args: rest };
}

/** @param {string} path @returns {string | undefined} */
function onPath(path) {
  const candidates = path.split(delimiter).filter(Boolean).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  });
}

/** @param {string[]} files @returns {string | undefined} */
function newestOf(files) {
  const ages = files.map((file) => ({ file, at: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
  return ages.filter(({ at }) => at > 0).sort((a, b) => b.at - a.at)[0]?.file;
}

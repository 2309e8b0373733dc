/**
 * Why a mock did not start or a call to it did not work.
 *
 * - `not_found`: there is no `symbolon` program here.
 * - `died`: it ended before it answered; `output` is what it said, such as the line of a file that is wrong.
 * - `timeout`: it did not answer in time.
 * - `unreachable`: nothing answers at the address.
 * - `refused`: the mock refused the call; `status` and `detail` say what it expected.
 * - `not_a_mock`: something else than a mock answers there.
 * @typedef {'not_found' | 'died' | 'timeout' | 'unreachable' | 'refused' | 'not_a_mock'} MockErrorCode
 */

/** The one error that this package throws. */
export class MockError extends Error {
  /**
   * @param {MockErrorCode} code
   * @param {string} message
   * @param {{ output?: string, status?: number, detail?: string, cause?: unknown }} [more]
   */
  constructor(code, message, { output = '', status = 0, detail = '', cause } = {}) {
    super(message, { cause });
    this.name = 'MockError';
    /** @type {MockErrorCode} */
    this.code = code;
    /** What the program wrote before it ended; empty unless `died` or `timeout`. */
    this.output = output;
    /** The answer's status; 0 unless `refused` or `not_a_mock`. */
    this.status = status;
    /** The problem document's detail; empty unless `refused`. */
    this.detail = detail;
  }
}

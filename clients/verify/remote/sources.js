/** An authority elsewhere, as the source of keys, revocations and live answers: started, and ended together. */

import { Acknowledger } from './acknowledger.js';
import { ClientToken } from './client-token.js';
import { FeedClient } from './feed-client.js';
import { Feed } from './feed.js';
import { Follower } from './follower.js';
import { Http } from './http.js';
import { JwksSource } from './jwks.js';
import { LiveCheck } from './live.js';

/** @typedef {import('../options.js').Settings & { http: Http, demands: import('../demand.js').Demands, neededTokenAge: number }} Context  what all parts share */

/** @param {import('../options.js').Settings} settings @param {import('../demand.js').Demands} demands */
export function startSources(settings, demands) {
  const { credential, maxTokenAge, clockSkew } = settings;
  /** What a page of the log must cover, or entries are dropped before the tokens they concern have expired here. */
  const neededTokenAge = maxTokenAge + 2 * clockSkew - 60;
  const context = { ...settings, http: new Http(settings.fetch), demands, neededTokenAge };
  const stopping = new AbortController();
  const { signal } = stopping;

  const keys = new JwksSource(context);
  const loops = [keys.run(signal)];
  if (!credential) return { keys, feed: null, live: null, firstAsked: keys.firstAsked, acknowledger: null, stop: () => stop() };

  const feed = new Feed(context);
  const client = new FeedClient(settings.revocationUri, new ClientToken(credential, context.http), context.http);
  const follower = new Follower(feed, client, context);
  const acknowledger = new Acknowledger(feed, client, follower, context);
  feed.onKeys = (kids) => keys.remove(kids);
  follower.receiptWanted = () => acknowledger.soon();
  loops.push(follower.run(signal), acknowledger.run(signal));
  const firstAsked = Promise.all([keys.firstAsked, Promise.race([acknowledger.firstAnswered, follower.firstInterrupted])]);
  return { keys, feed, live: new LiveCheck(settings.introspectionUri, credential, context), firstAsked, acknowledger, stop: () => stop(feed, acknowledger) };

  /** Ends all of it, and tells the authority not to wait for this verifier any more. @param {Feed} [left] @param {Acknowledger} [leaving] */
  async function stop(left, leaving) {
    left?.leave();
    stopping.abort();
    await Promise.allSettled(loops);
    await leaving?.leave();
  }
}

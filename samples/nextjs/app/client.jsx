'use client';

import { createAuth } from '@symbolon/client';
import { AuthProvider, useAuth, useAuthClient } from '@symbolon/client/react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';

// One for the page. While the server renders, it does nothing.
const auth = createAuth({ url: '/auth' });

/** @param {{ initial: import('@symbolon/client').AuthState }} props what the server rendered with, so that both agree */
export function Client({ initial }) {
  return <AuthProvider auth={auth} initial={initial}><Session /></AuthProvider>;
}

function Session() {
  const client = useAuthClient();
  const router = useRouter();
  const { status, session, reason } = useAuth();
  const [answer, setAnswer] = useState('');
  if (status === 'loading') return <p>…</p>;

  const signIn = async (form) => {
    await client.login({ username: form.get('username'), password: form.get('password') });
    router.refresh();
  };
  const signOut = async () => {
    await client.logout();
    router.refresh();
  };
  if (status === 'anonymous') {
    return (
      <form action={signIn}>
        {reason && <p>Signed out: {reason}</p>}
        <label>User name <input name="username" defaultValue="user" autoComplete="username" /></label>{' '}
        <label>Password <input name="password" type="password" defaultValue="user" autoComplete="current-password" /></label>{' '}
        <button>Sign in</button>
      </form>
    );
  }
  const call = async () => {
    const response = await client.fetch('/api/orders');
    setAnswer(`${response.status} ${await response.text()}`);
  };
  return (
    <>
      <p>Signed in, session {session?.sid}, generation {session?.generation}.</p>
      <button onClick={call}>Call from the page</button>{' '}
      <button onClick={signOut}>Sign out</button>
      <pre>{answer}</pre>
    </>
  );
}

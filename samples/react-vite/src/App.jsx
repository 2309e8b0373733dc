import { useAuth, useAuthClient } from '@symbolon/client/react';
import { useState } from 'react';

export function App() {
  const { status, session, reason } = useAuth();
  return (
    <main>
      <h1>Symbolon with React</h1>
      {status === 'loading' ? <p>…</p> : status === 'anonymous' ? <SignIn reason={reason} /> : <Orders session={session} />}
    </main>
  );
}

function SignIn({ reason }) {
  const auth = useAuthClient();
  const [problem, setProblem] = useState('');
  const signIn = (form) => auth.login({ username: form.get('username'), password: form.get('password') }).catch((error) => setProblem(error.message));
  return (
    <form action={signIn}>
      {reason && <p>Signed out: {reason}</p>}
      <p role="alert">{problem}</p>
      <label>User name <input name="username" defaultValue="user" autoComplete="username" /></label>{' '}
      <label>Password <input name="password" type="password" defaultValue="user" autoComplete="current-password" /></label>{' '}
      <button>Sign in</button>
    </form>
  );
}

function Orders({ session }) {
  const auth = useAuthClient();
  const [answer, setAnswer] = useState(null);
  const load = async () => {
    const response = await auth.fetch('/api/orders');
    setAnswer(`${response.status} ${JSON.stringify(await response.json(), null, 2)}`);
  };
  return (
    <>
      <p>Signed in, session {session?.sid}, generation {session?.generation}.</p>
      <button onClick={load}>Load orders</button>{' '}
      <button onClick={() => auth.logout()}>Sign out</button>
      <pre>{answer}</pre>
    </>
  );
}

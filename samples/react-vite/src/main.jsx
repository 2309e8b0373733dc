import { AuthProvider } from '@symbolon/client/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.jsx';
import { auth } from './auth.js';

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <AuthProvider auth={auth}><App /></AuthProvider>
  </StrictMode>,
);

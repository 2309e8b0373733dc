import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The mock behind the page's own origin, as a reverse proxy would put the server there.
const proxy = { '/auth': 'http://localhost:5081', '/api': 'http://localhost:5081' };

export default defineConfig({ plugins: [react()], server: { proxy }, preview: { proxy } });

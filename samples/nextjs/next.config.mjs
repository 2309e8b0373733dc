const symbolon = process.env.SYMBOLON_URL ?? 'http://localhost:5081';

/** The authority behind the page's own origin, as a reverse proxy would put it there. @type {import('next').NextConfig} */
export default {
  rewrites: async () => ['/auth/:path*', '/api/:path*'].map((source) => ({ source, destination: `${symbolon}${source}` })),
};

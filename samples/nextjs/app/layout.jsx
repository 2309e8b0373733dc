export const metadata = { title: 'Symbolon with Next.js' };

export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}

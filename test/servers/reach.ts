/** How the root of a test server is reached. */
export const reach = ({ socket }: { readonly socket: string }) => ({
  socketPath: socket,
  host: 'localhost',
  user: 'root',
});

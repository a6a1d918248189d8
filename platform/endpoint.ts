// An address and a port as people write them.

/** `192.0.2.1:5060`, `[2001:db8::1]:5060` (RFC 3986 §3.2.2). */
export function printEndpoint({ address, port }: { readonly address: string; readonly port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** The address in what {@link printEndpoint} wrote. */
export function addressIn(endpoint: string): string {
  const address = endpoint.slice(0, endpoint.lastIndexOf(':'))
  return address.startsWith('[') ? address.slice(1, -1) : address
}

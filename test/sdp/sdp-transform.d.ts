// The part of sdp-transform that the tests compare with; it publishes no types.
declare module 'sdp-transform' {
  export interface ParsedMedia {
    readonly type: string
    readonly port: number
    readonly protocol: string
    readonly payloads?: string
    readonly ptime?: number
    readonly direction?: string
    readonly rtp: readonly { readonly payload: number; readonly codec: string; readonly rate?: number }[]
  }
  export function parse(text: string): {
    readonly origin?: { readonly sessionId: string | number; readonly address: string }
    readonly media: readonly ParsedMedia[]
  }
}

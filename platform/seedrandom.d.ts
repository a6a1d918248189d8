// The one entry of seedrandom that siptwin uses; its published types cover only the main entry.
declare module 'seedrandom/lib/alea.js' {
  export interface Alea {
    /** The next number in [0, 1), 32 bits. */
    (): number
    /** The next number in [0, 1), 53 bits. */
    double(): number
    state(): unknown
  }
  // biome-ignore lint/style/noDefaultExport: it is how seedrandom exports it
  export default function alea(seed: string, options: { state: true | object }): Alea
}

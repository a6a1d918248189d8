// The weather of a network: whether anything on its links is left to chance.

/**
 * One value for all of a network, which the network alone changes. Whoever draws by chance asks it each time, or keeps what it made by it and
 * makes that anew at `refresh`; fused directions do not, and stay as they were made.
 */
export interface Weather {
  /** Nothing is left to chance: no random loss, no jitter, nothing corrupted, doubled or sent ahead. */
  readonly calm: boolean
}

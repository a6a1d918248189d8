// Exponential and logarithm from + − × ÷ alone, so that every engine gives the same bits. Within 2 units of the last place.

// ln 2 in two parts: the first has few bits, so that its products with exponents are exact.
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const PER_LN2 = Math.LOG2E
const SQRT2 = Math.SQRT2
/** Terms of the series for the logarithm of a number near 1: 2 (s + s³/3 + s⁵/5 …), s² at most 0.0295. */
const LOGARITHM_TERMS = 12
/** Terms of the series for the exponential of a number within ± ln 2 / 2. */
const EXPONENTIAL_TERMS = 17

const bits = new DataView(new ArrayBuffer(8))

/** The natural logarithm; −Infinity for 0, NaN below. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (x === Number.POSITIVE_INFINITY) return x
  if (x < 2.2250738585072014e-308) return ln(x * 18014398509481984) - 54 * LN2_HIGH - 54 * LN2_LOW
  bits.setFloat64(0, x)
  const high = bits.getUint32(0)
  let exponent = (high >>> 20) - 1023
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000)
  let mantissa = bits.getFloat64(0)
  if (mantissa > SQRT2) {
    mantissa /= 2
    exponent++
  }
  const f = mantissa - 1
  const s = f / (mantissa + 1)
  const square = s * s
  let sum = 0
  for (let n = LOGARITHM_TERMS; n >= 1; n--) sum = (sum + 2 / (2 * n + 1)) * square
  // ln m = 2 s + s · sum, and 2 s = f − s f: so the large part, f, is exact.
  return exponent * LN2_HIGH + (f - (s * (f - sum) - exponent * LN2_LOW))
}

/** e to the power x; Infinity above 709.78, 0 below −745.13. */
export function exp(x: number): number {
  if (!(x < 709.782712893384)) return x > 0 ? Number.POSITIVE_INFINITY : x
  if (x < -745.1332191019412) return 0
  const n = Math.round(x * PER_LN2)
  const high = x - n * LN2_HIGH
  const r = high - n * LN2_LOW
  let sum = 0
  for (let k = EXPONENTIAL_TERMS; k >= 2; k--) sum = (sum + 1) * (r / k)
  return scale(1 + (r + r * sum), n)
}

/** x · 2ⁿ, n from −1100 to 1024. */
function scale(x: number, n: number): number {
  if (n > 1023) return x * 2 * powerOfTwo(n - 1)
  if (n < -1022) return x * powerOfTwo(n + 100) * powerOfTwo(-100)
  return x * powerOfTwo(n)
}

function powerOfTwo(n: number): number {
  bits.setUint32(0, (n + 1023) << 20)
  bits.setUint32(4, 0)
  return bits.getFloat64(0)
}

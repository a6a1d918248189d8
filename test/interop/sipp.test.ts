// SIPp's built-in caller and callee against our phones: 200 calls, 50 a second, none failed, nothing sent twice.

import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect } from 'vitest'
import { endProcesses, freePort, Running, siptwin, testWithProgram } from './process.ts'

const OURS = '127.0.0.51'
const THEIRS = '127.0.0.52'
const test = testWithProgram('sipp', 'apt-get install sip-tester')

/** SIPp's own counts, from the last line of its statistics. */
function counts(folder: string): Record<string, number> {
  const file = readdirSync(folder).find((name) => name.endsWith('.csv'))
  const [head = '', ...lines] = readFileSync(join(folder, file ?? ''), 'utf8')
    .trim()
    .split('\n')
  const values = lines.at(-1)?.split(';') ?? []
  const wanted = ['SuccessfulCall(C)', 'FailedCall(C)', 'Retransmissions(C)']
  return Object.fromEntries(wanted.map((name) => [name, Number(values[head.split(';').indexOf(name)])]))
}

const NONE_FAILED = { 'SuccessfulCall(C)': 200, 'FailedCall(C)': 0, 'Retransmissions(C)': 0 }
const ALL_COMPLETED = '200 calls: 200 completed, 0 failed, 0 messages sent again\n'

function sipp(folder: string, port: number, ...args: string[]): Running {
  const common = ['-i', THEIRS, '-p', `${port}`, '-m', '200', '-nostdin', '-trace_stat', '-fd', '1']
  return new Running('sipp', [...args, ...common], folder)
}

afterEach(endProcesses)

describe('SIPp', () => {
  test('its caller, our answering-phone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sipp-'))
    const port = await freePort(OURS)
    const phone = siptwin('live', 'answering-phone', '--address', `${OURS}:${port}`)
    await phone.says('is ready')
    const caller = sipp(folder, await freePort(THEIRS), '-sn', 'uac', `${OURS}:${port}`, '-r', '50')
    expect((await caller.ended).code).toBe(0)
    const ended = await phone.interrupt()
    expect(counts(folder)).toEqual(NONE_FAILED)
    expect(ended).toMatchObject({ code: 130, stderr: '' })
    expect(ended.stdout).toMatch(new RegExp(`^answering-phone is ready: .*\n${ALL_COMPLETED}$`))
  })

  test('our calling-phone, its callee', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sipp-'))
    const port = await freePort(THEIRS)
    const callee = sipp(folder, port, '-sn', 'uas')
    const to = `sip:service@${THEIRS}:${port}`
    const address = `${OURS}:${await freePort(OURS)}`
    const phone = siptwin('live', 'calling-phone', '--address', address, '--to', to, '--calls', '200', '--rate', '50')
    const ended = await phone.ended
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toMatch(new RegExp(`\n${ALL_COMPLETED}$`))
    expect((await callee.ended).code).toBe(0)
    expect(counts(folder)).toEqual(NONE_FAILED)
  })
})

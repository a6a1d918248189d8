// What can happen, as a table of sentence forms. A condition is one of these; most expectations are one of these and a time.

import { addressIn } from '../../platform/endpoint.ts'
import type { RecordId, TraceRecord } from '../../platform/trace.ts'
import { Recent } from '../recent.ts'
import { ableForm } from './abilities.ts'
import { type Form, form } from './form.ts'
import type { Scope } from './slot.ts'

/** What a record alone does not show. */
export interface Hindsight {
  /** Why the packet that the record `id` sent was sent again: `Timer A`, `2xx core`; undefined for what was sent for the first time. */
  again(id: RecordId): string | undefined
}

/** Sees every record of a run in order, and says at which of them the event happens. */
export type Watch = (record: TraceRecord, hindsight: Hindsight) => boolean
/** Begins to watch, from the run's start. */
export type Watcher = () => Watch

/** Every event. */
export const EVENTS: readonly Form<Watcher>[] = [
  form(
    'call is {state}',
    'call is established',
    'a call reaches the state; established, ending and ended only when both its ends have',
    ({ state }) => (['established', 'ending', 'ended'].includes(state) ? bothEnds(state) : always(enters(state))),
  ),
  ableForm(
    ['call'],
    '{node} is {state}',
    'bob is ringing',
    'a call of that node reaches the state',
    ({ node, state }) => always((record) => record.id.node === node && enters(state)(record)),
  ),
  form('{label} is sent by {node}', '180 INVITE is sent by bob', 'the node sends such a message', ({ label, node }) =>
    always(sentBy(node, label)),
  ),
  form(
    '{label} is received by {node}',
    'BYE is received by bob',
    'such a message reaches the node',
    ({ label, node }) => always(receivedBy(node, label)),
  ),
  form('{label} is lost', '200 INVITE is lost', 'such a message ends before its destination', ({ label }) =>
    always((record) => record.kind === 'lost' && record.packet.label.name === label),
  ),
  form(
    'the {ordinal} {label} is sent by {node}',
    'the 2nd INVITE is sent by alice',
    'counted from the start of the run',
    ({ ordinal, label, node }) => nth(ordinal, sentBy(node, label)),
  ),
  form(
    'the {ordinal} {label} is received by {node}',
    'the 2nd 200 INVITE is received by alice',
    'counted from the start of the run',
    ({ ordinal, label, node }) => nth(ordinal, receivedBy(node, label)),
  ),
  form(
    '{label} is sent again by {node} because of {timer}',
    '200 INVITE is sent again by bob because of 2xx core',
    'it repeats what the node sent before, and that timer is why',
    ({ label, node, timer }) => againBy(timer, sentBy(node, label)),
  ),
  ableForm(
    ['call'],
    'call of {node} fails',
    'call of alice fails',
    'its call ends without having been established',
    ({ node }) => always((record) => record.id.node === node && failed(record)),
  ),
  ableForm(
    ['call'],
    'call of {node} fails with {status}',
    'call of alice fails with 486',
    'and this is why',
    ({ node, status }) => always((record) => record.id.node === node && failed(record, status)),
  ),
  ableForm(
    ['call'],
    'call of {node} fails locally with {status}',
    'call of alice fails locally with 408',
    'and no message said so: its own timer or transport did',
    ({ node, status }) => always((record) => record.id.node === node && failed(record, status, true)),
  ),
  ableForm(
    ['register'],
    '{node} is registered',
    'alice is registered',
    'its registrar accepted its contact',
    ({ node }) =>
      always(
        (record) =>
          record.kind === 'transition' &&
          record.machine === 'registration' &&
          record.to === 'registered' &&
          record.id.node === node,
      ),
  ),
  ableForm(
    ['hear', 'be heard'],
    '{node} hears {other}',
    'alice hears bob',
    'the first RTP packet from the other node reaches it',
    ({ node, other }, scope) => always(hears(node, other, scope)),
  ),
  form(
    '{node} remarks {text}',
    'bob remarks "media started"',
    'its program puts exactly that on record',
    ({ node, text }) => always((record) => record.kind === 'remark' && record.what === text && record.id.node === node),
  ),
  form(
    '{node} remarks {text} for the {ordinal} time',
    'alice remarks "registered" for the 2nd time',
    'counted from the start of the run',
    ({ node, text, ordinal }) =>
      nth(ordinal, (record) => record.kind === 'remark' && record.what === text && record.id.node === node),
  ),
]

export type Test = (record: TraceRecord) => boolean

/** The node sends a message of this label. */
export function sentBy(node: string, label: string): Test {
  return (record) => record.kind === 'sent' && record.id.node === node && record.packet.label.name === label
}

/** A message of this label is delivered to the node. */
export function receivedBy(node: string, label: string): Test {
  return (record) => record.kind === 'delivered' && record.id.node === node && record.packet.label.name === label
}

/** A `call` machine enters the state. */
export function enters(state: string): Test {
  return (record) =>
    record.kind === 'transition' && record.machine === 'call' && record.to === state && record.from !== state
}

function always(test: Test): Watcher {
  return () => test
}

function nth(ordinal: number, test: Test): Watcher {
  return () => {
    let seen = 0
    return (record) => test(record) && ++seen === ordinal
  }
}

/** Both ends of one call, known by its Call-ID, have entered the state: true at the later of the two. */
function bothEnds(state: string): Watcher {
  return () => {
    const first = new Recent<string, string>()
    return (record) => {
      if (!enters(state)(record) || record.kind !== 'transition') return false
      const other = first.get(record.instance)
      if (other === undefined) first.set(record.instance, record.id.node)
      return other !== undefined && other !== record.id.node
    }
  }
}

function againBy(timer: string, test: Test): Watcher {
  return () => (record, hindsight) => test(record) && hindsight.again(record.id) === timer
}

function failed(record: TraceRecord, status?: number, local?: boolean): boolean {
  if (record.kind !== 'remark' || record.what !== 'call failed') return false
  if (status !== undefined && record.details.status !== status) return false
  return local === undefined || record.details.local === local
}

/** The first packet of the other node's voice has reached the node. */
export function hears(node: string, other: string, scope: Scope): Test {
  return (record) =>
    record.kind === 'remark' &&
    record.what === 'media received' &&
    record.id.node === node &&
    isFrom(other, addressIn(String(record.details.from)), scope)
}

function isFrom(node: string, address: string, scope: Scope): boolean {
  return scope.standsFor?.(address, node) ?? scope.ownerOf(address) === node
}

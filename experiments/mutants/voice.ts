// Stacks whose voice goes wrong: numbered badly, sent elsewhere, or sent on when the call is over.

import type { Endpoint, Host, UdpSocket } from '../../platform/host.ts'
import type { Mutant } from './mutant.ts'

const CAMPAIGN = 'voice'
const FRAME_MS = 20
/** For how many frames one talks on: 2 s. */
const FRAMES = 100

function isRtp(packet: Uint8Array): boolean {
  return packet.length >= 12 && packet[0]! >> 6 === 2
}

/** Every so many packets, the 16 or 32 bits at `at` go back by so much. */
function goingBack(name: string, does: string, every: number, at: 2 | 4, by: number): Mutant {
  const meddle = () => {
    let packets = 0
    return {
      sends: ({ text }: { readonly text: string }) => [text],
      carries: (packet: Uint8Array): readonly Uint8Array[] => {
        if (!isRtp(packet) || ++packets % every !== 0) return [packet]
        const changed = packet.slice()
        const view = new DataView(changed.buffer)
        if (at === 2) view.setUint16(at, view.getUint16(at) - by)
        else view.setUint32(at, view.getUint32(at) - by)
        return [changed]
      },
    }
  }
  return { name, does, meddle, campaign: CAMPAIGN }
}

/** Sockets with something else in place of what they do. */
function otherSockets(host: Host, change: (socket: UdpSocket) => Partial<UdpSocket>): Pick<Host, 'udp'> {
  return {
    udp: (options, receiver) => {
      const opened = host.udp(options, receiver)
      if (!opened.ok) return opened
      const { value } = opened
      const same: UdpSocket = {
        local: value.local,
        send: (...given) => value.send(...given),
        close: () => value.close(),
      }
      return { ok: true, value: { ...same, ...change(value) } }
    },
  }
}

export const VOICE: readonly Mutant[] = [
  goingBack('rtp-sequence-repeated', 'gives every fiftieth packet of voice the number of the one before', 50, 2, 1),
  goingBack('rtp-timestamp-back', 'lets the time of its voice go back now and then', 50, 4, 16_000),
  {
    name: 'media-astray',
    does: 'sends its voice two ports too high',
    campaign: CAMPAIGN,
    bend: (host) =>
      otherSockets(host, (socket) => ({
        send: (to, head, body, dscp, from) => {
          const elsewhere = isRtp(head) ? host.endpoint(to.address, to.port + 2) : to
          socket.send(elsewhere, head, body, dscp, from)
        },
      })),
  },
  {
    name: 'talks-on',
    does: 'sends voice for two seconds more when the call is over',
    campaign: CAMPAIGN,
    bend: (host) =>
      otherSockets(host, (socket) => {
        let last: { readonly to: Endpoint; readonly head: Uint8Array; readonly body: Uint8Array } | undefined
        const goOn = (left: number): void => {
          if (left === 0 || last === undefined) {
            socket.close()
            return
          }
          socket.send(last.to, last.head, last.body)
          host.after(FRAME_MS, () => goOn(left - 1))
        }
        return {
          send: (to, head, body, dscp, from) => {
            if (isRtp(head)) last = { to, head: head.slice(), body }
            socket.send(to, head, body, dscp, from)
          },
          close: () => goOn(FRAMES),
        }
      }),
  },
]

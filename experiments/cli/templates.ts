// The commented files that `siptwin init` writes.

/** A topology to start from. */
export const TOPOLOGY_TEMPLATE = `# A network: its nodes and links. Check it with: siptwin validate topology.yaml
title: Two phones and their proxy
nodes:
  # A host has an address with its prefix, a gateway for what is outside of it, and programs.
  alice:
    kind: host
    address: 192.0.2.10/24
    gateway: router
    runs: { program: phone, aor: sip:alice@example.com, proxy: 203.0.113.5 }
  bob:
    kind: host
    address: 198.51.100.20/24
    gateway: router
    runs: { program: phone, aor: sip:bob@example.com, proxy: 203.0.113.5 }
  proxy:
    kind: host
    address: 203.0.113.5/24
    gateway: router
    runs:
      program: proxy
      domain: example.com
      users: { alice: sip:alice@192.0.2.10, bob: sip:bob@198.51.100.20 }
      recordRoute: false            # true: the proxy stays on the path of ACK and BYE
  # A router needs no address: it passes packets on by the shortest path.
  router: { kind: router }
links:
  # "up" is from the first of "between" to the second. What is said beside it holds for both ways.
  - { between: [alice, router], profile: wifi }                       # siptwin schema topology lists the profiles
  - { between: [bob, router], rate: 100 Mbps, delay: 5 ms, loss: 1 % }
  - { between: [proxy, router], rate: 1 Gbps, delay: 1 ms, queue: 64 kB }
`

/** An experiment on it. */
export const EXPERIMENT_TEMPLATE = `# A question asked of a network. Run it with: siptwin run experiment.yaml
question: Does a call come about when its 180 Ringing is lost?
topology: topology.yaml                # a file beside this one, or a name from: siptwin list topologies
scenario:
  # Who does what, at a time of the run or when a condition comes true. siptwin schema experiment lists the conditions.
  - { at: 0 s, who: alice, do: call, to: "sip:bob@example.com" }
  - { when: bob is ringing, after: 2 s, who: bob, do: answer }
  - { when: call is established, after: 10 s, who: alice, do: hang up }
faults:
  # Which packet, on which way, and what happens to it: drop, delay, duplicate, corrupt, hold or swap.
  - { drop: { nth: 1, of: 180 INVITE, on: proxy -> alice } }
expect:
  # Sentences that must be true at the end. siptwin schema experiment lists them all.
  - call is established
  - alice hears bob
  - call is ended
measure: [post-dial delay, loss, jitter, bandwidth]
until: 2 min                           # when the run ends at the latest
seed: 1                                # all chance comes from it: the same seed gives the same run, to the bit
`

// The dialogs that one INVITE makes: one for each fork that answered it, told apart by the tags in To (RFC 3261 §12.1.2, §13.2.2.4).

import type { Request, Response } from '../message/message.ts'
import { descriptionIn } from './description.ts'
import { confirmed, type Dialog, dialogOfCaller } from './dialog.ts'

/** All dialogs of one INVITE, early and confirmed. */
export class Forks {
  readonly #invite: Request
  readonly #dialogs = new Map<string, Dialog>()
  /** The tags of those that are over. */
  #over: Set<string> | undefined
  /** The first description of each that sent one before its 2xx. */
  #early: Map<string, Uint8Array> | undefined

  constructor(invite: Request) {
    this.#invite = invite
  }

  /** Takes a 101–299 and gives its dialog as it is now: made by this response, confirmed by it, or known already. */
  heard(response: Response): Dialog {
    const tag = response.toTag ?? ''
    if (response.status < 200) this.#keep(tag, descriptionIn(response))
    const known = this.#dialogs.get(tag)
    if (known !== undefined && (known.phase === 'confirmed' || response.status < 200)) return known
    const dialog = known === undefined ? dialogOfCaller(this.#invite, response) : confirmed(known, response)
    this.#dialogs.set(tag, dialog)
    return dialog
  }

  /** The answer of the fork that sent this 2xx: the first description that it sent, whatever its later responses hold (§13.2.1); empty for none. */
  answerIn(response: Response): Uint8Array {
    return this.#early?.get(response.toTag ?? '') ?? descriptionIn(response)
  }

  /** The dialog with this remote tag. */
  of(tag: string): Dialog | undefined {
    return this.#dialogs.get(tag)
  }

  /** Puts a dialog in the place of what it was before a request within it. */
  update(dialog: Dialog): void {
    this.#dialogs.set(dialog.remoteTag, dialog)
  }

  /** Forgets a dialog that is over, but not that it was, and gives it. */
  drop(tag: string): Dialog | undefined {
    const dialog = this.#dialogs.get(tag)
    this.#dialogs.delete(tag)
    this.#over ??= new Set()
    this.#over.add(tag)
    return dialog
  }

  /** True of one that was over before this response. */
  isOver(tag: string): boolean {
    return this.#over?.has(tag) === true
  }

  /** In the order of their first responses. */
  get all(): readonly Dialog[] {
    return [...this.#dialogs.values()]
  }

  #keep(tag: string, description: Uint8Array): void {
    if (description.length === 0 || this.#early?.has(tag)) return
    this.#early ??= new Map()
    this.#early.set(tag, description)
  }
}

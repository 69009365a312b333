import { inject, provide, type ComputedRef, type InjectionKey } from 'vue'
import type { Contact, Party } from '@/api/types'
import { partyName } from '@/format/words'

/** The customer of the ticket whose timeline it is: telephones and fax machines tell a number, not who it belongs to. */
const key: InjectionKey<ComputedRef<string>> = Symbol('ticket customer')
export const provideCustomerName = (name: ComputedRef<string>): void => provide(key, name)
export const useCustomerName = (): ComputedRef<string> | null => inject(key, null)

const tellsNumbers = (contact: Contact) => contact.channel === 'phone' || contact.channel === 'fax'

/** "Ana Ruiz · +49 30 1234", where the number alone was told and the customer has a name. */
export function partyWithName(party: Party | null, contact: Contact, customer: string): string {
  const told = partyName(party)
  if (!party?.value || !tellsNumbers(contact) || party.kind === 'email') return told
  const name = customer && customer !== party.value ? customer : party.name
  return name && name !== party.value ? `${name} · ${party.value}` : told
}

import type { Offer } from '@/api/types'

const policies: Record<string, string> = {
  longest_idle: 'idle longest',
  best_skill: 'best at it',
  least_overqualified: 'nearest to what it asks for',
  least_loaded: 'least in hand',
  round_robin: 'your turn',
  fewest_today: 'fewest today',
}

/** "skill French · wrote to you before": why the routing chose this agent, in words. */
export function whyMe(offer: Offer): string {
  const why = offer.why as Record<string, unknown>
  const said: string[] = []
  const skills = why['skills']
  if (Array.isArray(skills) && skills.length) said.push(skills.map(skillName).filter(Boolean).join(', '))
  if (why['affinity'] || why['by_affinity']) said.push('you had this customer before')
  const licences = why['licences']
  if (Array.isArray(licences) && licences.length)
    said.push(`your licence covers it: ${licences.map(skillName).filter(Boolean).join(', ')}`)
  if (why['escalated']) said.push('escalated')
  const step = Number(why['step'] ?? 0)
  if (step > 0) said.push(`asks for less since step ${step}`)
  if (said.length === 0) said.push(policies[String(why['policy'] ?? '')] ?? '')
  if (!said.some(Boolean) && why['trigger'] === 'ticket_waiting') said.push('idle longest')
  if (typeof why['text'] === 'string') said.push(why['text'])
  return said.filter(Boolean).join(' · ')
}

function skillName(skill: unknown): string {
  if (typeof skill === 'string') return skill
  return typeof skill === 'object' && skill && 'name' in skill ? String(skill.name) : ''
}

const works: Record<string, string> = { callback: 'Call back', message: 'Missed call or message' }

/** What an offer asks for, where its channel does not say it; empty = what its channel says. */
export function workAsked(offer: Offer): string {
  return works[String((offer.why as Record<string, unknown>)['work'] ?? '')] ?? ''
}

/** The ticket that an interrupting offer puts aside. */
export function parks(offer: Offer): string {
  const parked = (offer.why as Record<string, unknown>)['parks']
  if (typeof parked === 'object' && parked && 'number' in parked) return `parks #${String(parked.number)}`
  return typeof parked === 'string' || typeof parked === 'number' ? `parks #${parked}` : ''
}

import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import RecipientFields from '@/composer/RecipientFields.vue'
import { guards } from '@/composer/guard'
import { useDrafts } from '@/stores/drafts'
import { ticket } from './support'

beforeEach(() => setActivePinia(createPinia()))

const party = (value: string, name = '') => ({ kind: 'email' as const, value, name })
const base = ticket().reply

function shown(reply: Partial<typeof base>) {
  const one = ticket({ reply: { ...base, ...reply } })
  const draft = useDrafts().begin(one, 'reply', 1)
  return { draft, fields: mount(RecipientFields, { props: { draft, reply: one.reply } }) }
}

describe('recipients of a reply', () => {
  it('leave the others out until the agent answers all of them', async () => {
    const { draft, fields } = shown({ others: [party('tom@x.example', 'Tom Bauer'), party('acc@x.example')] })
    expect(draft.cc).toEqual([])
    expect(fields.get('[data-testid=reply-others]').text()).toContain('also: Tom Bauer, acc@x.example')
    await fields.get('[data-testid=reply-all]').trigger('click')
    expect(
      useDrafts()
        .find(draft.ticketId, 'reply')
        ?.cc.map(({ value }) => value),
    ).toEqual(['tom@x.example', 'acc@x.example'])
    expect(guards(draft, { kind: 'email', newest: 1 }).map(({ id }) => id)).toEqual([])
  })
  it('mark who is new on the ticket', () => {
    const { draft, fields } = shown({ others: [party('new@y.example')], newcomers: ['new@y.example'] })
    expect(fields.get('[data-testid=recipient]').text()).not.toContain('new')
    useDrafts().change(draft, { cc: [party('new@y.example')] })
    expect(guards(draft, { kind: 'email', newest: 1 })[0]?.text).toBe('New on this ticket: new@y.example.')
  })
  it('mark a writer who is new on the ticket too', () => {
    const { draft, fields } = shown({ to: [party('x@y.example')], newcomers: ['x@y.example'] })
    expect(fields.get('[data-testid=recipient]').text()).toContain('new')
    expect(guards(draft, { kind: 'email', newest: 1 }).map(({ id }) => id)).toEqual(['newcomer'])
  })
  it('show a Reply-To that this ticket has not had, and do not follow it', () => {
    const { draft, fields } = shown({
      reply_to: [party('thief@evil.example')],
      newcomers: ['thief@evil.example'],
    })
    expect(draft.to.map(({ value }) => value)).toEqual(['ana@x.example'])
    expect(fields.get('[data-testid=reply-elsewhere]').text()).toContain(
      'thief@evil.example, new on this ticket',
    )
  })
  it('take an address that is still being typed before anything is sent', async () => {
    const { draft, fields } = shown({})
    await fields.get('[aria-label="Add to To"]').trigger('click')
    await fields.get('input').setValue('Eve <eve@y.example>')
    expect(fields.vm.settle()).toBe(true)
    expect(draft.to.map(({ value }) => value)).toEqual(['ana@x.example', 'eve@y.example'])
    expect(guards(draft, { kind: 'email', newest: 1 }).map(({ id }) => id)).toEqual(['newcomer'])
  })
  it.each(['boss@@bad', 'nobody', 'a@b, c@d'])('refuse to go out while %s stands there', async (typed) => {
    const one = ticket({ reply: base })
    const draft = useDrafts().begin(one, 'reply', 1)
    const fields = mount(RecipientFields, { props: { draft, reply: base }, attachTo: document.body })
    await fields.get('[aria-label="Add to To"]').trigger('click')
    await fields.get('input').setValue(typed)
    expect(fields.vm.settle()).toBe(false)
    expect(document.activeElement).toBe(fields.get('input').element)
    expect(draft.to.map(({ value }) => value)).toEqual(['ana@x.example'])
    fields.unmount()
  })
})

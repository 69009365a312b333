import { describe, expect, it } from 'vitest'
import { keyActions } from '@/keys/registry'
import { fillPictures, prepareMail } from '@/timeline/mail'
import { splitQuotes } from '@/timeline/quotes'
import { links } from '@/timeline/links'

const parse = (html: string, attachments: never[] = []) => {
  const mail = prepareMail(html, attachments)
  return { ...mail, dom: new DOMParser().parseFromString(mail.document, 'text/html') }
}

describe('a mail for the frame', () => {
  it('has no scripts, handlers, forms or frames', () => {
    const { document } = parse(
      '<p onclick="x()">a</p><script>x()</script><iframe src="//e"></iframe><form action="//e"><input></form>' +
        '<svg onload="x()"></svg><a href="javascript:x()">j</a><img src="x" onerror="x()"><base href="//e"><meta http-equiv="refresh" content="0;//e">',
    )
    const body = document.slice(document.indexOf('<body>'))
    expect(body).not.toMatch(
      /<script|onclick|onerror|onload|<iframe|<form|<input|<svg|javascript:|<base|<meta/i,
    )
  })
  it('calls nobody, and counts what it would have called', () => {
    const { dom, blocked } = parse(
      '<img src="https://t.example/p.gif" width="1" height="1"><img src="//c.example/l.png" alt="Logo">' +
        '<p style="background:url(https://t.example/b.png)">x</p><img src="https://a.example/1" srcset="https://b.example/2 2x">',
    )
    expect(blocked).toBe(4)
    expect(parse('<img data-remote-src="https://t.example/x" alt="y">')).toMatchObject({ blocked: 1 })
    expect(dom.querySelectorAll('img')).toHaveLength(0)
    expect(dom.body.innerHTML).not.toMatch(/t\.example|c\.example|b\.example/)
    expect(dom.body.textContent).toContain('Image blocked: Logo')
  })
  it('offers the pictures that the server knows, each by its number, and no watching pixel', () => {
    const mail = prepareMail(
      '<img data-remote-src="https://a.example/1.png" alt="Shoes"><img data-remote-src="https://a.example/2.png">' +
        '<img data-remote-src="https://a.example/1.png"><img data-remote-src="https://t.example/p.gif" width="1">',
      [],
      5,
      '',
      ['https://a.example/1.png', 'https://a.example/2.png', 'https://t.example/p.gif'],
    )
    expect(mail).toMatchObject({ blocked: 5, pictures: 3 })
    expect(mail.document).not.toMatch(/a\.example|t\.example/)
    const page = new DOMParser().parseFromString(mail.document, 'text/html')
    expect(page.body.textContent).toBe('Image blocked: ShoesImage blockedImage blocked')

    const came: boolean[] = []
    fillPictures(
      page,
      (nth) => `/picture?n=${nth}`,
      (one) => came.push(one),
    )
    const images = [...page.querySelectorAll('img')]
    expect(images.map((image) => image.getAttribute('src'))).toEqual([
      '/picture?n=1',
      '/picture?n=2',
      '/picture?n=1',
    ])
    images[0]?.dispatchEvent(new Event('load'))
    images[1]?.dispatchEvent(new Event('error'))
    expect(came).toEqual([true, false])
    expect(images.map((image) => image.hidden)).toEqual([false, true, true])
    expect(page.body.textContent).toBe('Image not availableImage blocked')
    fillPictures(
      page,
      () => '/again',
      () => undefined,
    )
    expect(page.body.innerHTML).not.toContain('/again')
  })
  it('has its pictures by a key of its own', () =>
    expect(keyActions.filter(({ keys }) => keys.includes('b')).map(({ id }) => id)).toEqual([
      'timeline.pictures',
    ]))
  it('forbids the rest by policy', () => {
    const policy = parse('<p>x</p>').dom.querySelector('meta[http-equiv]')?.getAttribute('content')
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/https?:|\*|script-src/)
  })
  it('shows its own pictures', () => {
    const attachment = {
      id: 9,
      name: 'a.png',
      type: 'image/png',
      size: 1,
      sha256: '',
      inline: true,
      content_id: '<abc@x>',
    }
    const { document } = prepareMail('<img src="cid:abc@x">', [attachment])
    expect(document).toContain('src="/api/v1/attachments/9?inline=1"')
  })
  it('opens links outside, and names the true host of a lying one', () => {
    const { dom } = parse(
      '<a href="https://evil.example/x">www.mybank.example</a> <a href="https://www.ok.example/y">ok.example</a>',
    )
    const [first, second] = dom.querySelectorAll('a')
    expect(first?.rel).toBe('noopener noreferrer')
    expect(first?.target).toBe('_blank')
    expect(first?.nextElementSibling?.textContent).toContain('evil.example')
    expect(second?.nextElementSibling).toBeNull()
  })
  it('folds the quoted history at the end only', () => {
    expect(
      parse('<p>new</p><blockquote>old</blockquote>').dom.querySelector('details blockquote'),
    ).not.toBeNull()
    expect(parse('<blockquote>old</blockquote><p>answer below</p>').dom.querySelector('details')).toBeNull()
    expect(parse('<blockquote>only a quote</blockquote>').dom.querySelector('details')).toBeNull()
  })
})

describe('quoted plain text', () => {
  it('folds what the server has cut off', () => {
    const text = 'Thanks!\n\nOn Mon, 3 Mar 2026 at 10:00, Ben <b@x> wrote:\n> Hello\n> there\n'
    expect(splitQuotes(text, 'Thanks!')).toEqual({
      fresh: 'Thanks!',
      folded: 'On Mon, 3 Mar 2026 at 10:00, Ben <b@x> wrote:\n> Hello\n> there',
    })
    expect(splitQuotes('\r\nHi\r\n-- \r\nAna', 'Hi')).toEqual({ fresh: '\nHi', folded: '-- \nAna' })
  })
  it('folds nothing that the server has left', () => {
    for (const text of [
      'Fault one\n________________________________\nThe lamp is dim.\n\n--\n\nThe bell is gone.',
      '> How many?\nThree.\n> When?\nToday.',
      '> only\n> quotes',
    ])
      for (const reply of [null, '', text])
        expect(splitQuotes(`${text}\n`, reply)).toEqual({ fresh: text, folded: '' })
  })
  it('shows all down to the last new word where lines between them were cut', () => {
    expect(
      splitQuotes(
        'On Monday Ben wrote:\n> How many?\nThree.\n> When?\nToday.\n\n-- \nAna',
        '> How many?\nThree.\n> When?\nToday.',
      ),
    ).toEqual({ fresh: 'On Monday Ben wrote:\n> How many?\nThree.\n> When?\nToday.', folded: '-- \nAna' })
    expect(splitQuotes('other words', 'Three.')).toEqual({ fresh: 'other words', folded: '' })
  })
})

describe('links in plain text', () => {
  it('are cut out without the full stop', () =>
    expect(links('See https://a.example/x. Bye')).toEqual([
      { text: 'See ' },
      { text: 'https://a.example/x', href: 'https://a.example/x' },
      { text: '. Bye' },
    ]))
  it('are only of the web', () =>
    expect(links('javascript:alert(1)')).toEqual([{ text: 'javascript:alert(1)' }]))
})

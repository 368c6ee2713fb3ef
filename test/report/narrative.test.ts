import { expect, test } from 'vitest'
import { shownText } from '../../pipeline/report/clear-text.js'
import { narrativeMarkdown, sentencesOf } from '../../pipeline/report/narrative.js'
import { markdownToHtml } from '../../pipeline/report/templates.js'

test('sentences survive the way through Markdown, whatever is in them', () => {
  const sentences = ['Most went into my_*project* <b>[x](y)</b> & co.', '1. A list? No.', '# Not a heading']
  expect(sentencesOf(narrativeMarkdown(sentences))).toEqual(sentences)
})

test('names in sentences do not become markup', async () => {
  const html = await markdownToHtml(
    narrativeMarkdown(['All of it went into *x* <script>alert(1)</script> `y`.']),
  )
  expect(html).toBe('<p>All of it went into *x* &lt;script&gt;alert(1)&lt;/script&gt; `y`.</p>\n')
})

test('raw HTML, links and pictures in Markdown are only their words', async () => {
  const html = await markdownToHtml('a <i onclick=x>b</i> [c](javascript:alert(1)) ![d](http://e/f.png)')
  expect(html).toBe('<p>a &lt;i onclick=x&gt;b&lt;/i&gt; c d</p>\n')
})

test('shown text is one line of visible characters, at most 280 of them', () => {
  expect(shownText(' a\n\tb \u202Ec\u200Bd\u0007 ')).toBe('a b cd')
  expect(shownText('\u200b')).toBeNull()
  expect([...(shownText('😀'.repeat(400)) ?? '')]).toHaveLength(280)
})

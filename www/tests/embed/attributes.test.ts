import { expect, test } from 'vitest';
import { fragmentOf, isField } from '../../src/embed/attributes.ts';
import { embedCode } from '../../src/embed/code.ts';

const attributes = (of: Record<string, string>) => Object.entries(of).map(([name, value]) => ({ name, value }));

test('attributes are the fields of a link', () => {
  expect(fragmentOf(attributes({ lab: 'convoy', workers: '1,2', 'switch-interval': '2.5', sweep: 'size=1; size=2' }))).toBe(
    '#lab=convoy&workers=1,2&switch-interval=2.5&sweep=size%3D1%3B+size%3D2',
  );
  expect(fragmentOf([])).toBe('#');
});

test.each(['theme', 'id', 'class', 'style', 'hidden', 'spellcheck', 'data-x', 'aria-label', 'onclick', '_ngcontent', ':key', '@click', 'v-on:click'])(
  '%s is no field',
  (name) => expect(isField(name)).toBe(false),
);

test.each(['lab', 'size', 'model', 'start-method', 'colour'])('%s is a field, known or not', (name) => expect(isField(name)).toBe(true));

/** The attributes of the element in the code, as a browser reads them. */
function read(code: string) {
  const [, inside] = /<gilscope-lab ([^>]*)>/.exec(code)!;
  const plain = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return [...inside!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => ({ name: name!, value: plain(value!) }));
}

test('embed code loses nothing of the link that it is made of', () => {
  for (const link of ['#lab=convoy&size=300&model=serial,threads&workers=1,2', '#lab=race&sweep=size%3D1%3B+size%3D2', '#lab=race&x=%22%3Cb%3E%26amp%3B']) {
    expect(fragmentOf(read(embedCode('http://localhost/a/', link, 'Why?')))).toBe(link);
  }
});

test('embed code has the script, the question, and the lab of a link that names none', () => {
  const code = embedCode('http://localhost/a/', '#size=7', 'Is 1 < 2 & "so"?');
  expect(code).toBe(`<script type="module" src="http://localhost/a/gilscope-lab.js"></script>
<gilscope-lab lab="race" size="7">
  <a href="http://localhost/a/#size=7">Is 1 &lt; 2 &amp; &quot;so&quot;?</a>
</gilscope-lab>
`);
});

import { expect, test } from 'vitest';
import { markdown } from '../src/markdown.ts';

/** A template as the text that it makes, with what is put in as it is. */
function text(of: unknown): string {
  if (Array.isArray(of)) return of.map(text).join('');
  if (typeof of !== 'object' || of === null) return `{${String(of)}}`;
  const { strings, values } = of as { strings: string[]; values: unknown[] };
  return strings.map((part, i) => part + (i < values.length ? text(values[i]) : '')).join('');
}

test('paragraphs, code and emphasis become elements, and nothing else does', () => {
  expect(text(markdown('\n\nOne `a*b*`\nand *two*.\n\n  \n**Three** <b> 2 * 3\n'))).toBe(
    '<p>{One }<code>{a*b*}</code>{\nand }<em>{two}</em>{.}</p><p>{}<strong>{Three}</strong>{ <b> 2 * 3}</p>',
  );
});

test('code that goes over a line is one line', () => {
  expect(text(markdown('`a\nb`'))).toContain('<code>{a b}</code>');
});

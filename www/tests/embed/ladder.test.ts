import { expect, test } from 'vitest';
import { ladderInWords, rungOf, type Surroundings } from '../../src/embed/ladder.ts';

const around = (of: Partial<Surroundings> = {}): Surroundings => ({ sandboxed: false, unsharedReason: undefined, isolated: true, hostIsolated: undefined, ...of });
const UNSHARED = { unsharedReason: 'there is no shared memory here', isolated: false };

test.each([
  [around({ hostIsolated: false }), '1'],
  [around({ hostIsolated: true }), '2'],
  [around(), '1 or 2'],
  [around({ ...UNSHARED, hostIsolated: true }), '3'],
  [around(UNSHARED), '3'],
  [around({ ...UNSHARED, sandboxed: true }), '4'],
  [around({ sandboxed: true, hostIsolated: false }), '4'],
] as const)('%o is on rung %s', (of, rung) => expect(rungOf(of)).toBe(rung));

test('where all can run there is nothing to remedy', () => {
  for (const hostIsolated of [true, false, undefined]) {
    const { text, remedy } = ladderInWords(around({ hostIsolated }));
    expect(text).toMatch(/^Everything can run in this frame/);
    expect(remedy).toBe('');
  }
});

test.each([
  ['has its own reason where it is isolated all the same', { ...UNSHARED, isolated: true, hostIsolated: true }, /The reason: there is no shared memory here\./],
  ['lacks what passes the isolation on', { ...UNSHARED, hostIsolated: true }, /lacks allow="cross-origin-isolated"/],
  ['is in a page that is not isolated', { ...UNSHARED, hostIsolated: false }, /The page around it is not isolated.*Cross-Origin-Embedder-Policy/],
])('a frame that cannot share memory %s', (_, of, words) => {
  const { text, remedy } = ladderInWords(around(of));
  expect(text).toMatch(words);
  expect(remedy).toBe('Open the full page to run everything.');
});

test('in a sandbox the remedy names the missing permission', () => {
  const { text, remedy } = ladderInWords(around({ sandboxed: true }));
  expect(text).toMatch(/^Nothing can run/);
  expect(remedy).toMatch(/allow-same-origin/);
});

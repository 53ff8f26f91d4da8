import { expect, test } from 'vitest';
import { compareLink, pageOf, recordedLink, runsOf } from '../src/pages.ts';

test.each([
  ['', 'lab'],
  ['#', 'lab'],
  ['#lab=race&size=7', 'lab'],
  ['#decide', 'decide'],
  ['#decided', 'lab'],
  ['#history', 'history'],
  ['#history=3', 'recorded'],
  ['#glossary', 'glossary'],
  ['#compare', 'compare'],
  ['#compare=1,2', 'compare'],
  ['#compared', 'lab'],
  ['#result=abc', 'recorded'],
  ['#size=7&result=', 'recorded'],
  ['#noresult=abc', 'lab'],
])('the link %s leads to the page %s', (fragment, page) => expect(pageOf(fragment)).toBe(page));

test('a link names the runs that it was made of', () => {
  expect(runsOf(recordedLink(12))).toEqual([12]);
  expect(runsOf(compareLink([3, 1]))).toEqual([3, 1]);
  for (const fragment of ['#compare', '#compare=', '#compare=a', '#compare=1;2', '#history=', '#lab=race']) {
    expect(runsOf(fragment), fragment).toEqual([]);
  }
  expect(runsOf('#compare=1,,2,')).toEqual([1, 2]);
});

import { beforeEach, describe, expect, test, vi } from 'vitest';
import { analysis } from '../src/host/index.ts';
import { apart, resultText, withResult } from '../src/share.ts';
import { report } from './sample.ts';

vi.mock('../src/host/index.ts', () => ({ analysis: vi.fn() }));

/** What the core makes of any report. */
function compacted(text: string): void {
  vi.mocked(analysis).mockResolvedValue({ compactReport: () => text } as never);
}

/** `text` deflated, as a link has it. */
async function packed(text: string): Promise<string> {
  compacted(text);
  return apart(new URL(await withResult('http://localhost/#', report())).hash).result!;
}

beforeEach(() => compacted('{}'));

describe('a link with a result', () => {
  test('brings back the report and the experiment', async () => {
    const text = JSON.stringify({ engine: 'Chromium', letters: 'äé→𝄞', more: 'x'.repeat(5000) });
    compacted(text);
    const link = await withResult('http://localhost/#lab=race&workers=1,2', report());
    const { experiment, result } = apart(new URL(link).hash);
    expect(new URLSearchParams(experiment.slice(1)).get('workers')).toBe('1,2');
    expect(experiment).not.toContain('result');
    expect(await resultText(result!)).toBe(text);
  });

  test('has only letters that a URL takes as they are', async () => {
    // Bytes of every kind.
    const result = await packed(Array.from({ length: 4000 }, (_, i) => String.fromCodePoint(33 + ((i * i * 7919) % 30_000))).join(''));
    expect(result).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(result).toMatch(/-/);
    expect(result).toMatch(/_/);
  });

  test('is refused where it would be cut on its way', async () => {
    let state = 1;
    const noise = Array.from({ length: 60_000 }, () => String.fromCharCode(97 + ((state = (state * 48_271) % 2_147_483_647) % 26))).join('');
    compacted(noise);
    await expect(withResult('http://localhost/#', report())).rejects.toThrow('too long for a link');
  });
});

test('a link without a result is an experiment alone', () => {
  expect(apart('#size=7')).toEqual({ experiment: '#size=7', result: undefined });
  expect(apart('#size=7&result=')).toEqual({ experiment: '#size=7', result: '' });
});

describe('a result that cannot be read', () => {
  test('gives the same error, however it was damaged', async () => {
    const whole = await packed('{"schema": "gilscope.report/9"}');
    for (const result of ['', 'not base64!', 'AAAA', '%', whole.slice(0, -7), `${whole.slice(0, 4)}B${whole.slice(5)}`]) {
      await expect(resultText(result), result).rejects.toThrow('cut off or changed on its way. Ask for the link once more.');
    }
  });

  test('is not text, though it could be unpacked', async () => {
    // A stored block with the one byte 0xff.
    await expect(resultText(btoa('\x01\x01\x00\xfe\xff\xff').replaceAll('/', '_').replaceAll('=', ''))).rejects.toThrow('cut off or changed');
  });

  test('does not fill the memory', async () => {
    expect(await resultText(await packed('0'.repeat(1 << 20)))).toHaveLength(1 << 20);
    const bomb = new Blob(['0'.repeat(2 << 20)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const bytes = new Uint8Array(await new Response(bomb).arrayBuffer());
    const result = btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    await expect(resultText(result)).rejects.toThrow('cut off or changed');
  });

  test('is not even unpacked where it is far too long', async () => {
    await expect(resultText('A'.repeat(32_001))).rejects.toThrow('for it is far too long');
  });
});
